"""Computed facts: what is known of everybody, its spread, its settings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.audience.facts import actions
from userops.audience.facts.listing import listing
from userops.audience.facts.models import FactState
from userops.audience.facts.refreshing import state_of
from userops.events.store import current
from userops.workspace.roles import Permission

router = Router(tags=["facts"])


class FactOut(Schema):
    name: str = Field(description="A property of users in documents")
    label_zh: str
    label_en: str
    definition_zh: str
    definition_en: str
    type: str
    people: int = Field(description="Users with a value")
    coverage: float | None
    summary: dict[str, Any] = Field(description="Most frequent values, or quantiles")


class FactsOut(Schema):
    as_of: date | None
    refreshed: datetime | None
    people: int
    facts: list[FactOut]


class FactSettings(RequestBody):
    value_property: str = Field("amount", max_length=200)
    category_property: str = Field("", max_length=200, description="Empty: the best candidate")
    lifecycle_days: int = Field(7, ge=1, le=366)


class Refreshed(Schema):
    computed: bool = Field(description="False: there is no event yet")


@router.get("/{slug:product}/facts", response=FactsOut)
def facts(request: HttpRequest, product: str) -> dict[str, Any]:
    """The computed facts of a product, as of their day."""
    return listing(product_for(request, product, Permission.VIEW))


@router.post("/{slug:product}/facts/refresh", response=Refreshed)
def refresh_facts(request: HttpRequest, product: str) -> dict[str, Any]:
    """Compute the facts of everybody now."""
    found = product_for(request, product, Permission.ANALYSE)
    done = actions.refresh_now(current(), found, acting_user=caller(request).user)
    return {"computed": done}


@router.get("/{slug:product}/facts/settings", response=FactSettings)
def fact_settings(request: HttpRequest, product: str) -> FactState:
    """What facts are computed from."""
    return state_of(product_for(request, product, Permission.VIEW))


@router.put("/{slug:product}/facts/settings", response=FactSettings)
def change_fact_settings(request: HttpRequest, product: str, body: FactSettings) -> FactState:
    """Compute them from something else, from the next refresh on."""
    found = product_for(request, product, Permission.MANAGE_DATA)
    wanted = actions.Settings(**body.dict())
    return actions.set_settings(found, wanted, acting_user=caller(request).user)
