"""Deadlines of tickets: policies, clocks with their ledger, how much was in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.feedback.clocks import actions
from userops.feedback.clocks.models import Policy
from userops.feedback.clocks.ontime import on_time
from userops.feedback.clocks.reading import instances_of
from userops.feedback.clocks.steps import Step
from userops.feedback.clocks.telling import clock_line, on_time_line, policy_line
from userops.feedback.tickets.models import Ticket
from userops.workspace.roles import Permission

router = Router(tags=["deadlines"])
_MINUTES = Field(None, ge=0, le=actions.LONGEST_TARGET, description="Working minutes")


class StepIn(RequestBody):
    percent: int = Field(ge=1, le=1_000, description="Of the target; from 100 on an alarm")
    tell: list[Literal["owner", "team", "managers"]] = ["owner"]
    channels: list[Key] = Field([], max_length=50)


class PolicyIn(RequestBody):
    name: str = Field(max_length=1_000)
    severities: list[Literal["urgent", "high", "normal", "low"]] = []
    categories: list[Key] = Field([], max_length=500, description="Whole branches, by key")
    tiers: list[str] = Field([], max_length=50)
    calendar: Key | None = Field(None, description="Nothing: the standard one")
    first: int | None = _MINUTES
    next: int | None = _MINUTES
    resolution: int | None = _MINUTES
    team: int | None = _MINUTES
    steps: list[StepIn] | None = Field(None, max_length=10, description="Nothing: 50, 80, 100%")

    def wanted(self) -> actions.Wanted:
        given = self.dict(exclude={"steps"})
        if self.steps is None:
            return actions.Wanted(**given)
        steps = [Step(each.percent, tuple(each.tell), tuple(each.channels)) for each in self.steps]
        return actions.Wanted(**given, steps=steps)


class PolicyState(Changes):
    """Any of them."""

    active: bool | None = None
    move: Literal["up", "down"] | None = None


class Days(Schema):
    first: date | None = Field(None, description="Due from; by default 29 days before the last")
    last: date | None = Field(None, description="Due to, included; by default today")
    kind: Literal["first", "next", "resolution", "team"] = "resolution"


def _policy(request: HttpRequest, product: str, key: int) -> Policy:
    found = product_for(request, product, Permission.MANAGE_DESK)
    return get_object_or_404(Policy.objects.select_related("product"), product=found, pk=key)


@router.get("/{slug:product}/deadline-policies", response=Page[dict[str, Any]])
def policies(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """What is promised, in the order in which it is tried."""
    found = product_for(request, product, Permission.HANDLE_TICKETS)
    rows = Policy.objects.filter(product=found).prefetch_related("categories")
    return {"total": rows.count(), "items": [policy_line(each) for each in rows[paging.slice]]}


@router.post("/{slug:product}/deadline-policies", response=dict[str, Any])
def create_policy(request: HttpRequest, product: str, body: PolicyIn) -> dict[str, Any]:
    """Promise something; it is tried last."""
    found = product_for(request, product, Permission.MANAGE_DESK)
    made = actions.create_policy(found, body.wanted(), acting_user=caller(request).user)
    return policy_line(made)


@router.put("/{slug:product}/deadline-policies/{policy}", response=dict[str, Any])
def change_policy(
    request: HttpRequest, product: str, policy: Key, body: PolicyIn
) -> dict[str, Any]:
    """Change all of it; running clocks follow, what has ended stays as it was judged."""
    row = _policy(request, product, policy)
    return policy_line(actions.change_policy(row, body.wanted(), acting_user=caller(request).user))


@router.patch("/{slug:product}/deadline-policies/{policy}", response=dict[str, Any])
def move_policy(
    request: HttpRequest, product: str, policy: Key, body: PolicyState
) -> dict[str, Any]:
    """Switch it on or off, or try it earlier or later."""
    row, user = _policy(request, product, policy), caller(request).user
    if body.active is not None:
        actions.switch_policy(row, active=body.active, acting_user=user)
    if body.move is not None:
        actions.move_policy(row, up=body.move == "up", acting_user=user)
    return policy_line(row)


@router.delete("/{slug:product}/deadline-policies/{policy}", response={204: None})
def delete_policy(request: HttpRequest, product: str, policy: Key) -> Status[None]:
    """What it has judged stays."""
    actions.delete_policy(_policy(request, product, policy), acting_user=caller(request).user)
    return Status(204, None)


@router.get("/{slug:product}/tickets/{number}/deadlines", response=list[dict[str, Any]])
def clocks(request: HttpRequest, product: str, number: Key) -> list[dict[str, Any]]:
    """The clocks of a ticket by today's policies, each with its ledger day by day."""
    found = product_for(request, product, Permission.HANDLE_TICKETS)
    ticket = get_object_or_404(Ticket, product=found, number=number)
    now = datetime.now(UTC)
    return [clock_line(each, now) for each in instances_of(ticket)]


@router.get("/{slug:product}/on-time", response=dict[str, Any])
def kept(request: HttpRequest, product: str, days: Query[Days]) -> dict[str, Any]:
    """How much of what was due in these days was in time: k/n with its parts; nothing due: no share."""
    found = product_for(request, product, Permission.VIEW)
    now = datetime.now(UTC)
    last = days.last or now.astimezone(ZoneInfo(found.timezone)).date()
    first = days.first or last - timedelta(days=29)
    return on_time_line(on_time(found, first, last, days.kind, now))
