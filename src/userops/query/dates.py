"""Date ranges and the calendar units they are cut into, in the product's time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from userops.words import Words

Unit = Literal["hour", "day", "week", "month", "quarter", "year"]
Preset = Literal[
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month",
    "this_quarter", "last_quarter", "this_year", "last_year", "all_time",
]  # fmt: skip
LastUnit = Literal["day", "week", "month", "year"]

UNIT_WORDS: dict[str, Words] = {
    "hour": Words("小时", "hour"),
    "day": Words("天", "day"),
    "week": Words("周", "week"),
    "month": Words("月", "month"),
    "quarter": Words("季度", "quarter"),
    "year": Words("年", "year"),
}
PRESET_WORDS: dict[str, Words] = {
    "today": Words("今天", "Today"),
    "yesterday": Words("昨天", "Yesterday"),
    "this_week": Words("本周", "This week"),
    "last_week": Words("上周", "Last week"),
    "this_month": Words("本月", "This month"),
    "last_month": Words("上月", "Last month"),
    "this_quarter": Words("本季度", "This quarter"),
    "last_quarter": Words("上季度", "Last quarter"),
    "this_year": Words("今年", "This year"),
    "last_year": Words("去年", "Last year"),
    "all_time": Words("全部时间", "All time"),
}

EARLIEST, LATEST = date(1970, 1, 1), date(2148, 12, 31)
MAX_BUCKETS = 20_000


def bucket_sql(unit: Unit, column: str = "ts") -> str:
    """The SQL expression for the start of a row's unit: a Date, or a DateTime for hours."""
    return {
        "hour": f"toStartOfHour({column}, {{timezone:String}})",
        "day": f"toDate({column}, {{timezone:String}})",
        "week": f"toMonday({column}, {{timezone:String}})",
        "month": f"toStartOfMonth({column}, {{timezone:String}})",
        "quarter": f"toStartOfQuarter({column}, {{timezone:String}})",
        "year": f"toStartOfYear({column}, {{timezone:String}})",
    }[unit]


def start_of(day: date, unit: Unit) -> date:
    """The first day of the calendar unit that holds `day`. Weeks start on Monday."""
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    if unit == "year":
        return day.replace(month=1, day=1)
    return day


def add_units(day: date, count: int, unit: Unit) -> date:
    """`day`, the start of a unit, moved by whole units. Not for hours."""
    if unit == "day":
        return day + timedelta(days=count)
    if unit == "week":
        return day + timedelta(weeks=count)
    months = {"month": 1, "quarter": 3, "year": 12}[unit] * count
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@lru_cache(maxsize=2**14)
def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC; where midnight is skipped by DST, the first after."""
    local = datetime.combine(day, time.min, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).date() < day:  # the wall clock jumped over midnight
        instant += timedelta(hours=1)
    return instant


def milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


class DateRange(BaseModel):
    """Days in the product's time zone, both ends included.

    One of: `{"from": "2026-01-01", "to": "2026-01-31"}` · `{"last": 30, "unit": "day"}` (whole units
    before today; `"include_current": true` adds the running one) · `{"preset": "this_month"}`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    last: int | None = Field(default=None, ge=1, le=3660)
    unit: LastUnit = "day"
    include_current: bool = False
    preset: Preset | None = None

    @model_validator(mode="after")
    def one_form(self) -> Self:
        absolute = self.from_ is not None or self.to is not None
        if absolute + (self.last is not None) + (self.preset is not None) != 1:
            raise ValueError("range_form")
        if absolute and (self.from_ is None or self.to is None):
            raise ValueError("range_form")
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("range_order")
        if self.from_ and self.to and not EARLIEST <= self.from_ <= self.to <= LATEST:
            raise ValueError("range_years")
        return self

    def describe(self) -> Words:
        """In words: the days of an absolute range, or the name of a relative one."""
        if self.from_ is not None:
            return Words(f"{self.from_} 至 {self.to}", f"{self.from_} to {self.to}")
        if self.preset is not None:
            return PRESET_WORDS[self.preset]
        unit = UNIT_WORDS[self.unit]
        plural = "" if self.last == 1 else "s"
        return Words(f"最近 {self.last} {unit.zh}", f"the last {self.last} {unit.en}{plural}")

    def resolve(self, now: datetime, zone: ZoneInfo, first_day: date | None = None) -> DateRange:
        """The same range with absolute days. `first_day` is where `all_time` begins."""
        today = now.astimezone(zone).date()
        if self.from_ is not None:
            assert self.to is not None
            return absolute(self.from_, self.to)
        if self.last is not None:
            begin, end = self._last(today)
        else:
            begin, end = self._preset(today, first_day)
        return absolute(begin, end)

    def _last(self, today: date) -> tuple[date, date]:
        assert self.last is not None
        current = start_of(today, self.unit)
        begin = add_units(current, -self.last, self.unit)
        if not self.include_current:
            return begin, current - timedelta(days=1)
        return add_units(begin, 1, self.unit), today

    def _preset(self, today: date, first_day: date | None) -> tuple[date, date]:
        if self.preset == "all_time":
            return min(first_day or today, today), today
        if self.preset == "today":
            return today, today
        if self.preset == "yesterday":
            return today - timedelta(days=1), today - timedelta(days=1)
        assert self.preset is not None
        which, unit = self.preset.split("_")
        current = start_of(today, unit)  # type: ignore[arg-type]
        if which == "this":
            return current, today
        return add_units(current, -1, unit), current - timedelta(days=1)  # type: ignore[arg-type]

    @property
    def first(self) -> date:
        """The first day of a resolved range."""
        assert self.from_ is not None
        return self.from_

    @property
    def last_day(self) -> date:
        """The last day of a resolved range."""
        assert self.to is not None
        return self.to

    @property
    def days(self) -> int:
        return (self.last_day - self.first).days + 1

    def bounds(self, zone: ZoneInfo) -> tuple[int, int]:
        """First millisecond in the range, and first after it."""
        after = self.last_day + timedelta(days=1)
        return milliseconds(midnight(self.first, zone)), milliseconds(midnight(after, zone))

    def previous(self) -> DateRange:
        """The period of equal length right before."""
        return self.earlier(self.days)

    def earlier(self, days: int) -> DateRange:
        """A period of equal length so many days earlier."""
        span = timedelta(days=days)
        return DateRange.model_construct(from_=self.first - span, to=self.last_day - span)

    def year_before(self) -> DateRange:
        """The same days one year earlier; 29 February becomes the 28th."""
        return DateRange.model_construct(
            from_=_year_before(self.first), to=_year_before(self.last_day)
        )


def absolute(first: date, last: date) -> DateRange:
    """The range of these days, both included."""
    return DateRange.model_validate({"from": first, "to": last})


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One calendar unit of a range. `start` is a date, or an aware local datetime for hours."""

    start: date | datetime
    begin: int
    """First millisecond."""
    end: int
    """First millisecond after."""

    def unfinished(self, now: datetime) -> bool:
        return milliseconds(now) < self.end

    def key(self) -> str:
        """As in JSON: `2026-01-31`, or `2026-01-31T13:00:00+08:00`."""
        return self.start.isoformat()


def begun(starts: Sequence[str], unfinished: Sequence[bool], until: datetime | None) -> int:
    """How many of a range's units, in order, have begun: the first that is not over is running, unless the data ended
    with the one before it (`until`). Of later ones nothing is known: they are left out of charts, not drawn as 0."""
    first = next((at for at, open_ in enumerate(unfinished) if open_), len(starts))
    if first == len(starts) or until is None:
        return min(first + 1, len(starts))
    start = datetime.fromisoformat(starts[first])
    ended = (start if start.tzinfo else start.replace(tzinfo=until.tzinfo)) >= until
    return first + (not ended)


def short_label(key: str, unit: Unit) -> str:
    """A bucket's key as an axis shows it: `2026`, `2026 Q1`, `2026-01`, `2026-01-31`, `01-31 13:00`."""
    if unit == "year":
        return key[:4]
    if unit == "quarter":
        return f"{key[:4]} Q{(int(key[5:7]) + 2) // 3}"
    if unit == "month":
        return key[:7]
    return f"{key[5:10]} {key[11:16]}" if unit == "hour" else key


def buckets(range_: DateRange, unit: Unit, zone: ZoneInfo) -> list[Bucket]:
    """The units that a resolved range touches, in order. The first may begin before the range."""
    if unit == "hour":
        return _hours(range_, zone)
    result = []
    day = start_of(range_.first, unit)
    while day <= range_.last_day:
        following = add_units(day, 1, unit)
        result.append(
            Bucket(day, milliseconds(midnight(day, zone)), milliseconds(midnight(following, zone)))
        )
        day = following
    return result


def _hours(range_: DateRange, zone: ZoneInfo) -> list[Bucket]:
    begin, end = range_.bounds(zone)
    hour = 3_600_000
    return [
        Bucket(datetime.fromtimestamp(at / 1000, tz=zone), at, min(at + hour, end))
        for at in range(begin, end, hour)
    ]
