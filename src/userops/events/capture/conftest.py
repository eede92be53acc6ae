"""A sender for the tests of the doors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from userops.events.capture import CaptureRequest, Parsed, find_door

NOW = 1_795_342_400_000
"""2026-11-22T10:13:20Z, the server's clock in these tests."""

Send = Callable[..., Parsed]


def make_request(
    url: str, body: Any = b"", *, method: str = "POST", now: int = NOW, **headers: str
) -> CaptureRequest:
    """A request; a `body` that is not bytes is sent as JSON. `content_type=` names a header."""
    path, _, query = url.partition("?")
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return CaptureRequest(method, path, query, named, body, now)


@pytest.fixture(scope="session")
def send() -> Send:
    """`send(url, body, **headers)` → what the door of that address reads."""

    def parse(url: str, body: Any = b"", **options: Any) -> Parsed:
        request = make_request(url, body, **options)
        door = find_door(request.path)
        assert door is not None, url
        return door.parse(request)

    return parse
