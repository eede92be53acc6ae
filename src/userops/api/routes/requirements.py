"""Requirements: what users ask for, how many asked, how far it is, and telling them that it shipped."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key
from userops.events.store import current
from userops.feedback.requirements import actions
from userops.feedback.requirements.models import Requirement
from userops.feedback.requirements.ranking import ranked
from userops.feedback.requirements.reading import of_product, told, told_whole
from userops.feedback.tickets.reading import numbered
from userops.workspace.roles import Permission

router = Router(tags=["requirements"])
Status = Literal["planned", "in_progress", "shipped", "declined"]
Language = Literal["zh-hans", "en"]


class RequirementIn(RequestBody):
    title: str = Field(max_length=1_000, description="Users read it when they are told")
    title_en: str = Field("", max_length=1_000)
    description: str = Field("", max_length=10_000)
    reference: str = Field("", max_length=1_000, description="Such as APP-1234")
    address: str = Field("", max_length=1_000, description="Its page in Jira, GitHub, TAPD")
    owner: Key | None = Field(None, description="A member; whoever makes it where nobody is named")


class WordsIn(RequestBody):
    subject: str = Field(max_length=1_000)
    text: str = Field(max_length=10_000)


class ProgressIn(RequestBody):
    status: Status
    version: str | None = Field(None, max_length=1_000, description="That it shipped in")
    tell: bool = Field(False, description="Where it has shipped: tell everybody who asked, now")


class LinksIn(RequestBody):
    tickets: list[Key] = Field(description="Numbers of at most 500 tickets")


class AnnouncementIn(RequestBody):
    texts: dict[Language, WordsIn] = Field(
        {}, description="With variables; the words of the house where a language is missing"
    )
    ticket: Key | None = Field(None, description="Only the user of this ticket, who asked later")
    again: bool = Field(
        False, description="Send once more what did not leave or may not have arrived, instead"
    )


class RequirementsOut(Schema):
    items: list[dict[str, Any]]


def _one(request: HttpRequest, product: str, number: int, permission: Permission) -> Requirement:
    return actions.found(product_for(request, product, permission), number)


def _told(requirement: Requirement) -> dict[str, Any]:
    row = actions.found(requirement.product, requirement.number)
    return told_whole(ranked(current(), row.product, [row])[0])


@router.get("/{slug:product}/requirements", response=RequirementsOut)
def requirements(
    request: HttpRequest, product: str, status: Status | None = None
) -> dict[str, Any]:
    """All of them with how many users asked and what these paid, most asked for first."""
    found = product_for(request, product, Permission.VIEW)
    rows = ranked(current(), found, of_product(found))
    return {"items": [told(each) for each in rows if status in (None, each.requirement.status)]}


@router.post("/{slug:product}/requirements", response=dict[str, Any])
def create_requirement(request: HttpRequest, product: str, body: RequirementIn) -> dict[str, Any]:
    """A planned requirement."""
    found = product_for(request, product, Permission.RUN_SURVEYS)
    wanted = actions.Wanted(**body.dict())
    return _told(actions.create(found, wanted, acting_user=caller(request).user))


@router.get("/{slug:product}/requirements/{number}", response=dict[str, Any])
def requirement(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """One, with who would be told by which way, how far sending is, and its history."""
    return _told(_one(request, product, number, Permission.VIEW))


@router.put("/{slug:product}/requirements/{number}", response=dict[str, Any])
def change_requirement(
    request: HttpRequest, product: str, number: Key, body: RequirementIn
) -> dict[str, Any]:
    """Title, description, reference, link, owner."""
    row = _one(request, product, number, Permission.RUN_SURVEYS)
    actions.change(row, actions.Wanted(**body.dict()), acting_user=caller(request).user)
    return _told(row)


@router.patch("/{slug:product}/requirements/{number}", response=dict[str, Any])
def move_requirement(
    request: HttpRequest, product: str, number: Key, body: ProgressIn
) -> dict[str, Any]:
    """How far it is. Who asked is told only where `tell` says so, each user once."""
    row = _one(request, product, number, Permission.RUN_SURVEYS)
    user = caller(request).user
    row = actions.set_status(row, body.status, version=body.version, acting_user=user)
    if body.tell and row.status == "shipped":
        actions.announce(row, acting_user=user)
    return _told(row)


@router.post("/{slug:product}/requirements/{number}/links", response=dict[str, Any])
def link_requirement(
    request: HttpRequest, product: str, number: Key, body: LinksIn
) -> dict[str, Any]:
    """These tickets ask for it: all of them or none."""
    row = _one(request, product, number, Permission.HANDLE_TICKETS)
    actions.link_tickets(row, body.tickets, acting_user=caller(request).user)
    return _told(row)


@router.delete("/{slug:product}/requirements/{number}/links/{ticket}", response=dict[str, Any])
def unlink_requirement(
    request: HttpRequest, product: str, number: Key, ticket: Key
) -> dict[str, Any]:
    """A ticket asks for it no longer; what its user was told stays told."""
    row = _one(request, product, number, Permission.HANDLE_TICKETS)
    actions.unlink_ticket(row, ticket, acting_user=caller(request).user)
    return _told(row)


@router.post("/{slug:product}/requirements/{number}/announcements", response=dict[str, Any])
def announce_requirement(
    request: HttpRequest, product: str, number: Key, body: AnnouncementIn
) -> dict[str, Any]:
    """Tell in the background all who asked and do not know yet, or the user of one ticket; each user once."""
    row = _one(request, product, number, Permission.HANDLE_TICKETS)
    if body.again:
        actions.send_again(row, acting_user=caller(request).user)
        return _told(row)
    texts = {str(language): words.dict() for language, words in body.texts.items()}
    ticket = numbered(row.product, body.ticket) if body.ticket is not None else None
    actions.announce(row, texts, ticket=ticket, acting_user=caller(request).user)
    return _told(row)
