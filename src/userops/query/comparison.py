"""What a range is compared with: the period before, or the same one a year earlier."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from userops.query.dates import DateRange, Unit, add_units, start_of
from userops.words import Words

Comparison = Literal["previous_period", "same_period_last_year"]

COMPARISONS: dict[str, Words] = {
    "previous_period": Words("上一周期（环比）", "the previous period"),
    "same_period_last_year": Words("去年同期（同比）", "the same period last year"),
}
SHORT: dict[str, Words] = {
    "previous_period": Words("上一周期", "previous period"),
    "same_period_last_year": Words("去年同期", "last year"),
}
"""As a chart names the line."""


def compared_range(range_: DateRange, unit: Unit, compare: Comparison) -> DateRange:
    """What a resolved range is compared with. Whole calendar units are moved by whole units."""
    whole = _whole_months(range_, unit)
    if compare == "same_period_last_year":
        return _moved(range_, 12) if whole else range_.year_before()
    return _moved(range_, whole) if whole else range_.previous()


def describe_comparison(range_: DateRange, unit: Unit, compare: Comparison) -> Words:
    """With the days that it is compared with, where they are known."""
    words = COMPARISONS[compare]
    if range_.from_ is None:
        return Words(f"与{words.zh}对比", f"compared with {words.en}")
    dates = compared_range(range_, unit, compare).describe()
    return Words(f"与{words.zh} {dates.zh} 对比", f"compared with {words.en}, {dates.en}")


def _whole_months(range_: DateRange, unit: Unit) -> int:
    """How many months a range of whole months, quarters or years holds; 0 for a cut range."""
    if unit not in ("month", "quarter", "year"):
        return 0
    first, after = range_.first, range_.last_day + timedelta(days=1)
    if first != start_of(first, unit) or after != start_of(after, unit):
        return 0
    return (after.year - first.year) * 12 + after.month - first.month


def _moved(range_: DateRange, months: int) -> DateRange:
    """A range of whole months, so many months earlier."""
    after = add_units(range_.last_day + timedelta(days=1), -months, "month")
    first = add_units(range_.first, -months, "month")
    return DateRange.model_construct(from_=first, to=after - timedelta(days=1))
