"""The words of rules: what can happen, which fields can be asked, what can be done. Pure: one table each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from userops.words import Words

Kind = Literal["choice", "branch", "row", "set", "flag", "word", "text", "number"]


@dataclass(frozen=True, slots=True)
class CauseKind:
    """Something that a rule waits for. `phrase` stands after 当 and “When”; `timed`: needs hours."""

    words: Words
    phrase: Words
    timed: bool = False


CAUSES: dict[str, CauseKind] = {
    "opened": CauseKind(
        Words("工单新建", "A ticket is opened"), Words("新建工单", "a ticket is opened")
    ),
    "received": CauseKind(
        Words("用户再次留言", "The user writes again"),
        Words("用户再次留言", "the user writes again"),
    ),
    "read": CauseKind(
        Words("系统读完首条内容", "The first words have been read"),
        Words("系统读完首条内容", "the first words have been read"),
    ),
    "status": CauseKind(
        Words("状态变化", "The status changes"), Words("状态变化", "the status changes")
    ),
    "category": CauseKind(
        Words("分类变化", "The category changes"), Words("分类变化", "the category changes")
    ),
    "severity": CauseKind(
        Words("严重程度变化", "The severity changes"),
        Words("严重程度变化", "the severity changes"),
    ),
    "owner": CauseKind(
        Words("处理人变化", "The owner changes"), Words("处理人变化", "the owner changes")
    ),
    "handed_over": CauseKind(
        Words("转交团队", "It is handed over"), Words("转交给某个团队", "it is handed over")
    ),
    "warned": CauseKind(
        Words("时限预警", "A deadline warns"), Words("时限预警", "a deadline warns")
    ),
    "late": CauseKind(
        Words("时限已过", "A deadline passes"), Words("时限已过", "a deadline passes")
    ),
    "rated": CauseKind(
        Words("用户评价", "The user rates it"), Words("用户作出评价", "the user rates it")
    ),
    "unanswered": CauseKind(
        Words("久未回复用户", "The user has no answer for long"),
        Words("用户等待回复满", "the user has had no answer for"),
        timed=True,
    ),
    "waiting": CauseKind(
        Words("用户久未补充", "The user says nothing for long"),
        Words("等待用户补充满", "the user has been waited for since"),
        timed=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Field:
    """What a condition can ask of a ticket. `causes`: when it has a value at all; nothing: always."""

    words: Words
    kind: Kind
    causes: tuple[str, ...] = ()


FIELDS: dict[str, Field] = {
    "category": Field(Words("分类（含下级）", "Category, with all below"), "branch"),
    "severity": Field(Words("严重程度", "Severity"), "choice"),
    "status": Field(Words("状态", "Status"), "choice"),
    "before": Field(Words("原状态", "Status before"), "choice", ("status",)),
    "sentiment": Field(Words("情感", "Sentiment"), "choice"),
    "complaint": Field(Words("投诉", "Complaint"), "flag"),
    "text": Field(Words("标题与首条内容", "Subject and first words"), "text"),
    "message": Field(Words("这条留言", "These words"), "text", ("opened", "received")),
    "channel": Field(Words("渠道", "Channel"), "choice"),
    "language": Field(Words("语言", "Language"), "word"),
    "tier": Field(Words("客户等级", "Customer tier"), "word"),
    "area": Field(Words("产品模块", "Product area"), "word"),
    "app_version": Field(Words("应用版本", "App version"), "word"),
    "team": Field(Words("团队", "Team"), "row"),
    "owner": Field(Words("处理人", "Owner"), "row"),
    "contact": Field(Words("留有联系方式", "Left an e-mail or phone"), "flag"),
    "known": Field(Words("是已知用户", "Is a known user"), "flag"),
    "segments": Field(Words("用户分群", "Segment of the user"), "set"),
    "tags": Field(Words("用户标签", "Tag of the user"), "set"),
    "hours": Field(Words("工作时间", "Working time"), "set"),
    "clock": Field(Words("哪个时限", "Which deadline"), "choice", ("warned", "late")),
    "rating": Field(Words("评分（1–5）", "Rating (1 to 5)"), "number", ("rated",)),
}
UNREAD = ("language", "sentiment")
"""Known only once the words have been read: not while a ticket is opened."""

TESTS_OF: dict[Kind, tuple[str, ...]] = {
    "choice": ("in", "not_in"),
    "branch": ("in", "not_in", "none", "some"),
    "row": ("in", "not_in", "none", "some"),
    "set": ("in", "not_in"),
    "flag": ("yes", "no"),
    "word": ("is", "is_not", "none", "some"),
    "text": ("contains", "lacks"),
    "number": ("at_most", "at_least"),
}
BARE = ("none", "some", "yes", "no")
"""Tests without values."""
TEST_WORDS: dict[str, Words] = {
    "in": Words("是", "is"),
    "not_in": Words("不是", "is not"),
    "is": Words("是", "is"),
    "is_not": Words("不是", "is not"),
    "contains": Words("包含", "contains"),
    "lacks": Words("不包含", "does not contain"),
    "none": Words("为空", "is empty"),
    "some": Words("不为空", "is not empty"),
    "yes": Words("为“是”", "is yes"),
    "no": Words("为“否”", "is no"),
    "at_most": Words("不高于", "is at most"),
    "at_least": Words("不低于", "is at least"),
}
CLOCKS: dict[str, Words] = {
    "first": Words("首次响应", "First response"),
    "next": Words("后续响应", "Next response"),
    "resolution": Words("解决", "Resolution"),
    "team": Words("转交处理", "Handed over"),
}


@dataclass(frozen=True, slots=True)
class DeedKind:
    """Something that a rule does. `value`: of which kind; `text`: whether words go with it."""

    words: Words
    value: Literal[
        "",
        "category",
        "severity",
        "status",
        "team",
        "owner",
        "area",
        "number",
        "macro",
        "requirement",
    ]
    text: bool = False


DEEDS: dict[str, DeedKind] = {
    "severity": DeedKind(Words("严重程度改为", "Set the severity to"), "severity"),
    "category": DeedKind(Words("分类改为", "Set the category to"), "category"),
    "team": DeedKind(Words("团队改为", "Set the team to"), "team"),
    "owner": DeedKind(Words("处理人改为", "Set the owner to"), "owner"),
    "status": DeedKind(Words("状态改为", "Set the status to"), "status"),
    "area": DeedKind(Words("产品模块改为", "Set the product area to"), "area"),
    "complaint": DeedKind(Words("标为投诉", "Mark as a complaint"), ""),
    "hand_over": DeedKind(Words("转交给", "Hand over to"), "team", text=True),
    "relate": DeedKind(Words("关联工单", "Relate to ticket"), "number"),
    "requirement": DeedKind(Words("关联需求", "Link to requirement"), "requirement"),
    "answer": DeedKind(Words("回复用户", "Answer the user"), "", text=True),
    "macro": DeedKind(Words("执行回复或宏", "Run the reply or macro"), "macro"),
    "note": DeedKind(Words("写备注", "Write a note"), "", text=True),
    "tell": DeedKind(Words("通知", "Tell"), ""),
    "stop": DeedKind(Words("不再执行后面的规则", "Try no further rules"), ""),
}
