"""Traits as rows, the most telling first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from userops.analyses.breakdown import value_words
from userops.analyses.table import Column, Table
from userops.analyses.traits.document import Traits
from userops.analyses.traits.wording import KINDS, TOLD, told
from userops.words import Words

CODES: dict[str, Words] = {f"${name}": words for name, words in {**KINDS, **TOLD}.items()}

VALUE = Column("value", Words("取值", "Value"), "code")
COLUMNS = (
    Column("rank", Words("排序", "Rank"), "whole"),
    Column("kind", Words("类别", "Kind"), "code", CODES),
    Column("name", Words("名称", "Name"), "property"),
    VALUE,
    Column("group", Words("这群人", "These people"), "number"),
    Column("rest", Words("其他人", "Others"), "number"),
    Column("group_share", Words("这群人占比", "Share of these"), "share"),
    Column("rest_share", Words("其他人占比", "Share of others"), "share"),
    Column("group_mean", Words("这群人均值", "Mean of these"), "number"),
    Column("rest_mean", Words("其他人均值", "Mean of others"), "number"),
    Column("group_median", Words("这群人中位数", "Median of these"), "number"),
    Column("rest_median", Words("其他人中位数", "Median of others"), "number"),
    Column("difference", Words("差", "Difference"), "number"),
    Column("low", Words("95% 下限", "95% low"), "number"),
    Column("high", Words("95% 上限", "95% high"), "number"),
    Column("lift", Words("倍数", "Lift"), "number"),
    Column("size", Words("效应量", "Effect size"), "number"),
    Column("q", Words("q 值", "q"), "number"),
    Column("told", Words("判断", "Judgement"), "code", CODES),
)


def table(document: Traits, result: dict[str, Any]) -> Table:
    """Differences of shares in percentage points, so that one column reads for both."""
    rows = [row_of(place, row) for place, row in enumerate(result["traits"], start=1)]
    labelled = replace(VALUE, labels=_labels(result["traits"]))
    return Table(tuple(labelled if each is VALUE else each for each in COLUMNS), rows)


def row_of(place: int, row: dict[str, Any]) -> tuple[Any, ...]:
    share = row["measure"] == "share"
    medians = row.get("medians") or {}
    points = 100 if share else 1
    return (
        place,
        f"${row['kind']}",
        named(row),
        row["value"] if row["value"] is not None else "",
        row["group_kn"][0],
        row["rest_kn"][0],
        *(
            (row["group"], row["rest"], None, None)
            if share
            else (None, None, row["group"], row["rest"])
        ),
        medians.get("group"),
        medians.get("rest"),
        *(row[name] * points for name in ("difference", "low", "high")),
        row["lift"],
        row["size"],
        round(row["q"], 6),
        f"${told(row)}",
    )


def _labels(traits: list[dict[str, Any]]) -> dict[str, Words]:
    """What values that the product or a fact has words for are called; not those called by two names."""
    called: dict[str, set[Words]] = {}
    for row in traits:
        if row["value"]:
            called.setdefault(row["value"], set()).add(value_words(row["value"], row["name"]))
    return {value: next(iter(words)) for value, words in called.items() if len(words) == 1}


def named(row: dict[str, Any]) -> str:
    """`event:city`, `user:level`, `events:pay`, or the name of an activity figure."""
    of = {"event_property": "event", "user_property": "user", "activity": "activity"}
    return f"{of.get(row['kind'], 'events')}:{row['name']}"
