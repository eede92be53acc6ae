"""A distribution as rows: one per bucket, or one per period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from userops.analyses.breakdown import group_columns
from userops.analyses.distribution.buckets import bucket_words
from userops.analyses.distribution.document import Distribution
from userops.analyses.table import Column, Table
from userops.query.comparison import COMPARISONS
from userops.query.dates import UNIT_WORDS
from userops.words import Words

UNFINISHED = Column("unfinished", Words("未结束", "Unfinished"), "whole")
USERS = Column("users", Words("用户数", "Users"), "whole")
SHARE = Column("share", Words("占比", "Share"), "share")
MEAN = Column("mean", Words("人均", "Mean per user"), "number")
MEDIAN = Column("median", Words("中位数", "Median"), "number")


def parts_of(result: dict[str, Any]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, under no group, then each group."""
    yield {}, result
    for part in result["breakdown"]:
        yield part["breakdown"], part


def table(document: Distribution, result: dict[str, Any]) -> Table:
    """All rows of the whole, then those of each value of the breakdown."""
    groups = group_columns(document.breakdown)
    columns, rows_of = (
        (_period_columns(document, result), _period_rows)
        if document.period()
        else (_bucket_columns(document), _bucket_rows)
    )
    rows = [
        (*(group.values() or ("",) * len(groups)), *row)
        for group, part in parts_of(result)
        for row in rows_of(result, part)
    ]
    return Table((*groups, *columns), rows)


def share(part: dict[str, Any], place: int) -> float | None:
    """The share of a bucket in its group."""
    return part["counts"][place] / part["users"] if part["users"] else None


def _bucket_columns(document: Distribution) -> list[Column]:
    kind = "whole" if document.measured().whole else "number"
    columns = [USERS, SHARE]
    if document.compare is not None:
        base = COMPARISONS[document.compare]
        columns += [
            Column(
                f"{each.name}_compared",
                Words(f"{each.words.zh}：{base.zh}", f"{each.words.en}: {base.en}"),
                each.type,
            )
            for each in (USERS, SHARE)
        ]
    name = document.measured().words
    return [
        Column("from", Words(f"{name.zh}不小于", f"{name.en} from"), kind),
        Column("to", Words("小于", "below"), kind),
        *columns,
    ]


def _bucket_rows(result: dict[str, Any], part: dict[str, Any]) -> list[tuple[Any, ...]]:
    then = part.get("comparison")
    rows: list[tuple[Any, ...]] = []
    for place, bucket in enumerate(result["buckets"]):
        cells = [part["counts"][place], share(part, place)]
        if then is not None:
            cells += [then["counts"][place], share(then, place)]
        rows.append((bucket["from"], bucket["to"], *cells))
    return rows


def _period_columns(document: Distribution, result: dict[str, Any]) -> list[Column]:
    unit = UNIT_WORDS[document.unit]
    return [
        Column("start", Words(unit.zh, unit.en.capitalize()), "date"),
        USERS,
        MEAN,
        MEDIAN,
        *(
            Column(f"bucket_{place}", bucket_words(document, bucket), "whole")
            for place, bucket in enumerate(result["buckets"])
        ),
        UNFINISHED,
    ]


def _period_rows(_result: dict[str, Any], part: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            date.fromisoformat(point["start"]),
            point["users"],
            point["mean"],
            point["median"],
            *point["counts"],
            int(point["unfinished"]),
        )
        for point in part["points"]
    ]
