"""Single users: search, what is known of one, what they did, export, erase, merge. Scope `people`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import product_for, require_scope
from userops.api.bodies import RequestBody
from userops.api.errors import RequestProblem
from userops.api.paging import Key, Number, Page, Pages
from userops.audience import actions, people
from userops.audience.people import Identity
from userops.events import profiles, store, timeline
from userops.words import Words
from userops.workspace.models import Scope
from userops.workspace.roles import Permission

router = Router(tags=["users"])


class PersonOut(Schema):
    uid: int
    id: str
    name: str
    known: bool
    ids: int
    events: int
    last: datetime | None


class IdOut(Schema):
    id: str = Field(alias="distinct_id")
    uid: int
    known: bool
    created: datetime


class MergeOut(Schema):
    id: int
    uid: int
    into: int
    how: str
    merged: datetime


class IdentityOut(Schema):
    uid: int
    ids: list[IdOut]
    merges: list[MergeOut]
    profile: dict[str, Any]
    events: int
    first: datetime | None
    last: datetime | None


class HappenedOut(Schema):
    time: datetime
    event: str
    properties: dict[str, Any]


class EventsOut(Schema):
    items: list[HappenedOut]
    next: str | None = Field(description="Send it as `before` for older events; null at the end")


@router.get("/{slug:product}/users", response=Page[PersonOut])
def users(
    request: HttpRequest,
    product: str,
    paging: Pages,
    q: str = Query("", max_length=400, description="An id, or how it begins"),
    property: str = Query("", max_length=200, description="A property of users …"),  # noqa: A002
    value: str = Query("", max_length=8192, description="… that is exactly this"),
) -> dict[str, Any]:
    """Users by id or property (at most 200), or everybody, the last seen first."""
    found = product_for(request, product, Permission.SEE_PEOPLE)
    opened = store.current()
    if q or property:
        met = people.search(opened, found, text=q, key=property, value=value)
        return {"total": met.total, "items": met.people[paging.slice]}
    met = people.listing(opened, found, limit=paging.limit, offset=paging.offset)
    return {"total": met.total, "items": met.people}


@router.get("/{slug:product}/users/{uid}", response=IdentityOut)
def user(request: HttpRequest, product: str, uid: Number) -> dict[str, Any]:
    """One person: all ids, merges, profile, totals. `uid` may be that of any of their ids."""
    found = product_for(request, product, Permission.SEE_PEOPLE)
    who = people.identity_of(found, uid)
    return _told(found.pk, who)


def _told(product: int, who: Identity) -> dict[str, Any]:
    summary = timeline.summary(store.current().engine, product, who.uids)
    return {
        "uid": who.uid,
        "ids": who.ids,
        "merges": who.merges,
        "profile": profiles.of_person(product, who.uids),
        "events": summary.events,
        "first": summary.first,
        "last": summary.last,
    }


@router.get("/{slug:product}/users/{uid}/events", response=EventsOut)
def events(
    request: HttpRequest,
    product: str,
    uid: Number,
    before: str = Query("", max_length=60),
    limit: int = Query(100, ge=1, le=1_000),
) -> EventsOut:
    """What a person did, newest first."""
    found = product_for(request, product, Permission.SEE_PEOPLE)
    who = people.identity_of(found, uid)
    engine = store.current().engine
    try:
        met = timeline.moments(engine, found.pk, who.uids, before=before, limit=limit)
    except ValueError:
        raise RequestProblem(
            Words("before 不是有效的分页位置。", "before is not a place to go on from.")
        ) from None
    items = [
        HappenedOut(
            time=each.ts,
            event=each.event,
            properties={**each.properties, **each.fields},
        )
        for each in met
    ]
    return EventsOut(items=items, next=met[-1].cursor if len(met) == limit else None)


@router.get("/{slug:product}/users/{uid}/export", response=dict[str, Any])
def export(request: HttpRequest, product: str, uid: Number) -> dict[str, Any]:
    """Everything that is kept about a person. Logged."""
    found = product_for(request, product, Permission.EXPORT_PEOPLE)
    acting = require_scope(request, Scope.PEOPLE)
    return actions.export_person(store.current(), found, uid, acting_user=acting)


class EraseIn(RequestBody):
    confirm: str = Field(description="One of the ids of this person: nobody is erased by a slip")


class ErasureOut(Schema):
    id: int
    done: datetime
    asked_by: str
    proof: dict[str, Any]


@router.post("/{slug:product}/users/{uid}/erase", response=ErasureOut)
def erase(request: HttpRequest, product: str, uid: Number, body: EraseIn) -> Any:
    """Erase a person for good; answers the proof."""
    found = product_for(request, product, Permission.ERASE)
    acting = require_scope(request, Scope.PEOPLE)
    return actions.erase_person(
        store.current(), found, uid, confirm=body.confirm, acting_user=acting
    )


class MergeIn(RequestBody):
    id: str = Field(description="An id of the person that becomes part of this one")


@router.post("/{slug:product}/users/{uid}/merge", response=IdentityOut)
def merge(request: HttpRequest, product: str, uid: Number, body: MergeIn) -> dict[str, Any]:
    """Merge two persons by hand."""
    found = product_for(request, product, Permission.MANAGE_SOURCES)
    acting = require_scope(request, Scope.MANAGE)
    who = actions.merge_people(store.current(), found, uid, other_id=body.id, acting_user=acting)
    return _told(found.pk, who)


@router.delete("/{slug:product}/merges/{merge}", response={204: None})
def undo_merge(request: HttpRequest, product: str, merge: Key) -> Status[None]:
    """Take a merge back: both have their own events and profiles again."""
    found = product_for(request, product, Permission.MANAGE_SOURCES)
    acting = require_scope(request, Scope.MANAGE)
    actions.undo_merge(store.current(), found, merge, acting_user=acting)
    return Status(204, None)
