"""A day, or a minute of a day, on the wall clock of a product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from userops.errors import Refused
from userops.query.dates import EARLIEST, LATEST
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Moment:
    """Without `time`, the whole day."""

    day: date
    time: time | None = None

    @property
    def earliest(self) -> datetime:
        return datetime.combine(self.day, self.time or time.min)

    @property
    def latest(self) -> datetime:
        return datetime.combine(self.day, self.time or time.max)

    def text(self) -> str:
        """`2026-01-05`, or `2026-01-05 20:00`."""
        return f"{self.day} {self.time:%H:%M}" if self.time else str(self.day)

    def key(self) -> str:
        """As in JSON: `2026-01-05`, or `2026-01-05T20:00`."""
        return f"{self.day}T{self.time:%H:%M}" if self.time else str(self.day)


def read_moment(text: str, zone: ZoneInfo) -> Moment:
    """A date, or a date with a time; one with an offset is told on the wall clock of `zone`.

    Raises `Refused`.
    """
    text = text.strip()
    try:
        if len(text) == len("2026-01-05"):
            found = Moment(date.fromisoformat(text))
        else:
            at = datetime.fromisoformat(text)
            local = at.astimezone(zone) if at.tzinfo else at
            found = Moment(local.date(), local.time().replace(second=0, microsecond=0))
    except (ValueError, OverflowError):
        raise _unreadable(text) from None
    if not EARLIEST <= found.day <= LATEST:
        raise _unreadable(text)
    return found


def _unreadable(text: str) -> Refused:
    got = text[:40]
    return Refused(
        Words(
            f"时间应形如 2026-01-05 或 2026-01-05T20:00；实际为 {got!r}。",
            f"A time looks like 2026-01-05 or 2026-01-05T20:00; got {got!r}.",
        ),
        code="moment_invalid",
    )
