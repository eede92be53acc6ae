"""Segments: which users a rule means, today and at a past day. Definitions: docs/reference/segments.md."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import caller, check_document, product_for, sight
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.audience.people import scope_of
from userops.audience.segments import actions, counting, refreshing
from userops.audience.segments.members import page_of, shown_people
from userops.audience.segments.models import Segment
from userops.events.store import current
from userops.workspace.access import permissions_in
from userops.workspace.roles import Permission
from userops.workspace.sight import seen

router = Router(tags=["segments"])


class SegmentIn(RequestBody):
    name: str = Field(max_length=200)
    description: str = Field("", max_length=2_000)
    where: dict[str, Any] = Field(description="The tree of conditions")
    frozen: bool = Field(False, description="Keeps the users it has now")


class SegmentChange(Changes):
    """Any of them."""

    name: str | None = Field(None, max_length=200)
    description: str | None = Field(None, max_length=2_000)
    where: dict[str, Any] | None = None
    frozen: bool | None = None


class SegmentOut(Schema):
    id: int
    name: str
    description: str
    document: dict[str, Any] = Field(
        description="Values of personal properties are hidden from who may not see single users"
    )
    frozen: bool
    fact: str = Field(description="A property of users in documents, of those who are in it")
    size: int | None
    everyone: int
    share: float | None
    refreshed: datetime | None
    problem: dict[str, str] | None

    @staticmethod
    def resolve_document(segment: Segment, context: dict[str, Any]) -> Any:
        return seen(segment.document, segment.product, sight(context["request"], segment.product))


class CountIn(RequestBody):
    where: dict[str, Any]
    quick: bool = Field(False, description="Estimate where the count would read many events")
    day: date | None = Field(None, description="As of the end of this day")


class CountOut(Schema):
    size: int
    everyone: int
    share: float | None
    interval: tuple[int, int] | None = Field(
        None, description="Where it was estimated, holds the true size in 95 of 100 estimates"
    )
    asked: int | None = Field(None, description="Of how many users it was estimated")
    past: dict[str, str] | None = Field(
        None, description="What is known of the past day, and what is as today, in both languages"
    )


class MemberOut(Schema):
    uid: int
    id: str = Field(description="Masked unless the role may take lists of users out")


class SizeOut(Schema):
    day: date
    size: int
    everyone: int


class ListIn(RequestBody):
    name: str = Field("", max_length=200)
    ids: list[str] = Field(max_length=actions.LONGEST_LIST)


class ListOut(Schema):
    list: str = Field(description="Its name in a condition")
    users: int
    unknown: int = Field(description="Ids that were never seen")


class HookIn(RequestBody):
    address: str = Field(max_length=2_000, description="Kept encrypted, never answered again")


class HookOut(Schema):
    secret: str = Field(description="Signs every request: HMAC-SHA256 of time, dot, body")


def _segment(request: HttpRequest, product: str, key: int, permission: Permission) -> Segment:
    return actions.found(product_for(request, product, permission), key)


@router.get("/{slug:product}/segments", response=Page[SegmentOut])
def segments(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """All segments, by name, with their sizes at the last refresh."""
    found = product_for(request, product, Permission.VIEW)
    rows = Segment.objects.filter(product=found).select_related("product")
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/segments", response={201: SegmentOut})
def create_segment(request: HttpRequest, product: str, body: SegmentIn) -> Status[Segment]:
    """Keep a definition; its users are found at once."""
    found = product_for(request, product, Permission.ANALYSE)
    check_document(request, found, body.where)
    made = actions.create_segment(
        current(),
        found,
        {"where": body.where},
        name=body.name,
        description=body.description,
        frozen=body.frozen,
        acting_user=caller(request).user,
    )
    return Status(201, made)


@router.post("/{slug:product}/segments/count", response=CountOut)
def count_segment(request: HttpRequest, product: str, body: CountIn) -> dict[str, Any]:
    """How many users a definition means, without keeping it; exactly, unless an estimate is enough. Now, or at
    the end of a past day."""
    found = product_for(request, product, Permission.VIEW)
    check_document(request, found, body.where)
    where, user = {"where": body.where}, caller(request).user
    counted = counting.count(
        current(), found, where, quick=body.quick, day=body.day, acting_user=user
    )
    return counted.as_json()


@router.post("/{slug:product}/segments/lists", response={201: ListOut})
def upload_list(request: HttpRequest, product: str, body: ListIn) -> Status[dict[str, Any]]:
    """Keep a list of users by their ids, for the condition `list`."""
    found = product_for(request, product, Permission.ANALYSE)
    made = actions.upload_list(
        current(), found, body.ids, name=body.name, acting_user=caller(request).user
    )
    return Status(201, {"list": made.key, "users": made.users, "unknown": made.unknown})


@router.get("/{slug:product}/segments/{key}", response=SegmentOut)
def segment(request: HttpRequest, product: str, key: Key) -> Segment:
    """One segment."""
    return _segment(request, product, key, Permission.VIEW)


@router.patch("/{slug:product}/segments/{key}", response=SegmentOut)
def change_segment(request: HttpRequest, product: str, key: Key, body: SegmentChange) -> Segment:
    """Another definition, name or description; frozen, or dynamic again."""
    found = _segment(request, product, key, Permission.ANALYSE)
    check_document(request, found.product, body.where)
    return actions.change_segment(
        current(),
        found,
        document=None if body.where is None else {"where": body.where},
        name=body.name,
        description=body.description,
        frozen=body.frozen,
        acting_user=caller(request).user,
    )


@router.delete("/{slug:product}/segments/{key}", response={204: None})
def delete_segment(request: HttpRequest, product: str, key: Key) -> Status[None]:
    """Refused while another segment or a saved analysis uses it."""
    found = _segment(request, product, key, Permission.ANALYSE)
    actions.delete_segment(current(), found, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/segments/{key}/refresh", response=SegmentOut)
def refresh_segment(request: HttpRequest, product: str, key: Key) -> Segment:
    """Look now who is in it."""
    found = _segment(request, product, key, Permission.ANALYSE)
    return actions.refresh_segment(current(), found, acting_user=caller(request).user)


@router.get("/{slug:product}/segments/{key}/sizes", response=Page[SizeOut])
def segment_sizes(request: HttpRequest, product: str, key: Key, paging: Pages) -> dict[str, Any]:
    """Its size at the end of each day, oldest first."""
    rows = _segment(request, product, key, Permission.VIEW).sizes.all()
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.get("/{slug:product}/segments/{key}/users", response=Page[MemberOut])
def segment_users(
    request: HttpRequest,
    product: str,
    key: Key,
    paging: Pages,
    day: date | None = Query(None, description="As of the end of this day"),
) -> dict[str, Any]:
    """Who is in it, by the number of the user; now, or at the end of a past day."""
    found = _segment(request, product, key, Permission.SEE_PEOPLE)
    store = current()
    if day is None:
        members = refreshing.members_of(found, scope_of(store, found.product))
    else:
        members = refreshing.members_at(store, found, day).persons
    persons = page_of(members, paging.limit, paging.offset)
    granted = permissions_in(caller(request).user, found.product)
    whole = Permission.EXPORT_PEOPLE in granted
    shown = shown_people(found.product, persons, see=whole)
    items = [{"uid": each.person, "id": each.id} for each in shown]
    return {"total": len(members), "items": items}


@router.put("/{slug:product}/segments/{key}/hook", response=HookOut)
def set_segment_hook(request: HttpRequest, product: str, key: Key, body: HookIn) -> dict[str, str]:
    """Tell an address who enters and leaves from now on."""
    found = _segment(request, product, key, Permission.MANAGE_SOURCES)
    return {"secret": actions.set_hook(found, body.address, acting_user=caller(request).user)}


@router.delete("/{slug:product}/segments/{key}/hook", response={204: None})
def remove_segment_hook(request: HttpRequest, product: str, key: Key) -> Status[None]:
    """Tell it nothing more."""
    found = _segment(request, product, key, Permission.MANAGE_SOURCES)
    actions.remove_hook(found, acting_user=caller(request).user)
    return Status(204, None)
