"""Which calendar holds, and what is not known of the near future."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from userops.calendars.models import WorkCalendar
from userops.events.models import Product
from userops.worktime.calendar import Calendar, OwnDay
from userops.worktime.hours import parsed

AHEAD = timedelta(days=92)
"""So far ahead the holidays should be known."""


def standard_of(product: Product) -> WorkCalendar | None:
    """The product's standard calendar, once somebody has made one."""
    return WorkCalendar.objects.filter(product=product, standard=True).first()


def calendar_of(product: Product) -> Calendar:
    """The standard calendar; until there is one, Monday to Friday from nine to six, in China."""
    found = standard_of(product)
    return found.calendar() if found else Calendar(ZoneInfo(product.timezone))


def unpublished_years(calendar: Calendar, now: datetime) -> list[int]:
    """This year and the one that begins within three months, where their holidays are not known."""
    today = calendar.day_of(now)
    years = {today.year, (today + AHEAD).year}
    return sorted(year for year in years if not calendar.knows(year))


def own_days(row: WorkCalendar) -> Mapping[date, OwnDay]:
    """The days of the override table, in order."""
    return {each.day: OwnDay(parsed(each.hours), each.note) for each in row.days.all()}
