"""Report schedules: what is built when, to whom it goes, and what was sent."""

from __future__ import annotations

from datetime import time
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.reports.schedules import actions
from userops.reports.schedules.models import Dispatch, Schedule
from userops.reports.schedules.tasks import carry_out_now
from userops.reports.schedules.telling import dry_run, run_line, schedule_line
from userops.workspace.roles import Permission

router = Router(tags=["report schedules"])


class ScheduleIn(RequestBody):
    name: str = Field(max_length=1_000)
    kind: str = Field("user-analysis", max_length=40)
    cadence: Literal["weekly", "monthly", "first_working_day"] = "first_working_day"
    about: Literal["week", "month", "quarter"] = Field(
        "month", description="The last whole one before the day on which it is due"
    )
    weekday: int = Field(0, ge=0, le=6, description="0 is Monday; for weekly")
    day: int = Field(1, ge=1, le=31, description="For monthly; 31 is the last day")
    at: time = Field(time(9), description="In the product's time zone")
    shift: bool = Field(True, description="A day off gives way to the next working day")
    formats: list[Literal["docx", "pptx", "xlsx", "pdf", "html"]] = ["docx", "pdf"]
    languages: list[Literal["zh", "en"]] = ["zh"]
    attach: bool = Field(True, description="Send the files; else only the link")
    members: list[Key] = Field([], max_length=500)
    addresses: list[str] = Field([], max_length=50)
    channels: list[Key] = Field([], max_length=50)

    def wanted(self) -> actions.Wanted:
        return actions.Wanted(**self.dict())


class ScheduleState(RequestBody):
    active: bool


def _one(request: HttpRequest, product: str, key: int) -> Schedule:
    found = product_for(request, product, Permission.WRITE_REPORTS)
    return get_object_or_404(Schedule.objects.select_related("product"), product=found, pk=key)


@router.get("/{slug:product}/report-schedules", response=Page[dict[str, Any]])
def schedules(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """All schedules with their last run, by name."""
    found = product_for(request, product, Permission.WRITE_REPORTS)
    rows = Schedule.objects.filter(product=found)
    return {"total": rows.count(), "items": [schedule_line(each) for each in rows[paging.slice]]}


@router.post("/{slug:product}/report-schedules", response=dict[str, Any])
def create_schedule(request: HttpRequest, product: str, body: ScheduleIn) -> dict[str, Any]:
    """Have a report built and sent by itself."""
    found = product_for(request, product, Permission.WRITE_REPORTS)
    made = actions.create_schedule(found, body.wanted(), acting_user=caller(request).user)
    return schedule_line(made)


@router.get("/{slug:product}/report-schedules/{schedule}", response=dict[str, Any])
def schedule(request: HttpRequest, product: str, schedule: Key) -> dict[str, Any]:
    """One schedule, and what its next run would do."""
    row = _one(request, product, schedule)
    return {**schedule_line(row), "next": dry_run(row)}


@router.put("/{slug:product}/report-schedules/{schedule}", response=dict[str, Any])
def change_schedule(
    request: HttpRequest, product: str, schedule: Key, body: ScheduleIn
) -> dict[str, Any]:
    """Change all of it; what was sent stays sent."""
    row = _one(request, product, schedule)
    actions.change_schedule(row, body.wanted(), acting_user=caller(request).user)
    return schedule_line(row)


@router.patch("/{slug:product}/report-schedules/{schedule}", response=dict[str, Any])
def set_state(
    request: HttpRequest, product: str, schedule: Key, body: ScheduleState
) -> dict[str, Any]:
    """Pause it, or go on with the next due time."""
    row = _one(request, product, schedule)
    act = actions.resume if body.active else actions.pause
    return schedule_line(act(row, acting_user=caller(request).user))


@router.delete("/{slug:product}/report-schedules/{schedule}", response={204: None})
def delete_schedule(request: HttpRequest, product: str, schedule: Key) -> Status[None]:
    """Its reports stay."""
    actions.delete_schedule(_one(request, product, schedule), acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/report-schedules/{schedule}/run", response=dict[str, Any])
def run_schedule(request: HttpRequest, product: str, schedule: Key) -> dict[str, Any]:
    """Build and send the last whole period now; refused when that was done before."""
    run = actions.run_now(_one(request, product, schedule), acting_user=caller(request).user)
    carry_out_now()
    return run_line(run)


@router.get("/{slug:product}/report-schedules/{schedule}/runs", response=Page[dict[str, Any]])
def runs(request: HttpRequest, product: str, schedule: Key, paging: Pages) -> dict[str, Any]:
    """What was sent to whom, with the hashes of the files; the newest first."""
    rows = _one(request, product, schedule).runs.all()
    return {"total": rows.count(), "items": [run_line(each) for each in rows[paging.slice]]}


@router.post(
    "/{slug:product}/report-schedules/{schedule}/mails/{mail}/send",
    response=dict[str, Any],
)
def send_again(request: HttpRequest, product: str, schedule: Key, mail: Key) -> dict[str, Any]:
    """Send a mail again that failed, or of which nobody knows whether it arrived."""
    row = _one(request, product, schedule)
    found = get_object_or_404(Dispatch, run__schedule=row, pk=mail)
    actions.send_again(found, acting_user=caller(request).user)
    carry_out_now()
    return run_line(found.run)
