"""How the workbench shows a stickiness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.page import Cells, Fact, Marks, Page, Selection
from userops.analyses.stickiness.chart import drawn, series_name
from userops.analyses.stickiness.document import Stickiness
from userops.analyses.stickiness.table import AVERAGE, parts_of, rows_per_part
from userops.analyses.table import Column, Table
from userops.words import Words

_DAYS = {"dau": 1, "wau": 7, "mau": 30}


def _cells(document: Stickiness, result: dict[str, Any], table: Table) -> Cells:
    found: Cells = []
    starts = _starts(document, result)
    for group, _ in parts_of(result):
        for place in range(rows_per_part(document, result)):
            start = starts[place] if starts else None
            found.append([_cell(column, place, start, group) for column in table.columns])
    return found


def _starts(document: Stickiness, result: dict[str, Any]) -> list[str]:
    if document.view == "ratio":
        return [each["start"] for each in result["ratio"]["points"]]
    return [each["start"] for each in result.get("periods", [])]


def _whole(result: dict[str, Any]) -> int:
    points = result["ratio"]["points"]
    return len(result.get("exactly") or result.get("periods") or points)


def _cell(column: Column, place: int, start: str | None, group: dict[str, str]) -> Selection | None:
    name, _, number = column.name.partition("_")
    compared = {"comparison": True} if column.name.endswith("_compared") else {}
    selection: Selection | None = None
    if start is None and column.name in ("exactly", "exactly_compared"):
        selection = {"intervals": place + 1}
    elif start is None and column.name in ("at_least", "at_least_compared"):
        selection = {"intervals": place + 1, "at_least": True}
    elif column.name in _DAYS:
        selection = {"start": start, "days": _DAYS[column.name]}
    elif column.name == "users":
        selection = {"start": start, "at_least": True}
    elif name == "exactly" and number.isdigit():
        selection = {"start": start, "intervals": int(number)}
    if selection is None:
        return None
    return {**selection, **compared, **({"breakdown": group} if group else {})}


def _marks(document: Stickiness, result: dict[str, Any], language: str) -> Marks:
    if document.view in ("ratio", "periods"):
        return {}
    exact = {} if document.view == "exactly" else {"at_least": True}
    return {
        series_name(document, group, language): [
            {"intervals": k, **exact, **({"breakdown": group} if group else {})}
            for k in range(1, len(result["exactly"]) + 1)
        ]
        for group, _ in drawn(result)
    }


def _facts(document: Stickiness, result: dict[str, Any]) -> list[Fact]:
    ratio = result["ratio"]
    facts = []
    if "users" in result:
        facts += [
            Fact(Words("活跃用户数", "Active users"), result["users"], "whole"),
            Fact(AVERAGE[document.unit], result["average"]),
        ]
    return [
        *facts,
        Fact(Words("DAU/MAU", "DAU/MAU"), ratio["dau_mau"], "share"),
        Fact(Words("DAU/WAU", "DAU/WAU"), ratio["dau_wau"], "share"),
    ]


def _period_asked(values: Mapping[str, Any]) -> bool:
    return values.get("view") == "periods" or bool(values.get("period"))


PAGE = Page(
    icon="calendar-stats",
    front=("range", "unit", "event", "view", "period", "breakdown", "compare", "filters"),
    starts={"event": "*"},
    words={
        "view.exactly": Words("恰好活跃数", "Exactly so many"),
        "view.at_least": Words("至少活跃数", "At least so many"),
        "view.ratio": Words("DAU/MAU 走势", "DAU/MAU"),
        "view.periods": Words("分周期走势", "By period"),
        "period": Words("周期", "Period"),
        "period.day": Words("天", "day"),
        "period.week": Words("周", "week"),
        "period.month": Words("月", "month"),
        "period.quarter": Words("季度", "quarter"),
        "min_times": Words("区间内至少次数", "Times in an interval, at least"),
    },
    shown_when={("Stickiness", "period"): _period_asked},
    cells=_cells,
    marks=_marks,
    shares=lambda document, result: (
        document.view == "ratio" or (document.view != "periods" and bool(result["breakdown"]))
    ),
    facts=_facts,
    whole=_whole,
)
