"""How the workbench shows an RFM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.page import Cells, Fact, Label, Marks, Page, Selection, Teaching
from userops.analyses.pricing import money_type
from userops.analyses.rfm.document import USUAL_DAYS, USUAL_ORDER, Rfm
from userops.analyses.rfm.groups import ABSENT, LABELS, NAMES, STRATEGIES
from userops.analyses.rfm.table import SHARE, USERS, VALUE, VALUE_SHARE
from userops.analyses.table import Table
from userops.words import Words


def _cells(document: Rfm, result: dict[str, Any], table: Table) -> Cells:
    names = [column.name for column in table.columns]
    if document.view == "movement":
        return [[_move(column, name) for column in names] for name in (*NAMES, ABSENT)]
    if document.view == "matrix":
        return [
            [_pair(cell) if column == "users" else None for column in names]
            for cell in result["matrix"]
        ]
    return [[{"group": name} if column == "users" else None for column in names] for name in NAMES]


def _move(column: str, group: str) -> Selection | None:
    came, _, origin = column.partition("_")
    if came == "from":
        return {"from": origin, "to": group}
    return {"group": group} if column == "now" and group != ABSENT else None


def _pair(cell: dict[str, Any]) -> Selection:
    return {"recency": cell["recency"], "frequency": cell["frequency"]}


def _marks(document: Rfm, result: dict[str, Any], language: str) -> Marks:
    if document.view == "matrix":
        return {USERS.text(language): [_pair(cell) for cell in result["matrix"]]}
    if document.view == "movement":
        return {}
    groups: list[Selection | None] = [{"group": name} for name in NAMES]
    return {words.text(language): groups for words in (SHARE, VALUE_SHARE)}


def _facts(document: Rfm, result: dict[str, Any]) -> list[Fact]:
    core = result["groups"][0]
    return [
        Fact(USERS, result["users"], "whole"),
        Fact(VALUE, result["value"], money_type(result)),
        Fact(
            Words("重要价值用户的金额占比", "Value from key · core users"),
            core["value_share"],
            "share",
        ),
    ]


_TOLD = 3


def _notes(document: Rfm, result: dict[str, Any], label: Label) -> list[Words]:
    """What to do with the groups that bring most: the table has it for all, at its far end."""
    if document.view != "groups" or not result["value"] or result["value"] < 0:
        return []
    paying = [each for each in result["groups"] if each["users"]]
    leading = sorted(paying, key=lambda each: -(each["value_share"] or 0))[:_TOLD]
    return [_advice(each) for each in leading]


def _advice(group: dict[str, Any]) -> Words:
    words, todo = LABELS[group["group"]], STRATEGIES[group["group"]]
    users, share = f"{group['users']:,}", f"{group['value_share'] or 0:.1%}"
    return Words(
        f"{words.zh}：{users} 人，占金额 {share}。{todo.zh}。",
        f"{words.en}: {users} users, {share} of the value. {todo.en}.",
    )


def _order_asked(fields: Mapping[str, Any]) -> bool:
    """Also where another property than the usual one is named, so that it is never lost."""
    usual: tuple[Any, ...] = (None, "", {}, {"property": ""}, {"property": USUAL_ORDER})
    return fields.get("frequency") == "orders" or fields.get("order_id") not in usual


def _days_asked(fields: Mapping[str, Any]) -> bool:
    usual = (None, "", USUAL_DAYS, str(USUAL_DAYS))
    return fields.get("view") == "movement" or fields.get("movement_days") not in usual


PAGE = Page(
    icon="layout-grid",
    front=(
        "range",
        "event",
        "monetary",
        "frequency",
        "order_id",
        "view",
        "movement_days",
        "filters",
    ),
    starts={"event": ""},
    teaching=Teaching(
        Words("选择代表购买的事件", "Choose the event that is a purchase"),
        Words(
            "RFM 按最近一次购买（R）、购买频次（F）和购买金额（M）给用户打分，分成八组，每组附人数、金额和建议策略。"
            "先选事件，例如“支付成功”。",
            "RFM scores users by their last purchase (R), how often they buy (F) and for how much (M), and "
            "tells eight groups apart, each with its size, value and a suggested strategy. Start with the "
            "event of a purchase, such as a payment.",
        ),
    ),
    words={
        "monetary": Words("金额（M）", "Monetary value (M)"),
        "monetary.property": Words("求和的属性", "Sum of property"),
        "frequency": Words("频次（F）", "Frequency (F)"),
        "frequency.times": Words("发生次数", "Times"),
        "frequency.days": Words("发生天数", "Days"),
        "frequency.orders": Words("订单数（按编号去重）", "Orders (distinct ids)"),
        "order_id": Words("订单", "Order"),
        "order_id.property": Words("订单编号属性", "Property that holds the order’s id"),
        "scores": Words("分位数打分的档数", "Number of scores by quantiles"),
        "cuts": Words("自定分割点（不填则按分位数）", "Given cut points (quantiles where empty)"),
        "cuts.recency": Words("R：天数", "R: days"),
        "cuts.frequency": Words("F：频次", "F: frequency"),
        "cuts.monetary": Words("M：金额", "M: monetary value"),
        "high": Words("“高”指", "High means"),
        "high.middle": Words("得分高于量表中点", "above the middle of the scale"),
        "high.mean": Words("得分高于平均分", "above the mean score"),
        "view.groups": Words("八个分组", "The eight groups"),
        "view.matrix": Words("R × F 矩阵", "R × F matrix"),
        "view.movement": Words("分组变动", "Movement between groups"),
        "movement_days": Words("与多少天前相比", "Compared with so many days earlier"),
    },
    shown_when={
        ("Rfm", "order_id"): _order_asked,
        ("Rfm", "movement_days"): _days_asked,
    },
    cells=_cells,
    marks=_marks,
    shares=lambda document, _result: document.view == "groups",
    facts=_facts,
    notes=_notes,
)
