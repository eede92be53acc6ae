"""How the workbench shows a funnel."""

from __future__ import annotations

from typing import Any

from userops.analyses.funnel.chart import CONVERTED, LOST
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.table import shown
from userops.analyses.page import Cells, Marks, Page, Selection, Teaching
from userops.analyses.table import Table
from userops.words import Words


def _cells(document: FunnelDocument, result: dict[str, Any], table: Table) -> Cells:
    names = [column.name for column in table.columns]
    steps = len(result["steps"])
    if "step" not in names:
        return [[_start_cell(name, point["start"]) for name in names] for point in result["trend"]]
    parts = [None, *(part["breakdown"] for part in result.get("breakdown", ()))]
    return [
        [_step_cell(name, step + 1, part) for name in names]
        for part in parts
        for step in range(steps)
    ]


def _start_cell(column: str, start: str) -> Selection | None:
    name, _, step = column.partition("_")
    return {"step": int(step), "start": start} if name == "step" and step else None


def _step_cell(column: str, step: int, part: dict[str, str] | None) -> Selection | None:
    what = {"users": "converted", "dropped": "dropped"}.get(column)
    if what is None or (what == "dropped" and step == 1):
        return None
    selection: Selection = {"step": step, "what": what}
    return {**selection, "breakdown": part} if part else selection


def _marks(document: FunnelDocument, result: dict[str, Any], language: str) -> Marks:
    steps = range(1, len(result["steps"]) + 1)
    if document.view != "steps":
        return {}
    if result.get("breakdown"):
        return {
            shown(part["breakdown"], language): [
                _step_cell("users", step, part["breakdown"]) for step in steps
            ]
            for part in result["breakdown"]
        }
    return {
        CONVERTED.text(language): [_step_cell("users", step, None) for step in steps],
        LOST.text(language): [_step_cell("dropped", step, None) for step in steps],
    }


def _shares(document: FunnelDocument, result: dict[str, Any]) -> bool:
    return document.view == "trend" or (document.view == "steps" and bool(result.get("breakdown")))


PAGE = Page(
    icon="chart-funnel",
    front=("range", "steps", "window", "breakdown", "filters"),
    starts={"steps": [{"event": ""}, {"event": ""}]},
    teaching=Teaching(
        Words("选择各步骤的事件", "Choose the events of the steps"),
        Words(
            "漏斗展示用户在转化窗口内逐步前进的人数，以及在哪一步流失。先选两个事件，例如“浏览商品”和“支付成功”。",
            "A funnel shows how many users go from step to step within the window, and where they leave. "
            "Start with two events, such as viewing and paying.",
        ),
    ),
    cells=_cells,
    marks=_marks,
    shares=_shares,
    whole=lambda result: len(result["steps"]),
)
