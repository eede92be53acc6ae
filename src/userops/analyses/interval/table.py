"""An interval as rows: one per group, per part of the histogram, or per period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from userops.analyses.breakdown import group_columns
from userops.analyses.interval.document import Interval
from userops.analyses.table import Column, Table
from userops.query.comparison import COMPARISONS
from userops.query.dates import UNIT_WORDS
from userops.words import Words

UNFINISHED = Column("unfinished", Words("未结束", "Unfinished"), "whole")
PAIRS = Column("pairs", Words("对数", "Pairs"), "whole")
USERS = Column("users", Words("用户数", "Users"), "whole")
SHARE = Column("share", Words("占比", "Share"), "share")
MEDIAN = Column("median", Words("中位数", "Median"), "seconds")
MEAN = Column("mean", Words("均值", "Mean"), "seconds")
P90 = Column("p90", Words("P90", "P90"), "seconds")
Q1 = Column("q1", Words("下四分位", "Lower quartile"), "seconds")
Q3 = Column("q3", Words("上四分位", "Upper quartile"), "seconds")
FIGURES = (
    PAIRS,
    USERS,
    MEDIAN,
    MEAN,
    Column("min", Words("最小", "Minimum"), "seconds"),
    Q1,
    Q3,
    P90,
    Column("max", Words("最大", "Maximum"), "seconds"),
)
_COMPARED = (PAIRS, USERS, MEDIAN, MEAN)


def parts_of(result: dict[str, Any]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, under no group, then each group."""
    yield {}, result
    for part in result["breakdown"]:
        yield part["breakdown"], part


def table(document: Interval, result: dict[str, Any]) -> Table:
    """All rows of the whole, then those of each value of the breakdown."""
    groups = group_columns(document.breakdown)
    columns, rows_of = {
        "histogram": (_bucket_columns, _bucket_rows),
        "periods": (_period_columns, _period_rows),
    }.get(document.view, (_columns, _rows))
    rows = [
        (*(group.values() or ("",) * len(groups)), *row)
        for group, part in parts_of(result)
        for row in rows_of(document, part)
    ]
    return Table((*groups, *columns(document)), rows)


def share(histogram: list[dict[str, Any]], place: int) -> float | None:
    whole = sum(each["pairs"] for each in histogram)
    return histogram[place]["pairs"] / whole if whole else None


def _compared(document: Interval, columns: tuple[Column, ...]) -> list[Column]:
    if document.compare is None:
        return []
    base = COMPARISONS[document.compare]
    return [
        Column(
            f"{each.name}_compared",
            Words(f"{each.words.zh}：{base.zh}", f"{each.words.en}: {base.en}"),
            each.type,
        )
        for each in columns
    ]


def _columns(document: Interval) -> list[Column]:
    return [*FIGURES, *_compared(document, _COMPARED)]


def _rows(_document: Interval, part: dict[str, Any]) -> list[tuple[Any, ...]]:
    then = part.get("comparison")
    cells = [part[each.name] for each in FIGURES]
    if then is not None:
        cells += [then[each.name] for each in _COMPARED]
    return [tuple(cells)]


def _bucket_columns(document: Interval) -> list[Column]:
    return [
        Column("from", Words("间隔不小于", "Interval from"), "seconds"),
        Column("to", Words("小于", "below"), "seconds"),
        PAIRS,
        SHARE,
        *_compared(document, (PAIRS, SHARE)),
    ]


def _bucket_rows(_document: Interval, part: dict[str, Any]) -> list[tuple[Any, ...]]:
    then = part["comparison"]["histogram"] if "comparison" in part else None
    rows: list[tuple[Any, ...]] = []
    for place, bucket in enumerate(part["histogram"]):
        cells = [bucket["pairs"], share(part["histogram"], place)]
        if then is not None:
            cells += [then[place]["pairs"], share(then, place)]
        rows.append((bucket["from"], bucket["to"], *cells))
    return rows


def _period_columns(document: Interval) -> list[Column]:
    unit = UNIT_WORDS[document.unit]
    kind = "text" if document.unit == "hour" else "date"
    start = Column("start", Words(unit.zh, unit.en.capitalize()), kind)
    return [start, *FIGURES, UNFINISHED]


def _period_rows(document: Interval, part: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (
            point["start"] if document.unit == "hour" else date.fromisoformat(point["start"]),
            *(point[each.name] for each in FIGURES),
            int(point["unfinished"]),
        )
        for point in part["points"]
    ]
