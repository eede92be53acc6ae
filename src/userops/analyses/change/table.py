"""A change as rows: the whole, then the values of each property, those that tell most first."""

from __future__ import annotations

from typing import Any

from userops.analyses.change.document import Change
from userops.analyses.change.segments import OVERLAP
from userops.analyses.change.wording import STATES, segment_words
from userops.analyses.table import Column, Table
from userops.query.steps import OTHERS
from userops.words import Words

WHOLE = "$whole"


CODES: dict[str, Words] = {
    WHOLE: Words("全部", "All"),
    "$net": Words("净变化", "net change"),
    "$gains": Words("全部增量", "all gains"),
    "$losses": Words("全部减量", "all losses"),
    "$new": STATES["new"],
    "$gone": STATES["gone"],
    "$several_values": Words("同一人计入多个取值", "persons at several values"),
    "$chance": Words("可能出于偶然", "may be chance"),
    "$empty": Words("（未设置）", "(not set)"),
    "$factor_users": Words("因子：用户数", "Factor: users"),
    "$factor_events_per_user": Words("因子：人均次数", "Factor: events per user"),
    "$factor_value_per_event": Words("因子：每次平均数值", "Factor: average value per event"),
    **{value: segment_words(value) for value in (OVERLAP, OTHERS, "$unreached")},
}


def table(document: Change, result: dict[str, Any]) -> Table:
    ratio, type_ = _ratio(result), result["figure"]["type"]
    rows = [_whole(result, ratio)]
    rows += [_factor(each, ratio) for each in result["factors"]]
    rows += [
        _row(place, each, row, result, ratio)
        for place, each in enumerate(result["dimensions"], start=1)
        for row in each["values"]
    ]
    return Table(_columns(ratio, type_), rows)


def _ratio(result: dict[str, Any]) -> bool:
    return len(result["base"]["parts"]) == 2


def _columns(ratio: bool, type_: str) -> tuple[Column, ...]:
    move = "points" if type_ == "share" else "number"
    below = (
        Column("base_below", Words("基期分母", "Base, below"), "whole"),
        Column("now_below", Words("本期分母", "Now, below"), "whole"),
    )
    mixed = (
        Column("mix", Words("结构效应", "Mix"), move),
        Column("rate", Words("比率效应", "Rate"), move),
    )
    return (
        Column("rank", Words("排序", "Rank"), "whole"),
        Column("property", Words("属性", "Property"), "property"),
        Column("value", Words("取值", "Value"), "code", CODES),
        *(below if ratio else ()),
        Column("base", Words("基期", "Base"), type_),
        Column("now", Words("本期", "Now"), type_),
        Column("contribution", Words("贡献", "Contribution"), move),
        *(mixed if ratio else ()),
        Column("share", Words("占比", "Share"), "share"),
        Column("share_of", Words("占比的基数", "Share of"), "code", CODES),
        Column("note", Words("说明", "Note"), "code", CODES),
    )


def _line(ratio: bool, head: tuple[Any, ...], below: tuple[Any, ...], middle: tuple[Any, ...],
          mixed: tuple[Any, ...], tail: tuple[Any, ...]) -> tuple[Any, ...]:  # fmt: skip
    return (*head, *(below if ratio else ()), *middle, *(mixed if ratio else ()), *tail)


def _whole(result: dict[str, Any], ratio: bool) -> tuple[Any, ...]:
    base, now = result["base"], result["now"]
    below = (base["parts"][-1], now["parts"][-1]) if ratio else ()
    return _line(
        ratio,
        (None, "", WHOLE),
        below,
        (base["value"], now["value"], result["change"]),
        (None, None),
        (None, "", ""),
    )


def _factor(each: dict[str, Any], ratio: bool) -> tuple[Any, ...]:
    return _line(
        ratio,
        (None, "", f"$factor_{each['name']}"),
        (None, None),
        (each["before"], each["after"], each["contribution"]),
        (None, None),
        (None, "", ""),
    )


def _row(
    place: int, each: dict[str, Any], row: dict[str, Any], result: dict[str, Any], ratio: bool
) -> tuple[Any, ...]:
    below = (row["before_parts"][-1], row["after_parts"][-1]) if ratio else ()
    # shares of a move that may be chance explode: they are not told
    told = row["share"] is not None and not result["noise"]["within"]
    return _line(
        ratio,
        (place, f"{each['of']}:{each['property']}", row["value"] or "$empty"),
        below,
        (row["before"], row["after"], row["contribution"]),
        (row.get("mix"), row.get("rate")),
        (
            row["share"] if told else None,
            f"${row['share_of']}" if told else "",
            _note(each, row),
        ),
    )


def _note(each: dict[str, Any], row: dict[str, Any]) -> str:
    if row["value"] == OVERLAP:
        return "$several_values"
    if row.get("state") in STATES:
        return f"${row['state']}"
    return "$chance" if each["chance"] else ""
