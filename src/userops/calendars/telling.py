"""A calendar, and a due time with its ledger, as programs read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from userops.calendars.models import WorkCalendar
from userops.calendars.reading import unpublished_years
from userops.worktime.calendar import Calendar
from userops.worktime.clock import due
from userops.worktime.hours import written
from userops.worktime.ledger import Line, ledger, uncertain


def calendar_line(row: WorkCalendar) -> dict[str, Any]:
    """One calendar without its own days."""
    names = ("name", "timezone", "week", "make_up", "region", "standard", "version")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "own_days": row.days.count(),
        "unpublished_years": unpublished_years(row.calendar(), datetime.now(UTC)),
    }


def due_line(calendar: Calendar, start: datetime, target: timedelta) -> dict[str, Any]:
    """A due time, why it is so, and the years of which it is only supposed. Raises `Refused`."""
    end = due(calendar, start, target)
    return {
        "due": end.isoformat(timespec="seconds"),
        "local": f"{end.astimezone(calendar.zone):%Y-%m-%d %H:%M:%S}",
        "supposed_years": list(uncertain(calendar, start, end)),
        "days": [ledger_line(each) for each in ledger(calendar, start, end, target)],
    }


def ledger_line(line: Line) -> dict[str, Any]:
    """One day; lengths in minutes."""
    return {
        "day": line.day.isoformat(),
        "hours": written(line.hours),
        "source": line.source,
        "occasion": line.words.as_dict() if line.words else None,
        "counted": line.counted / timedelta(minutes=1),
        "paused": line.paused / timedelta(minutes=1),
        "left": line.left / timedelta(minutes=1),
    }
