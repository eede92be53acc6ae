"""Words of users that come in by programs: a new ticket, or more words of one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key
from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.channels.arriving import taken_before
from userops.feedback.files.keeping import MOST_BYTES, MOST_FILES, Kept, Sent, kept_uploads
from userops.feedback.telling.following import progress_address
from userops.feedback.tickets import actions
from userops.feedback.tickets.incoming import File, Incoming
from userops.feedback.tickets.models import Source, Ticket
from userops.feedback.tickets.reading import numbered
from userops.words import Words
from userops.workspace.roles import Permission

router = Router(tags=["tickets"])
HANDLE = Permission.HANDLE_TICKETS


class FileIn(RequestBody):
    name: str = Field(max_length=400)
    content: str = Field(max_length=MOST_BYTES * 4 // 3 + 8, description="Base64")


class WordsIn(RequestBody):
    text: str = Field(max_length=100_000)
    at: datetime | None = Field(None, description="When it was said, with an offset; now if absent")
    external_id: str = Field(
        "", max_length=200, description="Your name of it: sent again, it is not taken again"
    )
    files: list[FileIn] = Field(default_factory=list, max_length=MOST_FILES)


class NewTicketIn(WordsIn):
    subject: str = Field("", max_length=300)
    distinct_id: str = Field("", max_length=400, description="The user's id among the events")
    name: str = Field("", max_length=200)
    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=40)
    device: str = Field("", max_length=400)
    area: str = Field("", max_length=100)
    app_version: str = Field("", max_length=60)
    language: Literal["", "zh-hans", "en"] = ""
    tier: str = Field("", max_length=60)
    category: int | None = None
    severity: Literal["urgent", "high", "normal", "low"] = "normal"
    complaint: bool = False


class ArrivedOut(Schema):
    number: int
    status: str
    progress: str = Field(
        description="Address of the user's own page; whoever has it may read and write there"
    )
    fresh: bool = Field(description="False: it was taken before")


def _arrived(ticket: Ticket, *, fresh: bool) -> dict[str, Any]:
    return {
        "number": ticket.number, "status": ticket.status,
        "progress": progress_address(ticket), "fresh": fresh,
    }  # fmt: skip


def _files(given: list[FileIn]) -> list[Sent]:
    return [Sent(each.name, _bytes(each)) for each in given]


def _bytes(given: FileIn) -> bytes:
    try:
        return base64.b64decode(given.content, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(
            Words("文件内容应为 Base64。", "The content of a file is Base64."),
            code="file_not_base64",
        ) from None


def _words(product: Product, body: WordsIn, kept: Sequence[Kept]) -> Incoming:
    given = body.dict(exclude={"files", "external_id"})
    if given["at"] is not None and given["at"].tzinfo is None:
        raise Refused(
            Words("时间应带时区，如 2026-03-01T09:30:00+08:00。", "A time has an offset: 2026-03-01T09:30:00+08:00."),
            code="time_without_zone",
        )  # fmt: skip
    name = f"api:{body.external_id}" if body.external_id else ""
    files = tuple(File.of(each) for each in kept)
    return Incoming(**given, channel=Source.API, external_id=name, files=files)


@router.post("/{slug:product}/feedback", response=ArrivedOut)
def create_ticket(request: HttpRequest, product: str, body: NewTicketIn) -> dict[str, Any]:
    """Open a ticket with a user's words."""
    found = product_for(request, product, HANDLE)
    before = taken_before(found, f"api:{body.external_id}") if body.external_id else None
    if before is not None:
        return _arrived(before, fresh=False)
    with kept_uploads(found, _files(body.files)) as kept:
        words = _words(found, body, kept)
        return _arrived(
            actions.open_ticket(found, words, acting_user=caller(request).user), fresh=True
        )


@router.post("/{slug:product}/tickets/{number}/messages", response=ArrivedOut)
def receive_message(
    request: HttpRequest, product: str, number: Key, body: WordsIn
) -> dict[str, Any]:
    """More words of the user: a ticket that waits for him, or has ended, goes on by itself."""
    found = product_for(request, product, HANDLE)
    row = numbered(found, number)
    before = taken_before(found, f"api:{body.external_id}") if body.external_id else None
    if before is not None:
        return _arrived(before, fresh=False)
    with kept_uploads(found, _files(body.files)) as kept:
        message = actions.receive(row, _words(found, body, kept), acting_user=caller(request).user)
        message.ticket.refresh_from_db()
        return _arrived(message.ticket, fresh=True)
