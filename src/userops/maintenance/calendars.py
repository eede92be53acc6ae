"""Errands of working calendars. The machine's own administrator does them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from userops.calendars import actions
from userops.calendars.models import WorkCalendar
from userops.calendars.reading import own_days
from userops.calendars.telling import calendar_line, due_line
from userops.errors import NotFound
from userops.events.store import Store
from userops.words import Words
from userops.workspace.setup import local_admin
from userops.worktime.table import published_days, written_table


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The calendars of a product, the standard one first."""
    rows = WorkCalendar.objects.filter(product=store.product(product))
    return [calendar_line(each) for each in rows]


def make(store: Store, *, product: str, name: str, **wanted: Any) -> dict[str, Any]:
    """Make a calendar. Raises `Refused`."""
    given = actions.Wanted(name=name, **wanted)
    made = actions.create_calendar(store.product(product), given, acting_user=local_admin())
    return calendar_line(made)


def table(store: Store, *, product: str, calendar: str, year: int | None = None) -> str:
    """The own days as CSV; with a year, its published days."""
    row = _one(store, product, calendar)
    days = dict(own_days(row)) if year is None else published_days(row.calendar(), year, "zh")
    return written_table(days)


def take(store: Store, *, product: str, calendar: str, text: str, replace: bool) -> dict[str, Any]:
    """Take a table of own days; answers what was not taken. Raises `Refused`."""
    row = _one(store, product, calendar)
    found = actions.take_table(row, text, replace=replace, acting_user=local_admin())
    problems = [{"row": each.row, **each.words.as_dict()} for each in found.problems]
    return {"taken": len(found.days), "problems": problems}


def set_day(
    store: Store, *, product: str, calendar: str, day: str, hours: str | None, note: str
) -> None:
    """Say how a day is; no hours: as published."""
    row = _one(store, product, calendar)
    actions.set_day(row, date.fromisoformat(day), hours, text=note, acting_user=local_admin())


def due(store: Store, *, product: str, calendar: str, start: str, minutes: float) -> dict[str, Any]:
    """When so many working minutes have passed since a local time, and why."""
    row = _one(store, product, calendar)
    moment = datetime.fromisoformat(start)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(row.timezone))
    return due_line(row.calendar(), moment, timedelta(minutes=minutes))


def _one(store: Store, product: str, name: str) -> WorkCalendar:
    rows = WorkCalendar.objects.filter(product=store.product(product))
    found = (rows.filter(name=name) if name else rows.filter(standard=True)).first()
    if found is None:
        raise NotFound(
            Words(
                f"没有名为“{name[:60]}”的工作日历。" if name else "这个产品还没有工作日历。",
                f"There is no calendar “{name[:60]}”."
                if name
                else "This product has no working calendar yet.",
            ),
            code="calendar_not_found",
        )
    return found
