"""Persona sets: made, run, their cards read and written."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key
from userops.audience.personas import actions
from userops.audience.personas.listing import told
from userops.audience.personas.models import PersonaSet
from userops.events.store import current
from userops.workspace.roles import Permission

router = Router(tags=["personas"])

Schedule = Literal["", "week", "month"]


class PersonaSetIn(RequestBody):
    name: str = Field(max_length=100)
    document: dict[str, Any] = Field(
        {}, description="Of the kind personas; the product is that of the address"
    )
    schedule: Schedule = Field("", description="Empty: only when asked")


class PersonaSetChange(RequestBody):
    schedule: Schedule = Field(description="Empty: only when asked")


class CardIn(Changes):
    name: str | None = Field(None, max_length=100, description="In the language of the workspace")
    name_zh: str | None = Field(None, max_length=100)
    name_en: str | None = Field(None, max_length=100)
    description: str | None = Field(None, max_length=2_000)
    needs: str | None = Field(None, max_length=2_000)
    action: str | None = Field(None, max_length=2_000)


class CardOut(Schema):
    id: int
    name: str = Field(description="The value of the property for its users")
    words: dict[str, str] = Field(description="What it is called, in both languages")
    description: str
    needs: str
    action: str
    light: bool = Field(description="Those of too few days to be grouped")
    gone: bool = Field(description="The newest run did not find it")
    users: int
    share: float | None
    group: dict[str, Any] = Field(
        description="Figures, traits, hours, as the analysis answers them"
    )


class PersonaSetOut(Schema):
    id: int
    name: str
    property: str = Field(description="Its name in documents, with of: user")
    document: dict[str, Any]
    schedule: str
    refreshed: str | None
    problem: dict[str, str] | None
    range: dict[str, str] | None
    figures: dict[str, Any] | None
    moves: list[list[Any]] = Field(description="Persona before, persona now, users")
    cards: list[CardOut]


@router.get("/{slug:product}/personas", response=list[PersonaSetOut])
def personas(request: HttpRequest, product: str) -> list[dict[str, Any]]:
    """The persona sets of a product with their cards."""
    found = product_for(request, product, Permission.VIEW)
    return [told(each) for each in PersonaSet.objects.filter(product=found)]


@router.post("/{slug:product}/personas", response=PersonaSetOut)
def create_personas(request: HttpRequest, product: str, body: PersonaSetIn) -> dict[str, Any]:
    """Keep a question of personas and run it."""
    found = product_for(request, product, Permission.ANALYSE)
    user = caller(request).user
    made = actions.create_set(
        found, name=body.name, document=body.document, schedule=body.schedule, acting_user=user
    )
    return told(actions.run_set(current(), made, acting_user=user))


@router.get("/{slug:product}/personas/{persona_set}", response=PersonaSetOut)
def persona_set(request: HttpRequest, product: str, persona_set: Key) -> dict[str, Any]:
    """One set with its cards, and who moved between them since the run before."""
    return told(actions.find(product_for(request, product, Permission.VIEW), persona_set))


@router.patch("/{slug:product}/personas/{persona_set}", response=PersonaSetOut)
def change_personas(
    request: HttpRequest, product: str, persona_set: Key, body: PersonaSetChange
) -> dict[str, Any]:
    """When a set is run again by itself: on Mondays, on the first of the month, or never."""
    found = actions.find(product_for(request, product, Permission.ANALYSE), persona_set)
    actions.set_schedule(found, body.schedule, acting_user=caller(request).user)
    return told(found)


@router.delete("/{slug:product}/personas/{persona_set}", response={204: None})
def delete_personas(request: HttpRequest, product: str, persona_set: Key) -> Status[None]:
    """Forget a set, its cards, its runs and its property."""
    found = actions.find(product_for(request, product, Permission.ANALYSE), persona_set)
    actions.delete_set(current(), found, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/personas/{persona_set}/run", response=PersonaSetOut)
def run_personas(request: HttpRequest, product: str, persona_set: Key) -> dict[str, Any]:
    """Find the groups now, and match them to the cards that are there."""
    found = actions.find(product_for(request, product, Permission.ANALYSE), persona_set)
    return told(actions.run_set(current(), found, acting_user=caller(request).user))


@router.patch("/{slug:product}/personas/{persona_set}/cards/{card}", response=PersonaSetOut)
def change_persona(
    request: HttpRequest, product: str, persona_set: Key, card: Key, body: CardIn
) -> dict[str, Any]:
    """Name a card, and write its description, needs and suggested action."""
    found = actions.find(product_for(request, product, Permission.ANALYSE), persona_set)
    wanted = body.dict(exclude_none=True)
    one = actions.find_card(found, card)
    actions.change_card(current(), one, wanted, acting_user=caller(request).user)
    return told(actions.find(found.product, found.pk))
