"""A stickiness as rows: one per number of intervals, per period, or per day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from userops.analyses.breakdown import group_columns
from userops.analyses.stickiness.document import Stickiness
from userops.analyses.table import Column, Table
from userops.query.comparison import COMPARISONS
from userops.query.dates import UNIT_WORDS
from userops.words import Words

MAX_COLUMNS = 31
"""A period of more intervals shows no column for each number of them."""
UNFINISHED = Column("unfinished", Words("未结束", "Unfinished"), "whole")
AVERAGE: dict[str, Words] = {
    "hour": Words("人均活跃小时数", "Average active hours"),
    "day": Words("人均活跃天数", "Average active days"),
    "week": Words("人均活跃周数", "Average active weeks"),
    "month": Words("人均活跃月数", "Average active months"),
}
ACTIVE: dict[str, Words] = {
    "hour": Words("活跃小时数", "Active hours"),
    "day": Words("活跃天数", "Active days"),
    "week": Words("活跃周数", "Active weeks"),
    "month": Words("活跃月数", "Active months"),
}
EXACTLY = Words("恰好人数", "Users, exactly")
AT_LEAST = Words("至少人数", "Users, at least")
_RATIO = (
    Column("dau", Words("日活跃", "DAU"), "whole"),
    Column("wau", Words("周活跃（7 日滚动）", "WAU (trailing 7 days)"), "whole"),
    Column("mau", Words("月活跃（30 日滚动）", "MAU (trailing 30 days)"), "whole"),
    Column("dau_mau", Words("DAU/MAU", "DAU/MAU"), "share"),
    Column("dau_wau", Words("DAU/WAU", "DAU/WAU"), "share"),
)


def parts_of(result: dict[str, Any]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, under no group, then each group."""
    yield {}, result
    for part in result["breakdown"]:
        yield part["breakdown"], part


def rows_per_part(document: Stickiness, result: dict[str, Any]) -> int:
    if document.view == "ratio":
        return len(result["ratio"]["points"])
    return len(result["periods"] if document.view == "periods" else result["exactly"])


def table(document: Stickiness, result: dict[str, Any]) -> Table:
    """All rows of the whole, then those of each value of the breakdown."""
    groups = group_columns(document.breakdown)
    columns, rows_of = {
        "ratio": (_ratio_columns, _ratio_rows),
        "periods": (_period_columns, _period_rows),
    }.get(document.view, (_columns, _rows))
    rows = [
        (*(group.values() or ("",) * len(groups)), *row)
        for group, part in parts_of(result)
        for row in rows_of(result, part)
    ]
    return Table((*groups, *columns(document, result)), rows)


def _columns(document: Stickiness, result: dict[str, Any]) -> list[Column]:
    columns = [
        Column("intervals", ACTIVE[document.unit], "whole"),
        Column("exactly", EXACTLY, "whole"),
        Column("exactly_share", Words("恰好占比", "Share, exactly"), "share"),
        Column("at_least", AT_LEAST, "whole"),
        Column("at_least_share", Words("至少占比", "Share, at least"), "share"),
    ]
    if document.compare is not None:
        base = COMPARISONS[document.compare]
        columns += [
            Column(f"{each.name}_compared", Words(f"{each.words.zh}：{base.zh}", f"{each.words.en}: {base.en}"),
                   each.type)
            for each in columns[1:]
        ]  # fmt: skip
    return columns


def _rows(_result: dict[str, Any], part: dict[str, Any]) -> list[tuple[Any, ...]]:
    then = part.get("comparison")
    rows: list[tuple[Any, ...]] = []
    for place in range(len(part["exactly"])):
        cells = _cells(part, place)
        if then is not None:
            cells += _cells(then, place)
        rows.append((place + 1, *cells))
    return rows


def _cells(part: dict[str, Any], place: int) -> list[Any]:
    if place >= len(part["exactly"]):
        return [None] * 4
    exactly, at_least, users = part["exactly"][place], part["at_least"][place], part["users"]
    return [exactly, share(exactly, users), at_least, share(at_least, users)]


def share(count: int, users: int) -> float | None:
    return count / users if users else None


def _period_columns(document: Stickiness, result: dict[str, Any]) -> list[Column]:
    period, unit = UNIT_WORDS[document.period], UNIT_WORDS[document.unit]
    longest = len(result["periods"][0]["exactly"])
    each = [
        Column(f"exactly_{k}", Words(f"{k} {unit.zh}", f"{k} {unit.en}{'' if k == 1 else 's'}"), "whole")
        for k in range(1, longest + 1)
    ]  # fmt: skip
    return [
        Column("start", Words(period.zh, period.en.capitalize()), "date"),
        Column("users", Words("用户数", "Users"), "whole"),
        Column("average", AVERAGE[document.unit], "number"),
        *(each if longest <= MAX_COLUMNS else []),
        UNFINISHED,
    ]


def _period_rows(_result: dict[str, Any], part: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            date.fromisoformat(each["start"]),
            each["users"],
            each["average"],
            *(each["exactly"] if len(each["exactly"]) <= MAX_COLUMNS else []),
            int(each["unfinished"]),
        )
        for each in part["periods"]
    ]


def _ratio_columns(document: Stickiness, result: dict[str, Any]) -> list[Column]:
    return [Column("start", Words("天", "Day"), "date"), *_RATIO, UNFINISHED]


def _ratio_rows(_result: dict[str, Any], part: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            date.fromisoformat(point["start"]),
            *(point[column.name] for column in _RATIO),
            int(point["unfinished"]),
        )
        for point in part["ratio"]["points"]
    ]
