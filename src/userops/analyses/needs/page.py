"""How the workbench shows needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.needs.chart import charted
from userops.analyses.needs.document import Needs
from userops.analyses.needs.table import KINDS, USERS, need_words
from userops.analyses.page import Cells, Fact, Label, Marks, Page, Selection, Teaching
from userops.analyses.table import Table
from userops.words import Words


def selection_of(need: dict[str, Any]) -> Selection:
    selection: Selection = {"kind": need["kind"], "name": need["name"]}
    if need["kind"] == "failure" and need["more"]:
        selection["more"] = need["more"]
    return selection


def _cells(document: Needs, result: dict[str, Any], table: Table) -> Cells:
    return [
        [selection_of(need) if column.name == "users" else None for column in table.columns]
        for need in result["needs"]
    ]


def _marks(document: Needs, result: dict[str, Any], language: str) -> Marks:
    needs = charted(result)
    return {
        words.text(language): [
            selection_of(need) if need["kind"] == kind else None for need in needs
        ]
        for kind, words in KINDS.items()
    }


def _facts(document: Needs, result: dict[str, Any]) -> list[Fact]:
    search = result["search"] or {}
    return [
        Fact(USERS, result["users"], "whole"),
        Fact(
            Words("搜索无结果占比", "Searches without result"), search.get("empty_share"), "share"
        ),
    ]


def _named(document: Needs, result: dict[str, Any], events: Mapping[str, str]) -> dict[str, Any]:
    """With the display names of events."""
    needs = [
        {
            **need,
            "label": None if need["kind"] == "search" else events.get(need["name"]),
            "more_label": events.get(need["more"] or "") if need["kind"] == "exit" else None,
        }
        for need in result["needs"]
    ]
    return {**result, "needs": needs}


def _notes(document: Needs, result: dict[str, Any], label: Label) -> list[Words]:
    if not result["users"]:
        return [
            Words("这群人在日期范围内没有活动。", "Nobody of this group was active in the range.")
        ]
    if not result["needs"]:
        return [Words("没有找到达到最少人数的需求线索。", "No need was found with enough people.")]
    found = []
    for kind, told in _SENTENCES.items():
        need = next((each for each in result["needs"] if each["kind"] == kind), None)
        if need is not None:
            name = need_words(need)
            share = f"{need['share']:.1%}"
            figures = {"users": f"{need['users']:,}", "whole": f"{need['whole']:,}", "share": share}
            found.append(
                Words(
                    told.zh.format(name=name.zh, **figures), told.en.format(name=name.en, **figures)
                )
            )
    return found


_SENTENCES: dict[str, Words] = {
    "search": Words(
        "搜不到最多的是“{name}”：{users} 人，占搜索用户的 {share}（{users}/{whole}）。",
        "What is most looked for in vain is “{name}”: {users} people, {share} of those who searched ({users}/{whole}).",
    ),
    "exit": Words(
        "退出最多的一步是“{name}”：{users} 人，占到达者的 {share}（{users}/{whole}）。",
        "Most leave at “{name}”: {users} people, {share} of those who got there ({users}/{whole}).",
    ),
    "failure": Words(
        "影响最广的失败是“{name}”：{users} 人，占 {share}（{users}/{whole}）。",
        "The failure that meets most is “{name}”: {users} people, {share} ({users}/{whole}).",
    ),
    "gap": Words(
        "留存的人常用、其余的人较少用的是“{name}”：{users} 人没有用过，占 {share}（{users}/{whole}）。",
        "Used by those who stay and less by the rest is “{name}”: {users} people have not used it, {share} "
        "({users}/{whole}).",
    ),
}

PAGE = Page(
    icon="zoom-question",
    front=("range", "group", "steps", "window", "filters"),
    teaching=Teaching(
        Words("看用户想要什么而没有得到", "See what people want and do not get"),
        Words(
            "搜索无结果、流程退出、反复失败和没有用上的功能，各有多少人、占多少，点开就是证据和用户。",
            "Searches without result, exits, failures, features not used: how many people, and the evidence of each.",
        ),
    ),
    words={
        "group": Words("人群（用户条件）", "Group (conditions on users)"),
        "search": Words("搜索（不填则自动识别）", "Search (found if empty)"),
        "search.event": Words("搜索事件", "Event of a search"),
        "search.word": Words("搜索词属性", "Property of the word"),
        "search.results": Words("结果数属性", "Property of the number of results"),
        "steps": Words(
            "主要流程的步骤（不填则自动识别）", "Steps of the main funnel (found if empty)"
        ),
        "window": Words("转化窗口", "Window"),
        "failures": Words("失败事件（不填则自动识别）", "Events of failure (found if empty)"),
        "stayed_days": Words("最近几天仍在才算留存", "Days in which those who stayed came back"),
        "min_support": Words("最少人数", "Least people"),
        "limit": Words("每类最多几条", "Most of each kind"),
    },
    help={"window": Words("如 30m、24h、7d。", "Such as 30m, 24h or 7d.")},
    cells=_cells,
    marks=_marks,
    facts=_facts,
    named=_named,
    notes=_notes,
)
