"""What one person did: events newest first, by day and session; activity by day; totals.

A session is what has the sender's session id in common; where there is none, events less than 30 minutes
apart. A session ends with its day, in the product's time zone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from userops.events.engine import Engine
from userops.events.fields import FIELDS

GAP = timedelta(minutes=30)
_LATEST = 2**42
"""After every time that can be stored, in ms."""
_DAY = 86_400_000
_SPANS = (30, 120, 0)
"""Days that are looked at one after the other; 0 is all of them."""
_COLUMNS = tuple(field.name for field in FIELDS)


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a person. `fields` holds the standard properties that it has."""

    ts: datetime
    event: str
    fields: dict[str, Any]
    properties: dict[str, Any]
    place: int = 0
    """How many events of the same millisecond come before it."""

    @property
    def cursor(self) -> str:
        """Where the page after this event begins."""
        return f"{_milliseconds(self.ts)}.{self.place + 1}"


@dataclass(slots=True)
class Session:
    """Events that belong together, newest first."""

    moments: list[Moment]

    @property
    def begun(self) -> datetime:
        return self.moments[-1].ts

    @property
    def seconds(self) -> float:
        return (self.moments[0].ts - self.moments[-1].ts).total_seconds()


@dataclass(slots=True)
class Day:
    """A day of the product's time zone, with its sessions, newest first."""

    day: date
    sessions: list[Session]


@dataclass(frozen=True, slots=True)
class EventTotal:
    event: str
    events: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Totals of one person. `first` and `last` are None when there are no events."""

    events: int
    first: datetime | None
    last: datetime | None
    by_event: list[EventTotal] = field(default_factory=list)


@cache
def _sql(name: str) -> Template:
    return Template(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def moments(
    engine: Engine, product: int, uids: Sequence[int], *, before: str = "", limit: int = 100
) -> list[Moment]:
    """Events of the uids, newest first; `before` is the `cursor` of the last one shown so far.

    Raises `ValueError` for a cursor that is none.
    """
    ts, _dot, shown = before.partition(".") if before else (str(_LATEST), ".", "0")
    values: dict[str, Any] = {"product": product, "uids": list(uids), "limit": limit}
    values |= {"until": int(ts), "shown": int(shown), "reach": limit + int(shown)}
    reached = _reached(engine, values)
    if reached is None:
        return []
    values["reached"] = reached
    sql = _sql("timeline.sql").substitute(columns=", ".join(_COLUMNS))
    found: list[Moment] = []
    for row in engine.rows(sql, values):
        when = _milliseconds(_utc(row[0]))
        place = int(shown) if when == int(ts) else 0
        if found and _milliseconds(found[-1].ts) == when:
            place = found[-1].place + 1
        found.append(_moment(row, place))
    return found


def _reached(engine: Engine, values: Mapping[str, Any]) -> int | None:
    """How far back a page reaches; None when nobody did anything. Looked for in the newest days first: what
    is older is mostly not needed, and costs a reading of every month."""
    newest = engine.value("select toUnixTimestamp64Milli(max(ts)) from events")
    until = min(int(newest), values["until"])
    for days in _SPANS:
        since = until - days * _DAY if days else 0
        sql = _sql("timeline_reach.sql").template
        reached, events = engine.rows(sql, {**values, "since": since})[0]
        if events == values["reach"] or not since:
            return int(reached) if events else None
    raise AssertionError("unreachable")


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(row: Sequence[Any], place: int) -> Moment:
    ts, event, *columns, props = row
    known = {
        name: value
        for name, value in zip(_COLUMNS, columns, strict=True)
        if value is not None and value != ""
    }
    return Moment(_utc(ts), event, known, orjson.loads(props), place)


def all_moments(
    engine: Engine, product: int, uids: Sequence[int], *, page: int = 5_000
) -> Iterator[Moment]:
    """Every event of the uids, newest first, read page by page."""
    cursor = ""
    while found := moments(engine, product, uids, before=cursor, limit=page):
        yield from found
        if len(found) < page:
            return
        cursor = found[-1].cursor


def by_day(found: Sequence[Moment], timezone: str) -> list[Day]:
    """Group events, newest first, into days and sessions."""
    zone, days = ZoneInfo(timezone), list[Day]()
    previous: Moment | None = None
    for moment in found:
        day = moment.ts.astimezone(zone).date()
        if not days or days[-1].day != day:
            days.append(Day(day, []))
            previous = None
        if previous is None or not _together(previous, moment):
            days[-1].sessions.append(Session([]))
        days[-1].sessions[-1].moments.append(moment)
        previous = moment
    return days


def _together(later: Moment, earlier: Moment) -> bool:
    one, other = later.fields.get("session"), earlier.fields.get("session")
    if one and other:
        return bool(one == other)
    return later.ts - earlier.ts < GAP


def activity(
    engine: Engine, product: int, uids: Sequence[int], *, year: int, timezone: str
) -> dict[date, int]:
    """Events on each day of a year on which there were any."""
    values = {
        "product": product,
        "uids": list(uids),
        "timezone": timezone,
        "first": f"{year:04}-01-01 00:00:00",
        "end": f"{year + 1:04}-01-01 00:00:00",
    }
    return dict(engine.rows(_sql("activity.sql").template, values))  # type: ignore[arg-type]


def summary(engine: Engine, product: int, uids: Sequence[int]) -> Summary:
    """How much a person did, since when, and what."""
    values = {"product": product, "uids": list(uids)}
    rows = engine.rows(_sql("summary.sql").template, values)
    if not rows:
        return Summary(0, None, None)
    return Summary(
        events=sum(row[1] for row in rows),
        first=_utc(min(row[2] for row in rows)),
        last=_utc(max(row[3] for row in rows)),
        by_event=[EventTotal(row[0], row[1]) for row in rows],
    )
