"""The cohorts of an LTV and the periods after them: what has begun, and what is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from userops.analyses.ltv.document import MAX_CELLS, Ltv
from userops.errors import DocumentError
from userops.query.dates import Bucket, add_units, buckets, midnight, milliseconds
from userops.query.scope import Scope
from userops.words import Words

DAY_MS = 86_400_000
LENGTH_MS = {"day": DAY_MS, "week": 7 * DAY_MS, "month": 30 * DAY_MS}
"""Lengths of the periods of a rolling clock."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """`begin` and `end`: the date range, first millisecond and first after it. `until`: after the last
    period of the last cohort."""

    cohorts: list[Bucket]
    begin: int
    end: int
    until: int
    begun: list[list[bool]]
    """By cohort and period: whether its time has begun."""
    over: list[list[bool]]
    """By cohort and period: whether it is over, so that its figure is final."""


def calendar(document: Ltv, scope: Scope) -> Calendar:
    """Raises `DocumentError` when the table would be too large."""
    cohorts = buckets(document.range, document.unit, scope.zone)
    _check_size(document, len(cohorts))
    begin, end = document.range.bounds(scope.zone)
    spans = [_spans(document, scope, cohort, begin, end) for cohort in cohorts]
    now = milliseconds(scope.now)
    return Calendar(
        cohorts,
        begin,
        end,
        spans[-1][-1][1],
        [[first <= now for first, _ in line] for line in spans],
        [[last <= now for _, last in line] for line in spans],
    )


def _spans(
    document: Ltv, scope: Scope, cohort: Bucket, begin: int, end: int
) -> list[tuple[int, int]]:
    """Of each period: when it begins for the first of the cohort, and when it ends for the last."""
    periods = range(document.periods + 1)
    if document.clock == "rolling":
        length = LENGTH_MS[document.unit]
        first, last = max(cohort.begin, begin), min(cohort.end, end)
        return [(first + n * length, last + (n + 1) * length) for n in periods]
    assert isinstance(cohort.start, date)
    days = [add_units(cohort.start, n, document.unit) for n in range(document.periods + 2)]
    bounds = [milliseconds(midnight(day, scope.zone)) for day in days]
    return [(bounds[n], bounds[n + 1]) for n in periods]


def _check_size(document: Ltv, cohorts: int) -> None:
    if cohorts * (document.periods + 1) <= MAX_CELLS:
        return
    raise DocumentError(
        Words(
            f"LTV 表过大：{cohorts} 个群组 × {document.periods + 1} 期，上限 {MAX_CELLS} 格。",
            f"The LTV table is too large: {cohorts} cohorts × {document.periods + 1} periods, at most "
            f"{MAX_CELLS} cells.",
        ),
        code="ltv_too_large",
        hint=Words(
            "缩短日期范围、减少期数或换用更大的单位。",
            "Shorten the range, ask for fewer periods, or take a larger unit.",
        ),
    )


def period_sql(document: Ltv) -> str:
    """The period of a row after the start of its person, from 0, over `ts` and `at`."""
    if document.clock == "rolling":
        gap = "toUnixTimestamp64Milli(ts) - toUnixTimestamp64Milli(at)"
        return f"intDiv({gap}, {LENGTH_MS[document.unit]})"
    number = {
        "day": "toInt64(toDate({}, {{timezone:String}}))",
        "week": "intDiv(toInt64(toDate({}, {{timezone:String}})) + 3, 7)",
        "month": "toInt64(toRelativeMonthNum({}, {{timezone:String}}))",
    }[document.unit]
    return f"({number.format('ts')} - {number.format('at')})"
