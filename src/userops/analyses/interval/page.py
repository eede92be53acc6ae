"""How the workbench shows an interval."""

from __future__ import annotations

from typing import Any

from userops.analyses.interval.chart import MAX_BOXES, MAX_SERIES, drawn, series_name
from userops.analyses.interval.document import Interval
from userops.analyses.interval.table import MEAN, MEDIAN, P90, PAIRS, USERS, parts_of
from userops.analyses.page import Cells, Fact, Marks, Page, Selection, Teaching
from userops.analyses.table import Column, Table
from userops.words import Words


def _rows(document: Interval, result: dict[str, Any]) -> list[Selection]:
    """What names each row of the whole."""
    if document.view == "periods":
        return [{"start": point["start"]} for point in result["points"]]
    if document.view == "histogram":
        return [_bounds(bucket) for bucket in result["histogram"]]
    return [{}]


def _bounds(bucket: dict[str, Any]) -> Selection:
    return {name: bucket[name] for name in ("from", "to") if bucket[name] is not None}


def _cells(document: Interval, result: dict[str, Any], table: Table) -> Cells:
    rows = _rows(document, result)
    return [
        [_cell(column, row, group) for column in table.columns]
        for group, _ in parts_of(result)
        for row in rows
    ]


def _cell(column: Column, row: Selection, group: dict[str, str]) -> Selection | None:
    name = column.name.removesuffix("_compared")
    if name not in ("pairs", "users"):
        return None
    compared = {"comparison": True} if name != column.name else {}
    # without a bound, all of them: a selection is never empty
    return {"from": 0, **row, **({"breakdown": group} if group else {}), **compared}


def _marks(document: Interval, result: dict[str, Any], language: str) -> Marks:
    if document.view == "box":
        groups = [group for group, _ in drawn(result, MAX_BOXES)]
        name = series_name(document, {}, language)
        return {name: [{"from": 0, **({"breakdown": each} if each else {})} for each in groups]}
    rows = _rows(document, result)
    return {
        series_name(document, group, language): [
            {"from": 0, **row, **({"breakdown": group} if group else {})} for row in rows
        ]
        for group, _ in drawn(result, MAX_SERIES)
    }


def _facts(_document: Interval, result: dict[str, Any]) -> list[Fact]:
    return [
        Fact(each.words, result[each.name], each.type) for each in (PAIRS, USERS, MEDIAN, MEAN, P90)
    ]


PAGE = Page(
    icon="clock",
    front=(
        "range", "start", "end", "within", "view", "unit", "breakdown", "compare", "filters",
    ),
    starts={"start": {"event": ""}, "end": {"event": ""}},
    teaching=Teaching(
        Words("选择起始事件和结束事件", "Choose a start and an end event"),
        Words(
            "间隔分析展示从起始事件到结束事件要多久，例如从“加入购物车”到“支付成功”。两个事件可以相同，例如两次支付之间。",
            "The interval is the time from one event to the next other one, such as from adding to the cart to "
            "paying. Both may be the same, such as from one payment to the next.",
        ),
    ),
    words={
        "end": Words("结束事件", "End event"),
        "end.filters": Words("条件", "Conditions"),
        "within": Words("间隔上限", "Upper limit"),
        "chained": Words("结束事件可作为下一对的起始", "An end may start the next pair"),
        "view.box": Words("箱线图", "Box plot"),
        "view.histogram": Words("直方图", "Histogram"),
        "view.periods": Words("分周期走势", "By period"),
    },
    help={"within": Words("30m、24h、7d 等", "30m, 24h, 7d …")},
    placeholders={"within": "7d"},
    suggestions={"within": ("30m", "1h", "24h", "3d", "7d", "14d", "30d", "90d")},
    cells=_cells,
    marks=_marks,
    facts=_facts,
    whole=lambda result: len(result.get("points") or result.get("histogram") or [0]),
)  # fmt: skip
