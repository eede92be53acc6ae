"""Live events: what arrives, as it arrives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from userops.events import store
from userops.events.ingest import Arrival
from userops.events.limits import BY_CODE
from userops.events.models import Product
from userops.workspace.access import product_page
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission

SHOWN = 50


@product_page(Permission.MANAGE_DATA)
@require_GET
def live(request: MemberRequest, product: Product) -> HttpResponse:
    """The newest arrivals since the server started; the list asks for itself every two seconds."""
    arrivals = list(store.current().ingest.recent[product.pk])[-SHOWN:]
    language = request.LANGUAGE_CODE
    shown = [_row(each, language) for each in reversed(arrivals)]
    part = "#arrivals" if request.htmx else ""
    return render(request, f"collect/live/page.html{part}", {"arrivals": shown})


def _row(arrival: Arrival, language: str) -> dict[str, Any]:
    row: dict[str, Any] = {"received": _time(arrival.received), "door": arrival.door}
    if arrival.event is not None:
        event = arrival.event
        text = orjson.dumps(event.properties).decode()
        return {
            **row,
            "event": event.event,
            "user": event.distinct_id,
            "ts": _time(event.ts),
            "text": text,
        }
    assert arrival.refusal is not None
    reason = BY_CODE.get(arrival.refusal.code)
    said = reason.words.text(language) if reason else arrival.refusal.code
    return {**row, "refused": said, "text": arrival.refusal.raw}


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)
