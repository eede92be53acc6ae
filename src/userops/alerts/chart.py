"""The series of an alert as an ECharts option: its line, the band, the points outside."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from userops.alerts.judging import Judgement, Verdict, first_activity
from userops.alerts.messages import figure
from userops.alerts.models import Check
from userops.alerts.reading import Reading
from userops.annotations.marks import annotated
from userops.events.models import Product
from userops.query.dates import short_label

SHOWN = {"hour": 24 * 14, "day": 84, "week": 60, "month": 36}


def chart(
    reading: Reading, judgement: Judgement, product: Product, language: str
) -> dict[str, Any] | None:
    """Nothing when no period is finished."""
    begun = first_activity(reading)
    shown = min(SHOWN.get(reading.unit, 24), len(reading.periods) - begun)
    periods = reading.periods[-shown:] if shown > 0 else ()
    if not periods:
        return None
    verdicts = {each.period.begin: each for each in judgement.verdicts}
    rows = [verdicts.get(each.begin) for each in periods]
    values = reading.values[-shown:]
    out = [
        value if row and row.outcome == Check.Outcome.OUTSIDE else None
        for row, value in zip(rows, values, strict=True)
    ]
    name = reading.words.text(language)
    option: dict[str, Any] = {
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": [short_label(each.key(), reading.unit) for each in periods],
            "boundaryGap": False,
        },
        "yAxis": {"type": "value"},
        "series": [
            {"id": "0", "name": name, "type": "line", "data": list(values)},
            *_bounds([row.low if row else None for row in rows], [row.high if row else None for row in rows]),
            {"id": "outside", "name": _("Outside"), "type": "scatter", "symbolSize": 9, "data": out,
             "userops": {"tone": "bad"}},
        ],
    }  # fmt: skip
    if any(row and row.low is not None and row.high is not None for row in rows):
        texts = [_range(row) for row in rows]
        option["userops"] = {"rows": [{"name": _("Expected range"), "texts": texts}]}
    first = periods[0].start
    return annotated(option, product, getattr(first, "date", lambda: first)(), reading.unit)


def _range(row: Verdict | None) -> str:
    """For the tooltip."""
    if row is None or row.low is None or row.high is None:
        return ""
    return f"{figure(row.low)} – {figure(row.high)}"


def _bounds(low: list[float | None], high: list[float | None]) -> list[dict[str, Any]]:
    """A band where there are both ends, a dashed line for a lone one."""
    has_low, has_high = (any(each is not None for each in side) for side in (low, high))
    if has_low and has_high:
        return _band(low, high)
    ends = ((has_low, low, _("Lower bound")), (has_high, high, _("Upper bound")))
    return [
        {
            "id": "0:bound",
            "name": name,
            "type": "line",
            "step": False,
            "showSymbol": False,
            "data": side,
            "lineStyle": {"type": "dashed", "width": 1},
        }
        for there, side, name in ends
        if there
    ]


def _band(low: list[float | None], high: list[float | None]) -> list[dict[str, Any]]:
    """An unseen base and the band that stands on it; the words of the tooltip are lines of their own."""
    common = {
        "type": "line",
        "stack": "band",
        "stackStrategy": "all",
        "symbol": "none",
        "silent": True,
        "lineStyle": {"opacity": 0},
    }
    width = [None if a is None or b is None else b - a for a, b in zip(low, high, strict=True)]
    return [
        {**common, "data": low},
        {**common, "name": _("Expected range"), "data": width, "areaStyle": {"opacity": 0.15}},
    ]
