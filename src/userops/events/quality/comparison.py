"""What changed between two reports of the same source."""

from __future__ import annotations

from dataclasses import dataclass

from userops.events.quality.fieldstats import share
from userops.events.quality.report import QualityReport
from userops.words import Words

SHARE_CHANGE = 0.05
"""A share that moves by more than five points is told."""
MEAN_CHANGE = 0.25


@dataclass(frozen=True, slots=True)
class Difference:
    """`before` and `after` are shares from 0 to 1, means, or counts, by `code`."""

    code: str
    subject: str
    before: float | None
    after: float | None
    words: Words


def compare(before: QualityReport, after: QualityReport) -> tuple[Difference, ...]:
    """Columns and events that came or went, shares and means that moved."""
    return (*_rows(before, after), *_events(before, after), *_fields(before, after))


def _rows(before: QualityReport, after: QualityReport) -> list[Difference]:
    found = []
    for code, zh, en in _SHARES:
        was = share(getattr(before, code), before.rows)
        now = share(getattr(after, code), after.rows)
        if abs(now - was) > SHARE_CHANGE:
            words = Words(
                f"{zh}占比由 {was:.1%} 变为 {now:.1%}。",
                f"The share of {en} rows went from {was:.1%} to {now:.1%}.",
            )
            found.append(Difference(f"{code}_share", "", was, now, words))
    return found


_SHARES = (("refused", "拒收行", "refused"), ("repeated", "重复行", "repeated"))


def _events(before: QualityReport, after: QualityReport) -> list[Difference]:
    was, now = dict(before.events), dict(after.events)
    came = [
        Difference(
            "event_new", name, None, now[name], Words(f"新出现事件 {name}。", f"New event {name}.")
        )
        for name in now
        if name not in was
    ]
    went = [
        Difference(
            "event_gone",
            name,
            was[name],
            None,
            Words(f"事件 {name} 不再出现。", f"The event {name} is gone."),
        )
        for name in was
        if name not in now
    ]
    return came + went


def _fields(before: QualityReport, after: QualityReport) -> list[Difference]:
    was = {field.name: field for field in before.fields}
    now = {field.name: field for field in after.fields}
    found = [
        _column("field_new", name, Words(f"新增列 {name}。", f"New column {name}."))
        for name in sorted(now.keys() - was.keys())
    ]
    found += [
        _column("field_gone", name, Words(f"列 {name} 不再出现。", f"The column {name} is gone."))
        for name in sorted(was.keys() - now.keys())
    ]
    for name in sorted(was.keys() & now.keys()):
        one, two = was[name], now[name]
        old, new = share(one.missing, one.rows), share(two.missing, two.rows)
        if abs(new - old) > SHARE_CHANGE:
            words = Words(
                f"{name} 的缺失率由 {old:.1%} 变为 {new:.1%}。",
                f"{name}: missing values went from {old:.1%} to {new:.1%}.",
            )
            found.append(Difference("missing_share", name, old, new, words))
        if one.mean and two.mean and abs(two.mean - one.mean) > MEAN_CHANGE * abs(one.mean):
            words = Words(
                f"{name} 的均值由 {one.mean:,.4g} 变为 {two.mean:,.4g}。",
                f"{name}: the mean went from {one.mean:,.4g} to {two.mean:,.4g}.",
            )
            found.append(Difference("mean", name, one.mean, two.mean, words))
    return found


def _column(code: str, name: str, words: Words) -> Difference:
    return Difference(code, name, None, None, words)
