"""Where a figure moved that is outside its bounds: the question of its change, and what that tells in a
sentence. Never why."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from userops.alerts.models import Alert, Base, Kind
from userops.alerts.reading import trend_of
from userops.analyses.answering import Source, answer, parse
from userops.analyses.breakdown import REST, names_of
from userops.analyses.change.notes import where
from userops.analyses.registry import BY_KIND
from userops.analyses.trend.document import Trend
from userops.errors import UserOpsError
from userops.insights.builder.choices import Choices
from userops.insights.builder.question import address_of
from userops.query.dates import Unit, add_units, start_of
from userops.query.steps import OTHERS
from userops.words import Words

log = logging.getLogger("userops.alerts")
WEEK = timedelta(days=7)


def change_of(alert: Alert, period: str) -> dict[str, Any] | None:
    """The question where the figure of a period (its key) moved; None where it does not divide.

    The base is the period that the alert compares with; of a day that has no such, the same weekday before.
    """
    trend = trend_of(alert.analysis.document)
    if trend.unit == "hour":
        return None
    filters = _of_line(trend, alert.breakdown)
    if filters is None:
        return None
    first = date.fromisoformat(period[:10])
    last = add_units(start_of(first, trend.unit), 1, trend.unit) - timedelta(days=1)
    question = trend.as_json() | {"breakdown": [], "compare": None}
    question["filters"] = [*question.get("filters", ()), *filters]
    whole = {
        "kind": "change",
        "product": alert.product.slug,
        "range": {"from": first.isoformat(), "to": last.isoformat()},
        "question": {name: value for name, value in question.items() if value is not None},
        **_base(alert, trend.unit, first),
    }
    figures = BY_KIND["trend"].explaining
    assert figures is not None
    name = _name(trend, alert.series)
    if name not in [each.name for each in figures.figures(trend)]:
        return None
    return {**whole, "figure": name}


def _name(trend: Trend, index: int) -> str:
    """As a change names the figure of a trend."""
    series = len(trend.series)
    return chr(ord("A") + index) if index < series else f"formula_{index - series + 1}"


def _base(alert: Alert, unit: Unit, first: date) -> dict[str, str]:
    previous = alert.kind == Kind.THRESHOLD and alert.base == Base.PREVIOUS
    compares = alert.rule in ("rise", "fall", "change")
    if unit != "day" or (previous and compares):
        return {"compare": "previous_period"}
    return {"compare": "chosen", "base_from": (first - WEEK).isoformat()}


def _of_line(trend: Trend, line: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """The value of the breakdown that is watched, as filters; None for all others together."""
    if not line:
        return []
    if OTHERS in line.values() or REST in line.values():
        return None
    return [
        {"property": each.property, "of": each.of, "op": "not_set"}
        if line[name] == ""
        else {"property": each.property, "of": each.of, "op": "is", "value": line[name]}
        for name, each in zip(names_of(trend.breakdown), trend.breakdown, strict=True)
        if name in line
    ]


def address(alert: Alert, period: str) -> str:
    """The page that says where it moved; empty where there is none."""
    try:
        asked = change_of(alert, period)
    except UserOpsError:  # the trend is not what it was
        return ""
    return address_of(asked) if asked else ""


def places(alert: Alert, period: str, source: Source) -> Words | None:
    """Where it moved most, in a sentence; None where nothing stands out, or nothing can be said."""
    try:
        asked = change_of(alert, period)
        if asked is None:
            return None
        parse(asked)
        found = answer(asked, source, asker=f"alert-{alert.pk}")
    except UserOpsError as wrong:
        log.info("alert %s: its change cannot be asked: %s", alert.pk, wrong)
        return None
    except Exception:
        # the alarm itself matters more than what it adds
        log.exception("alert %s: its change failed", alert.pk)
        return None
    zh, en = (
        where(found.result, Choices(alert.product, language).property_label)
        for language in ("zh", "en")
    )
    return Words(zh[0].zh, en[0].en) if zh else None
