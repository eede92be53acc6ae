"""What tickets say: read, corrected, learned from; and how right the desk is."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.reading import numbered
from userops.feedback.understanding import actions
from userops.feedback.understanding.listing import understanding_of
from userops.feedback.understanding.models import BatchRun
from userops.feedback.understanding.telling import reading_line, run_line, understanding_line
from userops.workspace.roles import Permission

router = Router(tags=["understanding"])


class CorrectionIn(RequestBody):
    """What is given is corrected."""

    category: Key | None = None
    sentiment: Literal["negative", "neutral", "positive"] | None = None
    severity: Literal["urgent", "high", "normal", "low"] | None = None
    complaint: bool | None = None


class PeriodIn(RequestBody):
    """Days on which tickets were opened, both included, in the product's time zone; none given: all."""

    first: date | None = None
    last: date | None = None


class UnderstandingIn(RequestBody):
    auto_apply: bool = Field(description="Sure suggestions sort tickets by themselves")


def _ticket(request: HttpRequest, product: str, number: int) -> Ticket:
    return numbered(product_for(request, product, Permission.HANDLE_TICKETS), number)


def _run(request: HttpRequest, product: str, key: int, permission: Permission) -> BatchRun:
    found = product_for(request, product, permission)
    return get_object_or_404(BatchRun.objects.select_related("by"), product=found, pk=key)


@router.get("/{slug:product}/tickets/{number}/reading", response=dict[str, Any])
def reading(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """What was read in a ticket, what is suggested, and what members decided."""
    return reading_line(_ticket(request, product, number))


@router.post("/{slug:product}/tickets/{number}/reading", response=dict[str, Any])
def read_ticket(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """Read it again now; nothing that members or the desk decided changes."""
    found = _ticket(request, product, number)
    actions.read_now(found, acting_user=caller(request).user)
    return reading_line(found)


@router.patch("/{slug:product}/tickets/{number}/reading", response=dict[str, Any])
def correct_reading(
    request: HttpRequest, product: str, number: Key, body: CorrectionIn
) -> dict[str, Any]:
    """Correct it, or confirm it: the ticket changes, and category and sentiment are learned from."""
    found = _ticket(request, product, number)
    actions.correct(found, **body.dict(), acting_user=caller(request).user)
    return reading_line(found)


@router.post("/{slug:product}/tickets/{number}/reading/accept", response=dict[str, Any])
def accept_reading(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """Sort it as suggested."""
    found = _ticket(request, product, number)
    actions.accept_suggestion(found, acting_user=caller(request).user)
    return reading_line(found)


@router.get("/{slug:product}/understanding", response=dict[str, Any])
def understanding(request: HttpRequest, product: str) -> dict[str, Any]:
    """How right the desk is: k/n and 95% interval on unseen tickets, by category, of keywords, and how
    often members agreed."""
    return understanding_line(
        understanding_of(product_for(request, product, Permission.HANDLE_TICKETS))
    )


@router.patch("/{slug:product}/understanding", response=dict[str, Any])
def set_understanding(request: HttpRequest, product: str, body: UnderstandingIn) -> dict[str, Any]:
    """Whether sure suggestions sort tickets by themselves."""
    found = product_for(request, product, Permission.MANAGE_DESK)
    actions.set_auto_apply(found, body.auto_apply, acting_user=caller(request).user)
    return understanding_line(understanding_of(found))


@router.post("/{slug:product}/understanding/learn", response={204: None})
def learn(request: HttpRequest, product: str) -> Status[None]:
    """Learn from all that members decided, in the background."""
    found = product_for(request, product, Permission.MANAGE_DESK)
    actions.learn_again(found, acting_user=caller(request).user)
    return Status(204, None)


@router.get("/{slug:product}/understanding/runs", response=Page[dict[str, Any]])
def reading_runs(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Readings of many tickets, the newest first."""
    found = product_for(request, product, Permission.HANDLE_TICKETS)
    rows = BatchRun.objects.filter(product=found).select_related("by")
    return {"total": rows.count(), "items": [run_line(each) for each in rows[paging.slice]]}


@router.post("/{slug:product}/understanding/runs", response=dict[str, Any])
def start_reading(request: HttpRequest, product: str, body: PeriodIn) -> dict[str, Any]:
    """Read the tickets of a period anew, in the background."""
    found = product_for(request, product, Permission.MANAGE_DESK)
    user = caller(request).user
    return run_line(actions.start_batch(found, first=body.first, last=body.last, acting_user=user))


@router.get("/{slug:product}/understanding/runs/{run}", response=dict[str, Any])
def reading_run(request: HttpRequest, product: str, run: Key) -> dict[str, Any]:
    """How far one is."""
    return run_line(_run(request, product, run, Permission.HANDLE_TICKETS))


@router.post("/{slug:product}/understanding/runs/{run}/cancel", response=dict[str, Any])
def cancel_reading(request: HttpRequest, product: str, run: Key) -> dict[str, Any]:
    """What was read stays."""
    found = _run(request, product, run, Permission.MANAGE_DESK)
    return run_line(actions.cancel_batch(found, acting_user=caller(request).user))
