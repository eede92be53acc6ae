"""Needs as rows."""

from __future__ import annotations

from typing import Any

from userops.analyses.needs.document import Needs
from userops.analyses.table import Column, Table
from userops.words import Words

KINDS: dict[str, Words] = {
    "search": Words("搜索无结果", "Search without result"),
    "exit": Words("流程退出", "Exit from a funnel"),
    "failure": Words("反复失败", "Failure"),
    "gap": Words("功能未用上", "Feature not used"),
}
USERS = Words("人数", "Users")
COLUMNS = (
    Column("kind", Words("类型", "Kind"), labels=KINDS),
    Column("need", Words("需求线索", "Need")),
    Column("users", USERS, "whole"),
    Column("whole", Words("总人数", "Of"), "whole"),
    Column("share", Words("占比", "Share"), "share"),
    Column("low", Words("95% 下限", "95% low"), "share"),
    Column("high", Words("95% 上限", "95% high"), "share"),
    Column("times", Words("次数", "Times"), "whole"),
    Column("repeaters", Words("两次及以上人数", "Users who met it again"), "whole"),
    Column("rest", Words("对照占比", "Share of the others"), "share"),
    Column("lift", Words("倍数", "Lift"), "number"),
    Column("q", Words("校正后的 q", "Corrected q"), "number"),
)


def need_words(need: dict[str, Any]) -> Words:
    """What a need is called: the word, the exit, the failure with its reason, the feature."""
    name = need.get("label") or need["name"]
    more = need.get("more_label") or need["more"]
    if need["kind"] == "exit":
        return Words(f"{name} → {more}", f"{name} → {more}")
    if need["kind"] == "failure" and more:
        return Words(f"{name}：{more}", f"{name}: {more}")
    return Words(name, name)


def table(document: Needs, result: dict[str, Any]) -> Table:
    rows: list[tuple[Any, ...]] = []
    for need in result["needs"]:
        low, high = need["interval"] or (None, None)
        cells = {**need, "need": need_words(need), "low": low, "high": high}
        rows.append(tuple(cells[column.name] for column in COLUMNS))
    return Table(COLUMNS, rows)
