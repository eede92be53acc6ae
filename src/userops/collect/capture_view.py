"""The HTTP side of the doors in: read, parse, find the product by its key, store, answer.

All wire formats are `userops.events.capture`; this module adds what needs Django and the store.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from userops import config
from userops.errors import UserOpsError
from userops.events import limits, store
from userops.events.capture import (
    BY_PATH,
    Answer,
    CaptureRequest,
    Door,
    Outcome,
    Parsed,
    Problem,
    find_door,
)
from userops.events.capture.cors import cors_headers, preflight_headers
from userops.events.capture.door import (
    BODY_TOO_LARGE,
    KEY_MISSING,
    KEY_UNKNOWN,
    METHOD_NOT_ALLOWED,
    RATE_LIMITED,
    STORE_BUSY,
)
from userops.events.models import WriteKey

KEY_SECONDS = 10.0
"""A key that another process revokes may still be taken for so long; here it ends at once."""
USED_SECONDS = 60.0
"""`last_used` of a key is noted at most this often."""
MAX_KEYS = 10_000


@dataclass(slots=True)
class _Known:
    """What is known of one key: the key's row, its product, and how much it may still send."""

    key: int
    """0: there is no such key, or it was revoked."""
    product: int
    until: float
    used: float = 0.0
    allowance: float = 0.0
    filled: float = 0.0


class Keys:
    """Write keys with their rates, cached. Thread-safe.

    The rate is a token bucket that may go into debt: a batch is taken whole while anything is left,
    and the key then waits until the debt is paid. So no batch is too large to ever pass.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def find(self, key: str) -> _Known | None:
        """The key if it may be used."""
        now = time.monotonic()
        known = self._known.get(key)
        if known is None or known.until < now:
            known = self._look_up(key, now, known)
        return known if known.key else None

    def _look_up(self, key: str, now: float, before: _Known | None) -> _Known:
        row = WriteKey.objects.filter(key=key, revoked=None).values("pk", "product_id").first()
        until = now + KEY_SECONDS
        fresh = _Known(row["pk"], row["product_id"], until) if row else _Known(0, 0, until)
        if before is not None:
            fresh = replace(
                fresh, used=before.used, allowance=before.allowance, filled=before.filled
            )
        with self._lock:
            if len(self._known) >= MAX_KEYS:
                self._known.clear()
            self._known[key] = fresh
        return fresh

    def take(self, known: _Known, messages: int) -> int:
        """0 when `messages` may be sent now, else the seconds to wait."""
        rate = config.current().rate_per_key
        now = time.monotonic()
        with self._lock:
            known.allowance = min(rate, known.allowance + (now - known.filled) * rate)
            known.filled = now
            if known.allowance <= 0:
                return math.ceil(1 - known.allowance / rate)
            known.allowance -= messages
        return 0

    def note_use(self, known: _Known) -> None:
        now = time.monotonic()
        if known.used and now - known.used < USED_SECONDS:
            return
        known.used = now
        WriteKey.objects.filter(pk=known.key).update(last_used=timezone.now())

    def forget(self) -> None:
        with self._lock:
            self._known.clear()


KEYS = Keys()


@receiver([post_save, post_delete], sender=WriteKey)
def _forget_keys(**_signal: Any) -> None:
    KEYS.forget()
    # once more when others can see the change: somebody may have looked in between
    transaction.on_commit(KEYS.forget)


@csrf_exempt
def capture(request: HttpRequest) -> HttpResponse:
    """Any address of any door."""
    door = find_door(request.path)
    assert door is not None, "only the addresses of doors lead here"
    headers = {name.lower(): value for name, value in request.headers.items()}
    if request.method == "OPTIONS":
        return _response(Answer(204, b"", "text/plain"), preflight_headers(headers))
    captured = _read(request, headers)
    if request.method not in door.methods:
        parsed, outcome = Parsed(""), Outcome(problem=METHOD_NOT_ALLOWED)
    else:
        with store.current().ingest.reading():
            parsed = door.parse(captured)
        outcome = _take_in(door, captured, parsed)
    return _response(door.answer(captured, parsed, outcome), cors_headers(headers))


def _read(request: HttpRequest, headers: dict[str, str]) -> CaptureRequest:
    """The request as the doors read it; of a body that is too large only as much as shows it."""
    body = request.read(limits.MAX_BODY_BYTES + 1) if request.method == "POST" else b""
    return CaptureRequest(
        method=request.method or "",
        path=request.path,
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
        body=body,
        received_ms=time.time_ns() // 1_000_000,
    )


def _take_in(door: Door, request: CaptureRequest, parsed: Parsed) -> Outcome:
    if parsed.problem is BODY_TOO_LARGE:
        return Outcome(problem=parsed.problem)
    if not parsed.key:
        return Outcome(problem=KEY_MISSING)
    try:
        known = KEYS.find(parsed.key)
        if known is None:
            return Outcome(problem=KEY_UNKNOWN)
        wait = KEYS.take(known, parsed.messages) if parsed.messages else 0
        if wait:
            return Outcome(problem=RATE_LIMITED, retry_after=wait)
        return _store(door, request, parsed, known)
    except (UserOpsError, DatabaseError):
        return Outcome(problem=STORE_BUSY, retry_after=1)


def _store(door: Door, request: CaptureRequest, parsed: Parsed, known: _Known) -> Outcome:
    problem: Problem | None = parsed.problem
    if parsed.dry_run or not (parsed.records or parsed.refusals):
        return Outcome(problem=problem)
    receipt = store.current().ingest.submit(
        known.product, door.name, parsed.records, parsed.refusals, received=request.received_ms
    )
    with suppress(DatabaseError):  # the events are stored: the sender must hear so
        KEYS.note_use(known)
    return Outcome(stored=receipt.stored, duplicates=receipt.duplicates, problem=problem)


def _response(answer: Answer, more: tuple[tuple[str, str], ...]) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    for name, value in (*answer.headers, *more):
        response[name] = value
    return response


capture_urls = (
    *(re_path(rf"^{path[1:].replace('.', '[.]')}/?$", capture) for path in BY_PATH),
    re_path(r"^array/[^/]+/config(?:[.]js(?:on)?)?$", capture),
    re_path(r"^v1/projects/[^/]+/settings$", capture),
)
"""All addresses of all doors, to be put at the root of the site."""
