"""Writes: calendars and their own days. Each checks the permission, validates, and leaves a log row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, ProtectedError

from userops.calendars.following import tell_followers
from userops.calendars.models import CalendarDay, WorkCalendar
from userops.errors import Refused
from userops.events.models import Product
from userops.timezones import timezone_names
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission
from userops.worktime.calendar import OFFICE, OFFICE_WEEK, Calendar
from userops.worktime.hours import parsed, written
from userops.worktime.published import REGIONS
from userops.worktime.table import LONGEST_NOTE, Read, read_table

MOST, MOST_DAYS = 50, 4_000
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a calendar should be; hours as people write them."""

    name: str
    timezone: str = ""
    week: Sequence[str] = tuple(map(written, OFFICE_WEEK))
    make_up: str = written(OFFICE)
    region: str = "CN"


@transaction.atomic
def create_calendar(product: Product, wanted: Wanted, *, acting_user: User) -> WorkCalendar:
    """The first one of a product is its standard. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    rows = WorkCalendar.objects.filter(product=product)
    if rows.count() >= MOST:
        raise _refused(
            f"每个产品最多 {MOST} 个工作日历。",
            f"A product has at most {MOST} calendars.",
            "too_many_calendars",
        )
    made = WorkCalendar(product=product, standard=not rows.exists())
    _write(made, wanted)
    _changed(made, "calendar.created", acting_user)
    return made


@transaction.atomic
def change_calendar(row: WorkCalendar, wanted: Wanted, *, acting_user: User) -> WorkCalendar:
    """All but its own days. Raises `Refused`."""
    check(acting_user, row.product, Permission.MANAGE_DESK)
    _write(row, wanted)
    _changed(row, "calendar.changed", acting_user, week=list(wanted.week), region=wanted.region)
    return row


@transaction.atomic
def make_standard(row: WorkCalendar, *, acting_user: User) -> WorkCalendar:
    """Mean this one wherever none is named."""
    check(acting_user, row.product, Permission.MANAGE_DESK)
    WorkCalendar.objects.filter(product=row.product, standard=True).update(standard=False)
    row.standard = True
    row.save(update_fields=["standard"])
    _changed(row, "calendar.made_standard", acting_user)
    return row


@transaction.atomic
def delete_calendar(row: WorkCalendar, *, acting_user: User) -> None:
    """Not the standard one, nor one that a policy needs. Raises `Refused`."""
    check(acting_user, row.product, Permission.MANAGE_DESK)
    if row.standard:
        raise _refused(
            "标准日历不能删除。", "The standard calendar cannot be deleted.", "calendar_standard",
            Words("请先把另一个日历设为标准。", "Make another one the standard first."),
        )  # fmt: skip
    try:
        row.delete()
    except ProtectedError:
        raise _refused(
            "仍有时限规则使用这个日历，不能删除。",
            "A deadline policy still uses this calendar: it cannot be deleted.",
            "calendar_in_use",
        ) from None
    note(acting_user, "calendar.deleted", product=row.product, target=row.name)


@transaction.atomic
def set_day(
    row: WorkCalendar, day: date, hours: str | None, *, text: str = "", acting_user: User
) -> WorkCalendar:
    """Say how a day is: its hours, `off`; None: as the week and the published holidays say."""
    check(acting_user, row.product, Permission.MANAGE_DESK)
    if hours is None:
        row.days.filter(day=day).delete()
    else:
        if row.days.exclude(day=day).count() >= MOST_DAYS:
            raise _refused(
                f"一个日历最多 {MOST_DAYS} 个自定义日。",
                f"A calendar has at most {MOST_DAYS} own days.",
                "too_many_own_days",
            )
        given = {"hours": written(parsed(hours)), "note": " ".join(text.split())[:LONGEST_NOTE]}
        row.days.update_or_create(day=day, defaults=given)
    _changed(row, "calendar.day", acting_user, day=day.isoformat(), hours=hours)
    return row


@transaction.atomic
def take_table(row: WorkCalendar, text: str, *, replace: bool = False, acting_user: User) -> Read:
    """Take the days of a CSV table (`worktime.table`); rows that cannot be read are told and not taken.

    `replace`: days that are not in the table go. Raises `Refused` when nothing in it can be read.
    """
    check(acting_user, row.product, Permission.MANAGE_DESK)
    found = read_table(text)
    if not found.days and found.problems:
        raise Refused(found.problems[0].words, code="calendar_table_row")
    if replace:
        row.days.all().delete()
    made = [
        CalendarDay(calendar=row, day=day, hours=written(own.hours), note=own.note)
        for day, own in found.days.items()
    ]
    CalendarDay.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["calendar", "day"],
        update_fields=["hours", "note"],
    )  # fmt: skip
    if row.days.count() > MOST_DAYS:
        raise _refused(
            f"一个日历最多 {MOST_DAYS} 个自定义日。",
            f"A calendar has at most {MOST_DAYS} own days.",
            "too_many_own_days",
        )
    _changed(row, "calendar.table", acting_user, days=len(made), replace=replace)
    return found


def _write(row: WorkCalendar, wanted: Wanted) -> None:
    row.name = name_of(wanted.name, LONGEST_NAME)
    others = WorkCalendar.objects.filter(product=row.product, name=row.name).exclude(pk=row.pk)
    if others.exists():
        raise _refused(
            f"已有名为“{row.name}”的日历。",
            f"There is a calendar named “{row.name}” already.",
            "calendar_name_taken",
        )
    row.timezone = wanted.timezone or row.product.timezone
    if row.timezone not in timezone_names():
        raise _refused(
            f"没有时区 {row.timezone[:60]!r}。",
            f"There is no time zone {row.timezone[:60]!r}.",
            "timezone_unknown",
        )
    if wanted.region not in REGIONS:
        raise _refused(
            f"region 应为 {', '.join(map(repr, REGIONS))}；实际为 {wanted.region[:20]!r}。",
            f"region must be one of {', '.join(map(repr, REGIONS))}; got {wanted.region[:20]!r}.",
            "calendar_region",
        )
    week, make_up = tuple(map(parsed, wanted.week)), parsed(wanted.make_up)
    Calendar(ZoneInfo(row.timezone), week, wanted.region, make_up)  # type: ignore[arg-type]
    row.week, row.make_up, row.region = list(map(written, week)), written(make_up), wanted.region
    row.save()


def _changed(row: WorkCalendar, action: str, user: User, **details: Any) -> None:
    WorkCalendar.objects.filter(pk=row.pk).update(version=F("version") + 1)
    row.refresh_from_db()
    note(user, action, product=row.product, target=row.name, **details)
    tell_followers(row)


def _refused(zh: str, en: str, code: str, hint: Words | None = None) -> Refused:
    return Refused(Words(zh, en), code=code, hint=hint)
