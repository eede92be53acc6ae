"""A correlation as rows: one per candidate, the strongest first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from userops.analyses.correlation.document import Correlation
from userops.analyses.table import Column, Table
from userops.events.fields import BY_NAME
from userops.words import Words

KINDS: dict[str, Words] = {
    "event": Words("事件", "Event"),
    "active_days": Words("活跃天数", "Active days"),
    "property": Words("属性", "Property"),
}

COLUMNS = (
    Column("kind", Words("类型", "Kind"), labels=KINDS),
    Column("candidate", Words("早期行为", "Early behaviour")),
    Column("times", Words("至少次数", "At least")),
    Column("phi", Words("相关 φ", "Correlation φ"), "number"),
    Column("did", Words("做过人数", "Users who did"), "whole"),
    Column("did_rate", Words("做过者达成率", "Rate of those who did"), "share"),
    Column("not", Words("没做过人数", "Users who did not"), "whole"),
    Column("not_rate", Words("没做过者达成率", "Rate of the others"), "share"),
    Column("difference", Words("差", "Difference"), "points"),
    Column("difference_low", Words("差的 95% 下限", "Difference, low"), "points"),
    Column("difference_high", Words("差的 95% 上限", "Difference, high"), "points"),
    Column("lift", Words("倍数", "Lift"), "number"),
    Column("q", Words("q 值", "q")),
    Column("significant", Words("显著", "Significant")),
    Column("did_reached", Words("做过且达成", "Did and reached"), "whole"),
    Column("not_reached", Words("没做过但达成", "Did not, reached"), "whole"),
)


def table(document: Correlation, result: dict[str, Any]) -> Table:
    called = {named(each): candidate_name(each) for each in result["candidates"]}
    columns = [
        replace(column, labels=called) if column.name == "candidate" else column
        for column in COLUMNS
    ]
    return Table(tuple(columns), [_row(each) for each in result["candidates"]])


def _row(candidate: dict[str, Any]) -> tuple[Any, ...]:
    low, high = candidate["difference_interval"] or (None, None)
    shown = {
        **candidate,
        "candidate": named(candidate),
        "times": None if candidate["kind"] == "property" else str(candidate["times"]),
        "difference_low": low,
        "difference_high": high,
        "q": written(candidate["q"]),
    }
    return tuple(shown[column.name] for column in COLUMNS)


def named(candidate: dict[str, Any]) -> str:
    """`add_to_cart`, `channel = 抖音`, or `active_days`: what programs read."""
    if candidate["kind"] == "property":
        return f"{candidate['name']} = {candidate['value']}"
    return str(candidate.get("label") or candidate["name"] or candidate["kind"])


def candidate_name(candidate: dict[str, Any]) -> Words:
    """The same as people read it; standard properties have names in both languages."""
    if candidate["kind"] == "active_days":
        return KINDS["active_days"]
    field = BY_NAME.get(candidate["name"])
    if candidate["kind"] == "property" and field is not None:
        value = candidate["value"]
        return Words(f"{field.words.zh} = {value}", f"{field.words.en} = {value}")
    return Words(named(candidate), named(candidate))


def written(q: float) -> str:
    """A small q as people write it."""
    return "< 0.0001" if q < 0.0001 else f"{q:.4f}"


def candidate_words(candidate: dict[str, Any]) -> Words:
    """`add_to_cart ≥ 3`, as a chart names it."""
    name = candidate_name(candidate)
    if candidate["kind"] == "property":
        return name
    return Words(f"{name.zh} ≥ {candidate['times']}", f"{name.en} ≥ {candidate['times']}")
