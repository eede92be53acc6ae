"""The catalogue of events and properties: what they are called, and how much they are used."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from userops.api.auth import product_for, require_scope
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.collect import actions
from userops.collect.catalogue.volumes import Volume, event_volumes
from userops.events.models import EventDefinition, PropertyDefinition
from userops.workspace.models import Scope
from userops.workspace.roles import Permission

router = Router(tags=["catalogue"])


class EventOut(Schema):
    id: int
    name: str
    label_zh: str
    label_en: str
    description: str
    owner: str
    hidden: bool
    reviewed: bool
    first_seen: datetime
    events: int | None = None
    users: int | None = None
    last_seen: datetime | None = None


class EventChange(RequestBody):
    label_zh: str | None = None
    label_en: str | None = None
    description: str | None = None
    owner: str | None = None
    hidden: bool | None = None


class PropertyOut(Schema):
    id: int
    of: str
    name: str
    type: str
    label_zh: str
    label_en: str
    description: str
    hidden: bool
    personal: bool = Field(
        alias="is_personal", description="Its values say who somebody is: not for all roles"
    )
    first_seen: datetime


class PropertyChange(RequestBody):
    label_zh: str | None = None
    label_en: str | None = None
    description: str | None = None
    hidden: bool | None = None
    personal: bool | None = Field(None, description="Administrators decide it")


@router.get("/{slug:product}/events", response=Page[EventOut])
def events(
    request: HttpRequest,
    product: str,
    paging: Pages,
    volumes: bool = Query(False, description="Count events and users of each name; slower."),
) -> dict[str, Any]:
    """The events of the catalogue by name; new ones are not `reviewed`."""
    found = product_for(request, product, Permission.VIEW)
    rows = EventDefinition.objects.filter(product=found).order_by("name")
    used = event_volumes(found.pk) if volumes else {}
    items = [_event(row, used.get(row.name)) for row in rows[paging.slice]]
    return {"total": rows.count(), "items": items}


def _event(row: EventDefinition, volume: Volume | None) -> EventOut:
    out: EventOut = EventOut.from_orm(row)
    if volume is None:
        return out
    counts = {"events": volume.events, "users": volume.users, "last_seen": volume.last_seen}
    named: EventOut = out.model_copy(update=counts)
    return named


@router.patch("/{slug:product}/events/{event}", response=EventOut)
def change_event(
    request: HttpRequest, product: str, event: Key, body: EventChange
) -> EventDefinition:
    """Name and describe an event; it is then no longer shown as new."""
    found = product_for(request, product, Permission.ANALYSE)
    row = get_object_or_404(EventDefinition, product=found, pk=event)
    texts, hidden = _split(body.dict(exclude_none=True), row.hidden)
    user = require_scope(request, Scope.MANAGE)
    return actions.describe_event(row, texts, hidden=hidden, acting_user=user)


@router.get("/{slug:product}/properties", response=Page[PropertyOut])
def properties(
    request: HttpRequest,
    product: str,
    paging: Pages,
    of: Literal["event", "user"] | None = Query(None),
) -> dict[str, Any]:
    """The properties of the catalogue, of events and of users."""
    found = product_for(request, product, Permission.VIEW)
    rows = PropertyDefinition.objects.filter(product=found).order_by("of", "name")
    if of:
        rows = rows.filter(of=of)
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.patch("/{slug:product}/properties/{entry}", response=PropertyOut)
def change_property(
    request: HttpRequest, product: str, entry: Key, body: PropertyChange
) -> PropertyDefinition:
    """Name, describe or hide a property, or say whether it is personal."""
    found = product_for(request, product, Permission.ANALYSE)
    row = get_object_or_404(PropertyDefinition, product=found, pk=entry)
    changes = body.dict(exclude_none=True)
    personal = changes.pop("personal", None)
    texts, hidden = _split(changes, row.hidden)
    user = require_scope(request, Scope.MANAGE)
    return actions.describe_property(row, texts, hidden=hidden, personal=personal, acting_user=user)


def _split(changes: dict[str, Any], hidden: bool) -> tuple[dict[str, str], bool]:
    return changes, bool(changes.pop("hidden", hidden))
