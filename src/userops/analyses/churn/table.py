"""A churn analysis as rows: the return curve by days of silence, or the periods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from userops.analyses.breakdown import group_columns
from userops.analyses.churn.document import Churn
from userops.analyses.table import Column, Table
from userops.query.dates import UNIT_WORDS
from userops.words import Words

CHANCE = Words("回归概率", "Chance to return")
RATE = Words("流失率", "Churn rate")
CHURNED = Words("流失人数", "Lost")
ACTIVE = Words("期初活跃", "Active at the start")
REACTIVATED = Words("流失后回归", "Came back")
LOW = Words("95% 区间下限", "95% from")
HIGH = Words("95% 区间上限", "to")

_CURVE = (
    Column("days", Words("沉默天数", "Days of silence"), "whole"),
    Column("at_risk", Words("沉默段数", "Silences so long"), "whole"),
    Column("silent", Words("更久未回的占比", "Share that lasts longer"), "share"),
    Column("chance", CHANCE, "share"),
    Column("low", LOW, "share"),
    Column("high", HIGH, "share"),
)
_PERIODS = (
    Column("active", ACTIVE, "whole"),
    Column("churned", CHURNED, "whole"),
    Column("rate", RATE, "share"),
    Column("low", LOW, "share"),
    Column("high", HIGH, "share"),
    Column("reactivated", REACTIVATED, "whole"),
    Column("unfinished", Words("未结束", "Unfinished"), "whole"),
    Column("partial", Words("数据不足 W 天", "Too little before"), "whole"),
)


def parts_of(result: dict[str, Any]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, then the groups."""
    yield {}, result
    for part in result["breakdown"]:
        yield part["breakdown"], part


def table(document: Churn, result: dict[str, Any]) -> Table:
    width = len(document.breakdown)
    unit = UNIT_WORDS[document.unit]
    start = Column("start", Words(unit.zh, unit.en.capitalize()), "date")
    own = _CURVE if document.view == "curve" else (start, *_PERIODS)
    rows: list[tuple[Any, ...]] = []
    for group, part in parts_of(result):
        key = tuple(group.values()) or (None,) * width
        rows += [(*key, *(_cell(line, column) for column in own)) for line in lines(document, part)]
    return Table((*group_columns(document.breakdown), *own), rows)


def lines(document: Churn, part: dict[str, Any]) -> list[dict[str, Any]]:
    return list(part["curve" if document.view == "curve" else "periods"])


def _cell(line: dict[str, Any], column: Column) -> Any:
    value = line[column.name]
    if column.type == "date":
        return date.fromisoformat(value)
    return int(value) if isinstance(value, bool) else value
