"""Working calendars: hours, holidays, own days, and due times with their ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.calendars import actions
from userops.calendars.models import CalendarDay, WorkCalendar
from userops.calendars.telling import calendar_line, due_line
from userops.workspace.roles import Permission

router = Router(tags=["calendars"])


class CalendarIn(RequestBody):
    name: str = Field(max_length=1_000)
    timezone: str = Field("", max_length=60, description="Nothing: the product's")
    week: list[str] = Field(
        list(actions.Wanted("").week),
        min_length=7,
        max_length=7,
        description="Hours of Monday to Sunday: `09:00-12:00 13:30-18:00`, or `off`",
    )
    make_up: str = Field("09:00-18:00", max_length=160, description="Of a make-up workday (调休)")
    region: Literal["CN", ""] = Field("CN", description="Whose public holidays; nothing: none")

    def wanted(self) -> actions.Wanted:
        return actions.Wanted(**self.dict())


class DayIn(RequestBody):
    day: date
    hours: str | None = Field(
        None, max_length=160, description="`off`: a day off; null: as published"
    )
    note: str = Field("", max_length=100)


class DayOut(Schema):
    day: date
    hours: str
    note: str


class TableIn(RequestBody):
    table: str = Field(max_length=1_000_000, description="CSV: `day,hours,note`")
    replace: bool = Field(False, description="Remove days that are not in it")


class DueIn(RequestBody):
    start: datetime | None = Field(None, description="Nothing: now")
    minutes: float = Field(480, ge=0, le=600_000, description="Working minutes")


def _one(request: HttpRequest, product: str, key: int, permission: Permission) -> WorkCalendar:
    found = product_for(request, product, permission)
    return get_object_or_404(WorkCalendar.objects.select_related("product"), product=found, pk=key)


@router.get("/{slug:product}/calendars", response=Page[dict[str, Any]])
def calendars(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """All working calendars, the standard one first."""
    rows = WorkCalendar.objects.filter(product=product_for(request, product, Permission.VIEW))
    return {"total": rows.count(), "items": [calendar_line(each) for each in rows[paging.slice]]}


@router.post("/{slug:product}/calendars", response=dict[str, Any])
def create_calendar(request: HttpRequest, product: str, body: CalendarIn) -> dict[str, Any]:
    """Make a calendar; the first one is the product's standard."""
    found = product_for(request, product, Permission.MANAGE_DESK)
    made = actions.create_calendar(found, body.wanted(), acting_user=caller(request).user)
    return calendar_line(made)


@router.get("/{slug:product}/calendars/{calendar}", response=dict[str, Any])
def calendar(request: HttpRequest, product: str, calendar: Key) -> dict[str, Any]:
    """One calendar, and the years whose holidays are not known."""
    return calendar_line(_one(request, product, calendar, Permission.VIEW))


@router.put("/{slug:product}/calendars/{calendar}", response=dict[str, Any])
def change_calendar(
    request: HttpRequest, product: str, calendar: Key, body: CalendarIn
) -> dict[str, Any]:
    """Change all but its own days; due times of open tickets follow."""
    row = _one(request, product, calendar, Permission.MANAGE_DESK)
    actions.change_calendar(row, body.wanted(), acting_user=caller(request).user)
    return calendar_line(row)


@router.delete("/{slug:product}/calendars/{calendar}", response={204: None})
def delete_calendar(request: HttpRequest, product: str, calendar: Key) -> Status[None]:
    """Not the standard one, nor one that a policy needs."""
    row = _one(request, product, calendar, Permission.MANAGE_DESK)
    actions.delete_calendar(row, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/calendars/{calendar}/standard", response=dict[str, Any])
def make_standard(request: HttpRequest, product: str, calendar: Key) -> dict[str, Any]:
    """Mean this one wherever none is named."""
    row = _one(request, product, calendar, Permission.MANAGE_DESK)
    actions.make_standard(row, acting_user=caller(request).user)
    return calendar_line(row)


@router.get("/{slug:product}/calendars/{calendar}/days", response=list[DayOut])
def own_days(request: HttpRequest, product: str, calendar: Key) -> list[CalendarDay]:
    """The days of which the house says itself how they are."""
    return list(_one(request, product, calendar, Permission.VIEW).days.all())


@router.put("/{slug:product}/calendars/{calendar}/days", response=list[DayOut])
def set_day(request: HttpRequest, product: str, calendar: Key, body: DayIn) -> list[CalendarDay]:
    """Say it of one day."""
    row = _one(request, product, calendar, Permission.MANAGE_DESK)
    actions.set_day(row, body.day, body.hours, text=body.note, acting_user=caller(request).user)
    return list(row.days.all())


@router.post("/{slug:product}/calendars/{calendar}/days/table", response=dict[str, Any])
def take_table(request: HttpRequest, product: str, calendar: Key, body: TableIn) -> dict[str, Any]:
    """Take a table of own days; rows that cannot be read are told and not taken."""
    row = _one(request, product, calendar, Permission.MANAGE_DESK)
    user = caller(request).user
    found = actions.take_table(row, body.table, replace=body.replace, acting_user=user)
    problems = [{"row": each.row, **each.words.as_dict()} for each in found.problems]
    return {"taken": len(found.days), "problems": problems}


@router.get("/{slug:product}/calendars/{calendar}/due", response=dict[str, Any])
def due(request: HttpRequest, product: str, calendar: Key, asked: Query[DueIn]) -> dict[str, Any]:
    """When so much working time has passed since a moment (UTC unless it says otherwise), day by day."""
    row = _one(request, product, calendar, Permission.VIEW)
    start = asked.start or datetime.now(UTC)
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    return due_line(row.calendar(), start, timedelta(minutes=asked.minutes))
