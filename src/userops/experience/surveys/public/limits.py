"""How fast one place may open and answer surveys. Places are hashed with a key that lives as long as the
process, and forgotten after a minute: no address is kept."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time

from django.http import HttpRequest

from userops.errors import UserOpsError
from userops.words import Words

A_MINUTE = 240
"""Requests of one address: an office behind one address may answer together."""
MOST_PLACES = 50_000
_KEY = secrets.token_bytes(16)
_lock = threading.Lock()
_seen: dict[bytes, tuple[int, int]] = {}


class TooFast(UserOpsError):  # noqa: N818 - it is how the request came
    code = "too_many_requests"
    status = 429
    retry = True


def take(request: HttpRequest) -> None:
    """Count a request. Raises `TooFast`."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    place = hashlib.blake2b(address.encode(), key=_KEY, digest_size=16).digest()
    minute = int(time.monotonic() // 60)
    with _lock:
        if len(_seen) > MOST_PLACES:
            _seen.clear()
        last, count = _seen.get(place, (minute, 0))
        count = count + 1 if last == minute else 1
        _seen[place] = (minute, count)
    if count > A_MINUTE:
        raise TooFast(
            Words("请求太频繁，请稍后再试。", "Too many requests; please try again in a minute.")
        )
