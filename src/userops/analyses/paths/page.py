"""How the workbench shows paths."""

from __future__ import annotations

from typing import Any

from userops.analyses.page import Cells, Marks, Page, Selection, Teaching
from userops.analyses.paths.chart import MOVES, Mark, link_marks, node_marks
from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.labels import named
from userops.analyses.paths.table import count_words, flowing
from userops.analyses.table import Table
from userops.words import Words


def _of_mark(mark: Mark) -> Selection:
    step, node, to = mark
    parts = {"step": step, "node": node, "to": to}
    return {name: value for name, value in parts.items() if value != ""}


def _of_way(way: dict[str, Any]) -> Selection:
    return {"way": way["nodes"], "continued": way["continued"]}


def _of_cell(cell: dict[str, Any]) -> Selection:
    return {"from": cell["from"], "to": cell["to"]}


def _selections(document: PathsDocument, result: dict[str, Any]) -> list[Selection]:
    """One for each row of the table."""
    if "matrix" in result:
        return [_of_cell(cell) for cell in result["matrix"]["cells"]]
    if document.view == "common":
        return [_of_way(way) for way in result["common"]]
    return [_of_mark((step, node, to)) for step, node, to, _count, _share in flowing(result)]


def _cells(document: PathsDocument, result: dict[str, Any], table: Table) -> Cells:
    return [
        [selection if column.name == "count" else None for column in table.columns]
        for selection in _selections(document, result)
    ]


def _marks(document: PathsDocument, result: dict[str, Any], language: str) -> Marks:
    if "matrix" in result:
        return {MOVES.text(language): [*_selections(document, result)]}
    name = count_words(document).text(language)
    if document.view == "common":
        return {name: [*_selections(document, result)]}
    return {
        name: [_of_mark(mark) for mark in node_marks(document, result)],
        f"{name}:edge": [_of_mark(mark) for mark in link_marks(document, result)],
    }


PAGE = Page(
    icon="route",
    front=("range", "view", "start", "end", "events", "max_steps", "within", "span", "filters"),
    starts={"events": [{"event": "*"}]},
    teaching=Teaching(
        Words("选择路径中的事件", "Choose the events of the paths"),
        Words(
            "路径展示用户从哪里来、接着去哪里、在哪里离开。可以只看从某个事件出发、到某个事件为止，或两者之间。",
            "Paths show where people come from, where they go next and where they leave: from an event on, "
            "up to one, or between two.",
        ),
    ),
    words={
        "events": Words("节点", "Nodes"),
        "events.filters": Words("条件", "Conditions"),
        "events.property": Words("按属性值区分", "Told apart by property"),
        "exclude": Words("不算节点的事件", "Events left out"),
        "exclude.filters": Words("条件", "Conditions"),
        "end": Words("终点事件", "End event"),
        "end.filters": Words("条件", "Conditions"),
        "within": Words("路径范围", "A path lies within"),
        "within.session": Words("一次会话", "One session"),
        "within.window": Words("一段时间", "A span of time"),
        "span": Words("时间长度", "Span of time"),
        "max_steps": Words("步数", "Steps shown"),
        "collapse": Words("重复与回路", "Repeats and loops"),
        "collapse.repeats": Words("连续重复算一步", "A repeat in a row is one step"),
        "collapse.loops": Words("略去回路", "Loops are left out"),
        "collapse.none": Words("全部保留", "All are kept"),
        "count.paths": Words("路径", "Paths"),
        "top": Words("每步保留的节点数", "Nodes told apart per step"),
        "min_share": Words("最低占比", "Least share of a node"),
        "view.flow": Words("流向图", "Flow"),
        "view.common": Words("最常见的路径", "Most frequent paths"),
        "view.matrix": Words("转移矩阵", "Transition matrix"),
    },
    help={
        "events.property": Words(
            "例如按“页面”区分浏览事件；不选则按事件名称。",
            "Such as the page of page views; without it nodes are events.",
        ),
        "min_share": Words(
            "0 到 1 之间，例如 0.01；不足的并入“其他”。",
            "From 0 to 1, such as 0.01; smaller ones become “others”.",
        ),
        "span": Words("30m、24h 或 7d", "30m, 24h or 7d"),
    },
    placeholders={"span": "1d"},
    suggestions={"span": ("30m", "1h", "6h", "1d", "3d", "7d", "30d")},
    add={
        "events": Words("添加节点", "Add a node"),
        "exclude": Words("添加要去掉的事件", "Add an event to leave out"),
    },
    shown_when={
        ("PathsDocument", "span"): lambda row: str(row.get("within") or "session") == "window",
    },
    cells=_cells,
    marks=_marks,
    named=named,
)
