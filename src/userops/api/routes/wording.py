"""A language model that is plugged in: set up, its uses as they were sent, its words about topics and tickets."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.errors import NotFound
from userops.events.models import Product
from userops.feedback.tickets.reading import numbered
from userops.feedback.topics.telling import topic_of
from userops.feedback.wording import actions
from userops.feedback.wording.models import Kind, Use, Wording
from userops.feedback.wording.telling import model_line, use_line, wording_line
from userops.feedback.wording.writing import words_about
from userops.words import Words
from userops.workspace.roles import Permission

router = Router(tags=["language model"])


class ModelIn(RequestBody):
    address: str = Field(
        max_length=480, description="OpenAI-compatible: https://api.example.com/v1"
    )
    model: str = Field(max_length=1_000)
    key: str | None = Field(None, max_length=2_000, description="Nothing keeps the one there is")
    active: bool = False
    language: Literal["zh-hans", "en"] = "zh-hans"
    budget: int = Field(200, ge=0, le=10**9, description="Requests a day")
    seconds: int = Field(30, ge=0, le=10**9, description="Longest wait")


class WordsIn(Changes):
    name: str = Field("", max_length=1_000)
    summary: str = Field("", max_length=10_000)


def _words(product: Product, kind: str, key: int) -> Wording:
    found = words_about(product.pk, kind, str(key))
    if found is None:
        raise NotFound(
            Words("没有模型写的内容。", "A model wrote nothing about it."), code="wording_not_found"
        )
    return found


def _edited(request: HttpRequest, row: Wording, body: WordsIn) -> dict[str, Any]:
    """What is not given stays."""
    wanted = {"name": row.name, "summary": row.summary, **body.dict(exclude_unset=True)}
    return wording_line(actions.edit(row, **wanted, acting_user=caller(request).user))


@router.get("/{slug:product}/language-model", response=dict[str, Any])
def language_model(request: HttpRequest, product: str) -> dict[str, Any]:
    """How it is set up, without its key, and how much of today's budget is used."""
    return model_line(product_for(request, product, Permission.MANAGE_WORKSPACE))


@router.put("/{slug:product}/language-model", response=dict[str, Any])
def set_language_model(request: HttpRequest, product: str, body: ModelIn) -> dict[str, Any]:
    """Set it up. Hosts in the house must be named in the server's setting `model_hosts`."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    actions.set_up(found, actions.Settings(**body.dict()), acting_user=caller(request).user)
    return model_line(found)


@router.delete("/{slug:product}/language-model", response={204: None})
def unplug_language_model(request: HttpRequest, product: str) -> Status[None]:
    """Unplug it and delete its key."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    actions.unplug(found, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/language-model/try", response=dict[str, Any])
def try_language_model(request: HttpRequest, product: str) -> dict[str, Any]:
    """Send two sentences of ours and answer what came back."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    said = actions.try_out(found, acting_user=caller(request).user)
    return {"name": said.name, "summary": said.summary}


@router.get("/{slug:product}/language-model/uses", response=Page[dict[str, Any]])
def model_uses(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Every use, the newest first, with what was sent, word for word."""
    found = product_for(request, product, Permission.MANAGE_WORKSPACE)
    rows = Use.objects.filter(product=found).select_related("by")
    return {"total": rows.count(), "items": [use_line(each) for each in rows[paging.slice]]}


@router.get("/{slug:product}/topics/{topic}/words", response=dict[str, Any])
def topic_words(request: HttpRequest, product: str, topic: Key) -> dict[str, Any]:
    """What a model wrote about a topic."""
    found = product_for(request, product, Permission.HANDLE_TICKETS)
    return wording_line(_words(found, Kind.TOPIC, topic))


@router.post("/{slug:product}/topics/{topic}/words", response=dict[str, Any])
def word_topic(request: HttpRequest, product: str, topic: Key) -> dict[str, Any]:
    """Ask the model for a name and a summary, in the background."""
    found = topic_of(product_for(request, product, Permission.HANDLE_TICKETS), topic)
    return wording_line(actions.word_topic(found, acting_user=caller(request).user))


@router.patch("/{slug:product}/topics/{topic}/words", response=dict[str, Any])
def edit_topic_words(
    request: HttpRequest, product: str, topic: Key, body: WordsIn
) -> dict[str, Any]:
    """Edit what it wrote."""
    row = _words(product_for(request, product, Permission.HANDLE_TICKETS), Kind.TOPIC, topic)
    return _edited(request, row, body)


@router.get("/{slug:product}/tickets/{number}/words", response=dict[str, Any])
def ticket_words(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """What a model wrote about a ticket."""
    found = product_for(request, product, Permission.HANDLE_TICKETS)
    return wording_line(_words(found, Kind.TICKET, number))


@router.post("/{slug:product}/tickets/{number}/words", response=dict[str, Any])
def word_ticket(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """Ask the model for a summary, in the background."""
    found = numbered(product_for(request, product, Permission.HANDLE_TICKETS), number)
    return wording_line(actions.word_ticket(found, acting_user=caller(request).user))


@router.patch("/{slug:product}/tickets/{number}/words", response=dict[str, Any])
def edit_ticket_words(
    request: HttpRequest, product: str, number: Key, body: WordsIn
) -> dict[str, Any]:
    """Edit what it wrote."""
    row = _words(product_for(request, product, Permission.HANDLE_TICKETS), Kind.TICKET, number)
    return _edited(request, row, body)
