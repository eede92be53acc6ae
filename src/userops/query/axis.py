"""A time axis: the units of a range, and where a row of the engine falls on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from userops.errors import DocumentError
from userops.query.dates import (
    MAX_BUCKETS,
    Bucket,
    DateRange,
    Unit,
    bucket_sql,
    buckets,
    midnight,
    milliseconds,
)
from userops.query.sql import Values
from userops.words import Words

_EPOCH = date(1970, 1, 1).toordinal()
_HOUR = 3_600_000
_HOURS_PER_DAY = 24


_BITS = 64


def distinct_sql(place: str, most: int, condition: str = "") -> str:
    """The aggregate that counts distinct places among at most `most` neighbouring ones.

    Up to 64 of them are the bits of one number: neighbours stay apart in it wherever they begin.
    """
    combinator, condition = ("If", f", {condition}") if condition else ("", "")
    if most <= _BITS:
        bit = f"bitShiftLeft(toUInt64(1), toUInt8(({place}) % {_BITS}))"
        return f"bitCount(groupBitOr{combinator}({bit}{condition}))"
    return f"uniqExact{combinator}(toUInt32({place}){condition})"


@dataclass(frozen=True)
class Axis:
    range: DateRange
    unit: Unit
    zone: ZoneInfo

    def __post_init__(self) -> None:
        units = self.range.days * (_HOURS_PER_DAY if self.unit == "hour" else 1)
        if self.unit in ("hour", "day") and units > MAX_BUCKETS:
            raise DocumentError(
                Words(
                    f"日期范围过长：按此单位约有 {units} 个区间，上限 {MAX_BUCKETS} 个。",
                    f"The range is too long: about {units} intervals of this unit, at most "
                    f"{MAX_BUCKETS}.",
                ),
                code="too_many_intervals",
                hint=Words(
                    "缩短日期范围，或改用更大的单位。", "Shorten the range or use a larger unit."
                ),
            )

    @cached_property
    def buckets(self) -> list[Bucket]:
        return buckets(self.range, self.unit, self.zone)

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """First millisecond in the range, and first after it."""
        return self.range.bounds(self.zone)

    @cached_property
    def places(self) -> dict[int, int]:
        """From the engine's bucket number to the place on the axis."""
        if self.unit == "hour":
            return {place: place for place in range(len(self.buckets))}
        return {each.start.toordinal() - _EPOCH: i for i, each in enumerate(self.buckets)}

    def bucket_sql(self, values: Values) -> str:
        """The bucket of a row: days since 1970 of its unit's start, or hours since the first."""
        if self.unit == "hour":
            return f"intDiv(toUnixTimestamp64Milli(ts) - {values.whole(self.bounds[0])}, {_HOUR})"
        return f"toInt32({bucket_sql(self.unit)})"

    def place_sql(self, values: Values) -> str:
        """The place of a row on the axis, from 0; only for rows in the range."""
        if self.unit == "hour":
            return self.bucket_sql(values)
        first = self.buckets[0].start
        if self.unit in ("day", "week"):
            since = f"{self.bucket_sql(values)} - {values.whole(first.toordinal() - _EPOCH)}"
            return since if self.unit == "day" else f"intDiv({since}, 7)"
        function = f"toRelative{self.unit.capitalize()}Num"
        begin = values.instant(self.buckets[0].begin)
        return f"{function}(ts, {{timezone:String}}) - {function}({begin}, {{timezone:String}})"

    @property
    def partial(self) -> list[str]:
        """Starts of the units that the range cuts."""
        begin, after = self.bounds
        return [each.key() for each in self.buckets if each.begin < begin or each.end > after]

    def unfinished(self, now: datetime) -> list[str]:
        """Starts of the units that are not over."""
        return [each.key() for each in self.buckets if each.unfinished(now)]

    def trailing_begin(self, days: int) -> int:
        """First millisecond of a window of so many days that ends with the first day."""
        return milliseconds(midnight(self.range.first - timedelta(days=days - 1), self.zone))
