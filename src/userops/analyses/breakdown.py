"""Breakdowns: the value that a row stands under, the values told apart, and all others together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from userops.analyses.table import Column
from userops.events.fact_names import is_segment
from userops.events.fact_rows import IN
from userops.query.codes import CODES
from userops.query.known import known_sql
from userops.query.naming import value_shown, values_shown
from userops.query.sql import Values, statement
from userops.query.steps import OTHERS, Breakdown
from userops.words import Words

SQL = Path(__file__).parent / "sql"
REST = "$rest"
"""Stands for all values beyond those that a chart draws; only ever beside the values themselves."""

Value = tuple[str, ...]
"""One value per breakdown; empty without breakdown."""

_OTHERS = Words("其他", "Others")
_SPECIAL: dict[str, Words] = {
    **CODES,
    "": Words("（未设置）", "(not set)"),
    OTHERS: _OTHERS,
    REST: _OTHERS,
    IN: Words("在其中", "in it"),
}

_LABELS: dict[str, Words] = {**CODES, IN: _SPECIAL[IN]}
_OUTSIDE = Words("不在其中", "not in it")
"""Of a segment, those without a value."""

PROBLEMS: dict[str, Words] = {
    "breakdown_twice": Words("同一属性只能拆分一次", "a property can be broken down by only once"),
}


@dataclass(frozen=True, slots=True)
class Groups:
    """The breakdown values told apart, largest first; `more` says that there are others."""

    values: tuple[Value, ...]
    more: bool
    width: int

    @property
    def all(self) -> list[Value]:
        """The values in the order of a result, the others last."""
        return [*self.values, *([others(self.width)] if self.more else [])]

    def sql(self, value: str, values: Values) -> str:
        """A row's value, or that of the others."""
        return told_apart_sql(value, self.values, self.width, values) if self.more else value


NO_GROUPS = Groups((), more=False, width=0)
"""Without a breakdown."""


def others(width: int) -> Value:
    return (OTHERS,) * width


def names_of(breakdown: tuple[Breakdown, ...]) -> list[str]:
    """The keys of a breakdown in a result; `user.` in front where a name is asked twice."""
    names = [each.property for each in breakdown]
    return [
        f"user.{each.property}"
        if each.of == "user" and names.count(each.property) > 1
        else each.property
        for each in breakdown
    ]


def check_once(breakdown: tuple[Breakdown, ...]) -> None:
    if len(set(breakdown)) < len(breakdown):
        raise ValueError("breakdown_twice")


def value_sql(breakdown: tuple[Breakdown, ...], values: Values, person: str) -> tuple[str, str]:
    """The breakdown value of a row as a tuple, and the join that brings the persons' properties."""
    columns: list[str] = []
    known: dict[str, str] = {}
    for number, each in enumerate(breakdown):
        if each.of == "user":
            known[f"known_{number}"] = each.property
            columns.append(f"known_{number}")
        else:
            columns.append(each.sql(values))
    return f"tuple({', '.join(columns)})", known_join(known, values, person)


def known_join(known: Mapping[str, str], values: Values, person: str) -> str:
    """The join that brings properties of persons as columns; empty where none is asked for."""
    if not known:
        return ""
    return statement(SQL / "known.sql", {"known": known_sql(known, values), "person": person})


def tuples_sql(chosen: tuple[Value, ...], width: int, values: Values) -> str:
    return values.add(list(chosen), f"Array(Tuple({', '.join(['String'] * width)}))")


def told_apart_sql(value: str, chosen: tuple[Value, ...], width: int, values: Values) -> str:
    """The value of a row, or that of the others."""
    if not width:
        return value
    rest = f"tuple({', '.join([repr(OTHERS)] * width)})"
    return f"if({value} in {tuples_sql(chosen, width, values)}, {value}, {rest})"


def columns_sql(width: int) -> str:
    return "".join(f"value.{number + 1} as b{number}, " for number in range(width))


def values_of(rows: Mapping[str, list[Any]], width: int, count: int) -> list[Value]:
    """The values of an answer's rows, from its columns b0, b1, …"""
    if not width:
        return [()] * count
    return list(zip(*(rows[f"b{number}"] for number in range(width)), strict=True))


def read_groups(rows: Mapping[str, list[Any]], width: int, limit: int) -> Groups:
    """From ranked values, one more than asked where there are others."""
    count = len(rows["b0"])
    found = values_of(rows, width, count)
    return Groups(tuple(found[:limit]), len(found) > limit, width)


def value_words(value: str, property_: str = "") -> Words:
    """A breakdown value as it is shown."""
    if not value and is_segment(property_):
        return _OUTSIDE
    return _SPECIAL.get(value) or value_shown(property_, value)


def value_labels(property_: str) -> dict[str, Words]:
    """Values that the product itself writes, or that a fact has words for, as cells of a table show them."""
    outside = {"": _OUTSIDE} if is_segment(property_) else {}
    return {**_LABELS, **outside, **values_shown(property_)}


def group_words(group: Mapping[str, str]) -> Words:
    """The values of a group as one name."""
    values = list(dict.fromkeys(group.values()))
    if values in ([OTHERS], [REST]):
        return _OTHERS
    shown = [value_words(value, name.removeprefix("user.")) for name, value in group.items()]
    return Words(" / ".join(w.zh for w in shown), " / ".join(w.en for w in shown))


def group_columns(breakdown: tuple[Breakdown, ...]) -> tuple[Column, ...]:
    """The columns of a breakdown in a table; their cells are empty in the rows of the whole."""
    return tuple(
        Column(f"by_{name}", each.describe(), labels=value_labels(each.property))
        for name, each in zip(names_of(breakdown), breakdown, strict=True)
    )


def describe_breakdown(
    breakdown: tuple[Breakdown, ...], limit: int, largest: Words, rest: Words
) -> list[Words]:
    """`largest`: by what the leading values are ranked; `rest`: what becomes of the others."""
    if not breakdown:
        return []
    each = [one.describe() for one in breakdown]
    zh, en = " × ".join(one.zh for one in each), " × ".join(one.en for one in each)
    today = any(one.of == "user" for one in breakdown)
    return [
        Words(
            f"按{zh}拆分，取{largest.zh}的前 {limit} 组，其余合并为“其他”{rest.zh}"
            + ("；用户属性取当前值" if today else ""),
            f"broken down by {en}: the {limit} groups with the largest {largest.en}, the rest "
            f"{rest.en} as “others”" + ("; user properties as they are today" if today else ""),
        )
    ]
