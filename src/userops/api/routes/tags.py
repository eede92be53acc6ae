"""Tags: made, put on people and taken off, read by other systems."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import caller, check_document, product_for, require_scope, sight
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.audience.tags import actions, assigning, importing
from userops.audience.tags.deciding import check_told, named_in
from userops.audience.tags.defining import Wanted
from userops.audience.tags.listing import as_seen
from userops.audience.tags.models import Tag, TagChange
from userops.events.models import UserId
from userops.events.store import current
from userops.workspace.models import Scope
from userops.workspace.roles import Permission
from userops.workspace.sight import seen

router = Router(tags=["tags"])


class TagIn(RequestBody):
    description: str = Field("", max_length=500)
    values: list[str] = Field([], max_length=200, description="Empty: it is on or off")
    definition: dict[str, Any] = Field(
        {}, description="Of rule and computed tags: rules with segments, or a figure and its steps"
    )
    personal: bool | None = Field(
        None,
        description="Its values say who somebody is; without it as it was, at first as the name says",
    )


class NewTag(TagIn):
    name: str = Field(max_length=1_000)
    kind: Literal["manual", "rule", "computed", "imported"] = "manual"


class TagOut(Schema):
    id: int
    name: str
    property: str = Field(alias="fact", description="Its name in documents, with of: user")
    kind: str
    description: str
    values: list[str]
    definition: dict[str, Any]
    people: int
    everyone: int
    personal: bool = Field(
        alias="is_personal", description="Its values say who somebody is: not for all roles"
    )
    counts: dict[str, int] = Field(description="Users by value; $yes where it has no values")
    refreshed: datetime | None
    problem: dict[str, str] | None


class TaggedOut(Schema):
    uid: int
    ids: list[str]
    value: str


class ChangeOut(Schema):
    action: str
    who: str
    at: datetime
    people: int
    value: str
    details: dict[str, Any]


class ValuesIn(RequestBody):
    values: dict[str, str] = Field(
        max_length=100_000,
        description="User id → value; an empty value puts a tag without values on",
    )


class IdsIn(RequestBody):
    ids: list[str] = Field(max_length=100_000)


class OutcomeOut(Schema):
    rows: int
    people: int
    refused: dict[str, int] = Field(description="Rows by reason; they wait in quarantine")


class TakenOut(Schema):
    people: int
    unknown: int


def _tag(request: HttpRequest, product: str, key: int, permission: Permission) -> Tag:
    return actions.find(product_for(request, product, permission), key)


def _wanted(body: TagIn, name: str, kind: str) -> Wanted:
    values = tuple(body.values)
    return Wanted(name, kind, body.description, values, body.definition, body.personal)


@router.get("/{slug:product}/tags", response=Page[TagOut])
def tags(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """The tags of a product, by name."""
    found = product_for(request, product, Permission.VIEW)
    rows, seen = Tag.objects.filter(product=found), sight(request, found)
    return {"total": rows.count(), "items": [as_seen(row, seen) for row in rows[paging.slice]]}


@router.post("/{slug:product}/tags", response=TagOut)
def create_tag(request: HttpRequest, product: str, body: NewTag) -> Tag:
    """Make a tag; rule and computed ones have their values at once."""
    found = product_for(request, product, Permission.ANALYSE)
    check_document(request, found, named_in(body.definition))
    made = actions.create_tag(
        current(), found, _wanted(body, body.name, body.kind), acting_user=caller(request).user
    )
    return as_seen(made, sight(request, found))


@router.get("/{slug:product}/tags/{tag}", response=TagOut)
def tag(request: HttpRequest, product: str, tag: Key) -> Tag:
    """One tag with its counts."""
    row = _tag(request, product, tag, Permission.VIEW)
    return as_seen(row, sight(request, row.product))


@router.put("/{slug:product}/tags/{tag}", response=TagOut)
def change_tag(request: HttpRequest, product: str, tag: Key, body: TagIn) -> Tag:
    """Describe or define it otherwise, or say whether it is personal; its name and kind stay."""
    row = _tag(request, product, tag, Permission.ANALYSE)
    check_told(row, sight(request, row.product))
    check_document(request, row.product, named_in(body.definition))
    if body.personal is not None:
        require_scope(request, Scope.MANAGE)
    done = actions.change_tag(
        current(), row, _wanted(body, row.name, row.kind), acting_user=caller(request).user
    )
    return as_seen(done, sight(request, row.product))


@router.delete("/{slug:product}/tags/{tag}", response={204: None})
def delete_tag(request: HttpRequest, product: str, tag: Key) -> Status[None]:
    """Forget a tag, its values and its history."""
    row = _tag(request, product, tag, Permission.ANALYSE)
    actions.delete_tag(current(), row, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/tags/{tag}/refresh", response=TagOut)
def refresh_tag(request: HttpRequest, product: str, tag: Key) -> Tag:
    """Compute its values now."""
    row = _tag(request, product, tag, Permission.ANALYSE)
    done = actions.refresh_tag(current(), row, acting_user=caller(request).user)
    return as_seen(done, sight(request, row.product))


@router.get("/{slug:product}/tags/{tag}/users", response=Page[TaggedOut])
def tagged(
    request: HttpRequest,
    product: str,
    tag: Key,
    paging: Pages,
    value: str = Query("", max_length=200),
) -> dict[str, Any]:
    """Who has it, with all their ids. Logged. Scope `people`."""
    row = _tag(request, product, tag, Permission.EXPORT_PEOPLE)
    acting = require_scope(request, Scope.PEOPLE)
    found, total = assigning.page_of(
        current(), row, value=value, limit=paging.limit, offset=paging.offset
    )
    actions.note_export(row, len(found), acting_user=acting)
    ids = actions.ids_of(row.product, [person for person, _value in found])
    items = [{"uid": uid, "ids": ids[uid], "value": each} for uid, each in found]
    return {"total": total, "items": items}


@router.post("/{slug:product}/tags/{tag}/users", response=OutcomeOut)
def put_on(request: HttpRequest, product: str, tag: Key, body: ValuesIn) -> dict[str, Any]:
    """Give users their values; unknown ids and values are refused and kept in quarantine."""
    row = _tag(request, product, tag, Permission.MANAGE_DATA)
    acting = require_scope(request, Scope.PEOPLE)
    done = importing.import_values(
        current(), row, body.values.items(), name="API", acting_user=acting
    )
    return done.as_json()


@router.post("/{slug:product}/tags/{tag}/users/remove", response=TakenOut)
def take_off(request: HttpRequest, product: str, tag: Key, body: IdsIn) -> dict[str, Any]:
    """Take it off users."""
    row = _tag(request, product, tag, Permission.MANAGE_DATA)
    acting = require_scope(request, Scope.PEOPLE)
    known = UserId.objects.filter(product=row.product, distinct_id__among=list(set(body.ids)))
    uids = list(known.values_list("uid", flat=True))
    done = actions.take_off_many(current(), row, uids, source="API", acting_user=acting)
    return {"people": done, "unknown": len(set(body.ids)) - len(uids)}


@router.get("/{slug:product}/tags/{tag}/history", response=Page[ChangeOut])
def tag_history(request: HttpRequest, product: str, tag: Key, paging: Pages) -> dict[str, Any]:
    """Who changed what when, the newest first."""
    row = _tag(request, product, tag, Permission.VIEW)
    eyes = sight(request, row.product)
    check_told(row, eyes)
    rows = TagChange.objects.filter(tag=row)
    items = list(rows[paging.slice])
    for each in items:  # definitions from before
        each.details = seen(each.details, row.product, eyes)
    return {"total": rows.count(), "items": items}
