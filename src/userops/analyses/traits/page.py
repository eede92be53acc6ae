"""How the workbench shows what sets people apart."""

from __future__ import annotations

from typing import Any

from userops.analyses.page import Cells, Marks, Page, Selection, Teaching
from userops.analyses.table import Table
from userops.analyses.traits.chart import GROUP, REST, SHOWN
from userops.analyses.traits.document import Traits
from userops.analyses.traits.notes import notes
from userops.words import Words

_SELECTABLE = ("event", "event_property", "user_property")


def _selection(row: dict[str, Any], side: str) -> Selection | None:
    if row["kind"] not in _SELECTABLE or row["measure"] != "share":
        return None
    selection: Selection = {"side": side, "kind": row["kind"], "name": row["name"]}
    return selection if row["value"] is None else {**selection, "value": row["value"]}


def _cells(document: Traits, result: dict[str, Any], table: Table) -> Cells:
    return [
        [
            _selection(row, column.name) if column.name in ("group", "rest") else None
            for column in table.columns
        ]
        for row in result["traits"]
    ]


def _marks(document: Traits, result: dict[str, Any], language: str) -> Marks:
    rows = [row for row in result["traits"] if row["telling"] and row["measure"] == "share"][:SHOWN]
    return {
        GROUP.text(language): [_selection(row, "group") for row in rows],
        REST.text(language): [_selection(row, "rest") for row in rows],
    }


PAGE = Page(
    icon="users-minus",
    front=("question", "selection", "range", "against", "other", "filters"),
    teaching=Teaching(
        Words("从一个数字背后的人开始", "Begin with the people behind a number"),
        Words(
            "在任一分析中点开一个数字，在“这个数字背后的人”里选择“他们有何不同”。",
            "Click a number of any analysis and choose “What sets them apart” in the list of its people.",
        ),
    ),
    words={
        "question": Words("问题", "Question"),
        "selection": Words("选中的数字", "Number"),
        "against": Words("与谁比较", "Compared with"),
        "against.others": Words("同期活跃的其他所有人", "Everyone else active in the range"),
        "against.selection": Words("另一个数字背后的人", "The people behind another number"),
        "other": Words("另一个数字", "The other number"),
        "min_support": Words("每个特征的最少人数", "Least people with a trait"),
        "limit": Words("最多列出几个特征", "Most traits listed"),
    },
    shown_when={("Traits", "other"): lambda row: row.get("against") == "selection"},
    cells=_cells,
    marks=_marks,
    notes=notes,
)
