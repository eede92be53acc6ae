"""Units as numbers, one apart for neighbours: the same in the engine and here."""

from __future__ import annotations

from datetime import date

from userops.analyses.lifecycle.document import LifecycleUnit

_DAY = "toDate(ts, {timezone:String})"
_EPOCH = date(1970, 1, 1).toordinal()
_MONDAY_SHIFT = 3
"""Days from the Monday before 1970-01-01 to that day."""

NUMBER_SQL: dict[LifecycleUnit, str] = {
    "day": f"toUInt16({_DAY})",
    "week": f"toUInt16(intDiv(toInt32({_DAY}) + {_MONDAY_SHIFT}, 7))",
    "month": "toUInt16(toRelativeMonthNum(ts, {timezone:String}))",
    "quarter": "toUInt16(toRelativeQuarterNum(ts, {timezone:String}))",
    "year": "toYear(ts, {timezone:String})",
}
"""The number of a row's unit; all fit 16 bits until 2148."""


def number_of(day: date, unit: LifecycleUnit) -> int:
    """The number of the unit that holds a day."""
    since_epoch = day.toordinal() - _EPOCH
    return {
        "day": since_epoch,
        "week": (since_epoch + _MONDAY_SHIFT) // 7,
        "month": day.year * 12 + day.month,
        "quarter": day.year * 4 + (day.month - 1) // 3,
        "year": day.year,
    }[unit]
