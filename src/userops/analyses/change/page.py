"""How the workbench shows a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from userops.analyses.change.document import Change
from userops.analyses.change.notes import notes
from userops.analyses.change.segments import OVERLAP
from userops.analyses.page import Cells, Page, Selection, Teaching
from userops.analyses.table import Table
from userops.query.steps import OTHERS
from userops.words import Words

_PERIODS = {
    "base": ("base", 0),
    "now": ("now", 0),
    "base_below": ("base", 1),
    "now_below": ("now", 1),
}


def _cells(document: Change, result: dict[str, Any], table: Table) -> Cells:
    """The whole in the first row, then factors, of which nobody is behind, then values."""
    columns = [column.name for column in table.columns]
    places: list[Selection | None] = [{}, *([None] * len(result["factors"]))]
    for each in result["dimensions"]:
        places += [_place(each, row["value"]) for row in each["values"]]
    if document.chosen().product:
        places = [None] * len(places)
    return [[_cell(name, place) for name in columns] for place in places]


def _place(each: dict[str, Any], value: str) -> Selection | None:
    if value in (OTHERS, OVERLAP):
        return None
    return {"property": each["property"], "of": each["of"], "value": value}


def _cell(column: str, place: Selection | None) -> Selection | None:
    if place is None or column not in _PERIODS:
        return None
    period, part = _PERIODS[column]
    return {"period": period, "part": part, **place}


def figure_options(document: type[Change], given: Mapping[str, Any]) -> list[tuple[str, Words]]:
    """The figures of the question that is written in a form."""
    try:
        asked = document.model_validate({"product": "any", "question": given.get("question")})
    except ValidationError:
        return []
    return [(figure.name, figure.words) for figure in asked.figures()]


PAGE = Page(
    icon="arrows-diff",
    front=("question", "figure", "range", "compare", "base_from", "breakdown", "filters"),
    starts={"question": {"kind": "trend", "series": [{"event": "*", "measure": "users"}]}},
    teaching=Teaching(
        Words("从一个变化了的数字开始", "Begin with a number that moved"),
        Words(
            "打开趋势、漏斗或留存，在结果的菜单中选择“拆解变化”，这里就会显示变化出现在哪些人群。",
            "Open a trend, funnel or retention and choose “Explain this change” from the menu of its answer: "
            "here you see in which groups the figure moved.",
        ),
    ),
    words={
        "question": Words("问题", "Question"),
        "figure": Words("数字", "Figure"),
        "compare.same_weekdays": Words(
            "往前整周（星期相同）", "Same weekdays, whole weeks earlier"
        ),
        "compare.chosen": Words("从选定的日期开始", "From a chosen day"),
        "base_from": Words("基期第一天", "First day of the base"),
        "standing": Words("一个人有多个取值时", "A person with several values"),
        "standing.first": Words("计在首个事件的取值下", "stands at the first event's value"),
        "standing.last": Words("计在最后一个事件的取值下", "stands at the last event's value"),
        "standing.every": Words("每个取值都计", "counts at every value"),
        "top": Words("每个属性列出的取值数", "Values told apart of each property"),
        "min_size": Words("单独列出所需的最少数量", "Least size to be told apart"),
    },
    help={"base_from": Words("与本期等长", "As long as the range")},
    shown_when={("Change", "base_from"): lambda row: row.get("compare") == "chosen"},
    cells=_cells,
    notes=notes,
    whole=lambda _result: 1,
)
