"""How the workbench shows personas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.page import Cells, Fact, Marks, Page, Selection, Teaching
from userops.analyses.personas.document import Personas
from userops.analyses.personas.naming import by_key, names_of
from userops.analyses.personas.notes import notes
from userops.analyses.personas.table import SHARE, VALUE_SHARE
from userops.analyses.personas.wording import FEATURES
from userops.analyses.table import Table
from userops.words import Words


def _cells(document: Personas, result: dict[str, Any], table: Table) -> Cells:
    if document.view != "groups":
        return [[None] * len(row) for row in table.rows]
    return [
        [{"group": group["group"]} if column.name == "users" else None for column in table.columns]
        for group in result["groups"]
    ]


def _marks(document: Personas, result: dict[str, Any], language: str) -> Marks:
    if document.view != "groups":
        return {}
    groups: list[Selection | None] = [{"group": group["group"]} for group in result["groups"]]
    return {words.text(language): groups for words in (SHARE, VALUE_SHARE)}


def _facts(document: Personas, result: dict[str, Any]) -> list[Fact]:
    return [
        Fact(Words("用户", "Users"), result["users"], "whole"),
        Fact(Words("参与分组", "Grouped"), result["grouped"], "whole"),
        Fact(Words("组数", "Groups"), result["number"], "whole"),
        Fact(Words("重做一致度", "Agreement when redone"), result["agreement"]),
    ]


def _named(document: Personas, result: dict[str, Any], events: Mapping[str, str]) -> dict[str, Any]:
    """Names of groups, and their traits, with the display names of events."""
    if not result["found"]:
        return result
    *groups, light = (
        {**group, "traits": [_labelled(trait, events) for trait in group["traits"]]}
        for group in result["groups"]
    )
    names = names_of(groups, result["numbers"], lambda name: by_key(events.get(name, name)))
    named = [{**group, "name": name.as_dict()} for group, name in zip(groups, names, strict=True)]
    return {**result, "groups": [*named, light]}


def _labelled(trait: dict[str, Any], events: Mapping[str, str]) -> dict[str, Any]:
    return {**trait, "label": events.get(trait["value"])} if trait["feature"] == "events" else trait


PAGE = Page(
    icon="users-group",
    front=("range", "features", "taste", "min_days", "view", "filters"),
    starts={},
    teaching=Teaching(
        Words("从行为中找出几类用户", "Find the kinds of people in what they do"),
        Words(
            "按活跃时段、行为、偏好和价位把用户分成几组，每组附人数、价值和最突出的特征；数据里没有群组时会如实说明。",
            "People are grouped by when they come, what they do and what they like; each group with its size, value "
            "and what sets it apart. Where the data has no groups, the page says so.",
        ),
    ),
    words={
        "features": Words("分组依据", "Grouped by"),
        **{f"features.{name}": words for name, words in FEATURES.items()},
        "taste": Words("偏好", "Taste"),
        "taste.property": Words(
            "偏好属性（不填则自动选择）", "Property of taste (chosen if empty)"
        ),
        "price": Words("价格", "Price"),
        "price.property": Words(
            "价格属性（不填则自动选择）", "Property of price (chosen if empty)"
        ),
        "purchase": Words("购买事件（不填则自动选择）", "Event of a purchase (chosen if empty)"),
        "min_days": Words("最少活跃天数", "Least active days"),
        "min_groups": Words("最少分组数", "Least groups"),
        "max_groups": Words("最多分组数", "Most groups"),
        "seed": Words("随机种子", "Seed"),
        "view.groups": Words("各组", "Groups"),
        "view.features": Words("突出特征", "What sets them apart"),
        "view.rhythm": Words("活跃时段", "Hours of the day"),
        "view.criterion": Words("组数的依据", "Why so many groups"),
    },
    cells=_cells,
    marks=_marks,
    shares=lambda document, _result: document.view in ("groups", "rhythm"),
    facts=_facts,
    named=_named,
    notes=notes,
)
