"""The periods of a retention: where each cohort begins and ends, and the periods after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from userops.analyses.periods import period_of
from userops.analyses.retention.document import MAX_CELLS, RetentionDocument
from userops.errors import DocumentError
from userops.query.dates import Bucket, add_units, bucket_sql, buckets, midnight, milliseconds
from userops.query.scope import Scope
from userops.words import Words

HOUR_MS = 3_600_000
FIXED_MS = {
    "hour": HOUR_MS,
    "day": 24 * HOUR_MS,
    "week": 7 * 24 * HOUR_MS,
    "month": 30 * 24 * HOUR_MS,
}
"""Lengths of the periods of a rolling clock."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Calendar:
    """Cohorts, and the bounds of all periods that they reach: `bounds[p]` begins the p-th, in UTC ms."""

    cohorts: list[Bucket]
    bounds: Ints
    begin: int
    end: int
    """The date range: first millisecond, and first after it."""
    starts: list[date]
    """The first day of each period; empty for hours."""

    def period(self, at: Ints) -> Ints:
        """The number of the calendar period of each instant; beyond the last, one more than it."""
        return period_of(at, self.bounds)


def calendar(document: RetentionDocument, scope: Scope) -> Calendar:
    """Raises `DocumentError` when the table would be too large."""
    cohorts = buckets(document.range, document.unit, scope.zone)
    if len(cohorts) * len(document.columns) > MAX_CELLS:
        raise DocumentError(
            Words(
                f"留存表过大：{len(cohorts)} 个群组 × {len(document.columns)} 列，上限 {MAX_CELLS} 格。",
                f"The retention table is too large: {len(cohorts)} cohorts × {len(document.columns)}"
                f" columns, at most {MAX_CELLS} cells.",
            ),
            code="retention_too_large",
            hint=Words(
                "缩短日期范围、减少期数或换用更大的单位。",
                "Shorten the range, ask for fewer periods, or take a larger unit.",
            ),
        )
    begin, end = document.range.bounds(scope.zone)
    later = len(cohorts) + document.last_period + 1
    first = cohorts[0].start
    days: list[date] = []
    if document.unit == "hour":
        bounds = [cohorts[0].begin + hour * HOUR_MS for hour in range(later + 1)]
    else:
        assert isinstance(first, date)
        days = [add_units(first, count, document.unit) for count in range(later + 1)]
        bounds = [milliseconds(midnight(day, scope.zone)) for day in days]
    return Calendar(cohorts, np.array(bounds, np.int64), begin, end, days[:-1])


def period_sql(document: RetentionDocument) -> str:
    """The calendar period of a row as a number: days since 1970, or hours since `{begin:Int64}`."""
    if document.unit == "hour":
        return f"intDiv(toUnixTimestamp64Milli(ts) - {{begin:Int64}}, {HOUR_MS})"
    return f"toInt64(toUInt16({bucket_sql(document.unit)}))"


def number_of(document: RetentionDocument, found: Calendar, value: Ints) -> Ints:
    """Answers of `period_sql` as numbers of periods."""
    if document.unit == "hour":
        return value
    first = found.cohorts[0].start
    assert isinstance(first, date)
    count = len(found.bounds)
    days = [(add_units(first, at, document.unit) - date(1970, 1, 1)).days for at in range(count)]
    number: Ints = np.searchsorted(np.array(days), value, side="right") - 1
    return number
