"""How the workbench shows a correlation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.correlation.chart import DID, DRAWN, NOT
from userops.analyses.correlation.describing import CAUTION
from userops.analyses.correlation.document import Correlation
from userops.analyses.page import Cells, Fact, Marks, Page, Selection, Teaching
from userops.analyses.table import Table
from userops.words import Words

_WHO: dict[str, dict[str, bool]] = {
    "did": {"did": True},
    "not": {"did": False},
    "did_reached": {"did": True, "reached": True},
    "not_reached": {"did": False, "reached": True},
}


def _selection(candidate: dict[str, Any], flags: dict[str, bool]) -> Selection:
    found: Selection = {"kind": candidate["kind"], "times": candidate["times"], **flags}
    if candidate["kind"] != "active_days":
        found["name"] = candidate["name"]
    if candidate["kind"] == "property":
        found["value"] = candidate["value"]
    return found


def _cells(document: Correlation, result: dict[str, Any], table: Table) -> Cells:
    return [
        [
            _selection(candidate, _WHO[column.name]) if column.name in _WHO else None
            for column in table.columns
        ]
        for candidate in result["candidates"]
    ]


def _marks(document: Correlation, result: dict[str, Any], language: str) -> Marks:
    strongest = result["candidates"][:DRAWN]
    return {
        words.text(language): [
            _selection(each, {"did": did, "reached": True}) for each in strongest
        ]
        for words, did in ((DID, True), (NOT, False))
    }


def _facts(document: Correlation, result: dict[str, Any]) -> list[Fact]:
    return [
        Fact(Words("用户", "Users"), result["users"], "whole"),
        Fact(Words("达成目标", "Reached the goal"), result["rate"], "share"),
        Fact(Words("显著的行为", "Significant"), result["significant"], "whole"),
        Fact(Words("未满窗口（未计入）", "Not over, left out"), result["unfinished"], "whole"),
    ]


def _named(
    document: Correlation, result: dict[str, Any], events: Mapping[str, str]
) -> dict[str, Any]:
    """Candidate events called by the catalogue's names."""
    candidates = [
        {**each, "label": events[each["name"]]}
        if each["kind"] == "event" and each["name"] in events
        else each
        for each in result["candidates"]
    ]
    return {**result, "candidates": candidates}


PAGE = Page(
    icon="chart-dots",
    front=(
        "range", "start", "early", "early_unit", "goal", "active_days", "properties", "filters",
    ),
    starts={"start": {"event": "*"}, "goal": {"event": "*"}},
    teaching=Teaching(
        Words("选择起始事件和目标", "Choose a start and a goal"),
        Words(
            "比较新用户头几天做过与没做过某事的人，后来达成目标（例如回来）的比例，找出与留存最相关的早期行为。",
            "Compares new users who did something in their first days with those who did not, by how many of "
            "them later reach a goal such as coming back, and ranks what goes with it most.",
        ),
    ),
    words={
        "early": Words("早期窗口长度", "Length of the early window"),
        "early_unit": Words("早期窗口单位", "Unit of the early window"),
        "early_unit.hour": Words("小时", "hours"),
        "early_unit.day": Words("天（24 小时）", "days of 24 hours"),
        "goal": Words("目标", "Goal"),
        "goal.from": Words("从起始后第几期", "From period"),
        "goal.to": Words("到第几期（含）", "To period, included"),
        "goal.unit": Words("每期长度", "Length of a period"),
        "goal.least": Words("至少次数", "At least times"),
        "goal.filters": Words("条件", "Conditions"),
        "events": Words("候选事件（不填为全部）", "Candidate events (all where empty)"),
        "active_days": Words("比较活跃天数", "Compare active days"),
        "properties": Words("比较早期事件的属性", "Compare properties of early events"),
        "max_times": Words("次数阈值最多试到", "Thresholds tried, up to"),
        "min_support": Words("每侧最少人数", "Least users on each side"),
    },
    add={"properties": Words("添加属性", "Add a property")},
    cells=_cells,
    marks=_marks,
    shares=lambda _document, _result: True,
    facts=_facts,
    named=_named,
    notice=CAUTION,
)  # fmt: skip
