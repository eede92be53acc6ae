"""Feedback tickets: found, read, answered, changed, merged, split; categories, teams and macros."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key
from userops.events.models import Product
from userops.feedback.inbox import actions as inbox
from userops.feedback.inbox import listing
from userops.feedback.inbox.filters import Filters
from userops.feedback.inbox.models import Macro
from userops.feedback.sorting.models import Team
from userops.feedback.tickets import actions
from userops.feedback.tickets.actions import Change
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.reading import numbered, told, told_whole
from userops.workspace.access import permissions_in
from userops.workspace.models import User
from userops.workspace.roles import Permission

router = Router(tags=["tickets"])
HANDLE = Permission.HANDLE_TICKETS
StatusName = Literal["new", "open", "waiting", "handed_over", "solved", "closed", "spam"]
SeverityName = Literal["urgent", "high", "normal", "low"]
LONG = 100_000


class TicketOut(Schema):
    number: int
    subject: str
    text: str
    status: str
    severity: str
    sentiment: str
    complaint: bool
    category: str | None
    category_id: int | None
    channel: str
    name: str
    distinct_id: str = Field(description="Masked for roles that may not see single users")
    email: str
    phone: str
    owner: str | None
    team: str | None
    language: str
    tier: str
    area: str
    app_version: str
    device: str
    root_cause: str
    solution: str
    prevention: str
    merged_into: int | None
    opened: datetime
    answered: datetime | None
    heard: datetime
    spoken: datetime | None
    solved: datetime | None
    closed: datetime | None
    updated: datetime
    due: datetime | None


class FileOut(Schema):
    name: str
    media_type: str
    size: int


class MessageOut(Schema):
    id: int
    ticket: int
    at: datetime
    direction: str
    channel: str
    author: str | None
    text: str
    files: list[FileOut]


class HappenedOut(Schema):
    at: datetime
    kind: str
    by: str | None
    data: dict[str, Any]


class LinkOut(Schema):
    relation: str
    kind: str
    key: str


class WholeTicketOut(TicketOut):
    messages: list[MessageOut]
    history: list[HappenedOut]
    links: list[LinkOut]


class TicketPage(Schema):
    """`after` is the cursor of the next page, empty on the last; `total` counts to 1,001."""

    total: int
    after: str
    items: list[TicketOut]


class TicketFilters(Schema):
    q: str = Field("", max_length=200, description="Words of anything that was said")
    status: str = Field("active", max_length=20, description="active, all, or one status")
    owner: str = Field("", max_length=16, description="me, none, or a member's key")
    team: str = Field("", max_length=16, description="me (my teams), none, or a team's key")
    category: str = Field("", max_length=16, description="none, or a key: with all below it")
    severity: str = Field("", max_length=10)
    sentiment: str = Field("", max_length=10)
    channel: str = Field("", max_length=20)
    complaint: str = Field("", max_length=3, description="yes")
    late: str = Field("", max_length=3, description="yes: its deadline has passed")
    order: str = Field("updated", max_length=10, description="updated, opened or due")


class ChangeIn(Changes):
    """What is given is changed; `null` takes category, team or owner away. Owners are given by e-mail."""

    status: StatusName | None = None
    subject: str | None = Field(None, max_length=300)
    category: Key | None = None
    severity: SeverityName | None = None
    sentiment: Literal["", "negative", "neutral", "positive"] | None = None
    complaint: bool | None = None
    tier: str | None = Field(None, max_length=60)
    area: str | None = Field(None, max_length=100)
    app_version: str | None = Field(None, max_length=60)
    owner: str | None = Field(None, max_length=254)
    team: Key | None = None
    root_cause: str | None = Field(None, max_length=LONG)
    solution: str | None = Field(None, max_length=LONG)
    prevention: str | None = Field(None, max_length=LONG)

    def change(self) -> Change:
        given = self.dict(exclude_unset=True)
        nullable = {"category", "team", "owner"}
        wanted = {
            name: each for name, each in given.items() if each is not None or name in nullable
        }
        if wanted.get("owner") is not None:
            # an unknown one is refused by the action, like one who handles no tickets
            found = User.objects.filter(email=wanted["owner"].lower()).first()
            wanted["owner"] = found.pk if found else 0
        return Change(**wanted)


class AnswerIn(RequestBody):
    text: str = Field(max_length=LONG)
    status: StatusName | Literal[""] = ""


class TextIn(RequestBody):
    text: str = Field(max_length=LONG)


class HandOverIn(RequestBody):
    team: Key
    text: str = Field("", max_length=LONG, description="What they should know: becomes a note")


class NumbersIn(RequestBody):
    tickets: list[Key] = Field(min_length=1, max_length=100)


class SplitIn(RequestBody):
    messages: list[Key] = Field(min_length=1, max_length=500)
    subject: str = Field("", max_length=300)


class ManyIn(RequestBody):
    tickets: list[Key] = Field(min_length=1, max_length=inbox.MOST_AT_ONCE)
    change: ChangeIn


class RefusedOut(Schema):
    ticket: int
    code: str
    message: str


class ManyOut(Schema):
    done: list[int]
    refused: list[RefusedOut]


def _whole(request: HttpRequest, product: Product) -> bool:
    return Permission.SEE_PEOPLE in permissions_in(caller(request).user, product)


def _one(request: HttpRequest, product: str, number: int) -> Ticket:
    return numbered(product_for(request, product, HANDLE), number)


def _told(request: HttpRequest, ticket: Ticket) -> dict[str, Any]:
    return told(ticket, whole=_whole(request, ticket.product))


@router.get("/{slug:product}/tickets", response=TicketPage)
def ticket_list(
    request: HttpRequest,
    product: str,
    filters: Query[TicketFilters],
    after: str = Query("", max_length=60),
    limit: int = Query(100, ge=1, le=1_000),
) -> dict[str, Any]:
    """A page of tickets, as the inbox finds them."""
    found = product_for(request, product, HANDLE)
    chosen = Filters.exactly(filters.dict())
    page = listing.page(chosen, found, caller(request).user, after=after, limit=limit)
    whole = _whole(request, found)
    items = [told(each, whole=whole) for each in page.rows]
    return {"total": page.total, "after": page.after, "items": items}


@router.get("/{slug:product}/tickets/{number}", response=WholeTicketOut)
def ticket(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """A ticket with its messages, its history and its links."""
    found = _one(request, product, number)
    return told_whole(found, whole=_whole(request, found.product))


@router.patch("/{slug:product}/tickets/{number}", response=TicketOut)
def change_ticket(
    request: HttpRequest, product: str, number: Key, body: ChangeIn
) -> dict[str, Any]:
    """Change what is given."""
    found = _one(request, product, number)
    actions.change_ticket(found, body.change(), acting_user=caller(request).user)
    return _told(request, found)


@router.patch("/{slug:product}/tickets", response=ManyOut)
def change_tickets(request: HttpRequest, product: str, body: ManyIn) -> dict[str, Any]:
    """The same change to many; what one refuses does not hold up the others."""
    found, user = product_for(request, product, HANDLE), caller(request).user
    outcome = inbox.change_many(found, body.tickets, body.change.change(), acting_user=user)
    refused = [
        {"ticket": number, "code": wrong.code, "message": wrong.words.en}
        for number, wrong in outcome.refused.items()
    ]
    return {"done": list(outcome.done), "refused": refused}


@router.post("/{slug:product}/tickets/{number}/answers", response=TicketOut)
def answer_ticket(
    request: HttpRequest, product: str, number: Key, body: AnswerIn
) -> dict[str, Any]:
    """Words to the user, by the channel he came by."""
    found, user = _one(request, product, number), caller(request).user
    actions.answer(found, body.text, status=body.status, acting_user=user)
    return _told(request, found)


@router.post("/{slug:product}/tickets/{number}/notes", response=TicketOut)
def note_ticket(request: HttpRequest, product: str, number: Key, body: TextIn) -> dict[str, Any]:
    """Words among members; `@name` tells somebody."""
    found = _one(request, product, number)
    actions.add_note(found, body.text, acting_user=caller(request).user)
    return _told(request, found)


@router.post("/{slug:product}/tickets/{number}/hand-over", response=TicketOut)
def hand_over_ticket(
    request: HttpRequest, product: str, number: Key, body: HandOverIn
) -> dict[str, Any]:
    """Another team goes on with it."""
    found = _one(request, product, number)
    team = get_object_or_404(Team, product=found.product, pk=body.team)
    actions.hand_over(found, team, body.text, acting_user=caller(request).user)
    return _told(request, found)


@router.post("/{slug:product}/tickets/{number}/merge", response=TicketOut)
def merge_tickets(
    request: HttpRequest, product: str, number: Key, body: NumbersIn
) -> dict[str, Any]:
    """The matter of the given tickets goes on in this one. `unmerge` undoes it."""
    found = _one(request, product, number)
    children = [numbered(found.product, each) for each in body.tickets]
    actions.merge(found, children, acting_user=caller(request).user)
    return _told(request, found)


@router.post("/{slug:product}/tickets/{number}/unmerge", response=TicketOut)
def unmerge_ticket(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """A merged ticket goes on by itself again."""
    found = _one(request, product, number)
    actions.unmerge(found, acting_user=caller(request).user)
    return _told(request, found)


@router.post("/{slug:product}/tickets/{number}/split", response=TicketOut)
def split_ticket(request: HttpRequest, product: str, number: Key, body: SplitIn) -> dict[str, Any]:
    """Some of its messages become a ticket of their own, which is answered."""
    found, user = _one(request, product, number), caller(request).user
    fresh = actions.split(found, body.messages, subject=body.subject, acting_user=user)
    return _told(request, fresh)


@router.put("/{slug:product}/tickets/{number}/related/{other}", response={204: None})
def relate_tickets(request: HttpRequest, product: str, number: Key, other: Key) -> Status[None]:
    """Two tickets have to do with each other."""
    found = _one(request, product, number)
    second = numbered(found.product, other)
    actions.relate(found, second, acting_user=caller(request).user)
    return Status(204, None)


@router.delete("/{slug:product}/tickets/{number}/related/{other}", response={204: None})
def unrelate_tickets(request: HttpRequest, product: str, number: Key, other: Key) -> Status[None]:
    """They have not, after all."""
    found = _one(request, product, number)
    second = numbered(found.product, other)
    actions.unrelate(found, second, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/tickets/{number}/macros/{macro}", response=TicketOut)
def run_macro(request: HttpRequest, product: str, number: Key, macro: Key) -> dict[str, Any]:
    """Do what a macro says: all of it or nothing."""
    found = _one(request, product, number)
    row = get_object_or_404(Macro, product=found.product, pk=macro)
    inbox.run_macro(row, found, acting_user=caller(request).user)
    found.refresh_from_db()
    return _told(request, found)
