"""The PostHog door: what `posthog-js`, `posthog-python` and the other PostHog SDKs send.

Bodies are plain JSON, gzip (`compression=gzip-js` or by its first bytes), or a form with `data=`
in base64. They hold one event, an array, or `{"api_key", "batch", "sent_at"}`. Wire format after
the SDK sources (posthog-js `request.ts`, posthog-python `request.py`, `capture_v1.py`).
"""

from __future__ import annotations

from typing import Any

from userops.events import limits
from userops.events.capture import body, validate
from userops.events.capture.body import BodyError
from userops.events.capture.door import ENCODING_INVALID, CaptureRequest, Door, Parsed
from userops.events.capture.messages import Envelope, read_messages, unreadable
from userops.events.capture.native import replay_with
from userops.events.capture.posthog_answers import (
    CAPTURE_V1,
    SETTINGS_PATHS,
    answer,
    key_of_settings,
)
from userops.events.capture.posthog_messages import NAME, read_one

PATHS = (
    "/batch",
    "/capture",
    "/e",
    "/i/v0/e",
    "/i/v0/ai/batch",
    CAPTURE_V1,
    "/track",
    "/engage",
    *SETTINGS_PATHS,
)


def parse(request: CaptureRequest) -> Parsed:
    if request.page_of_path.startswith(SETTINGS_PATHS):
        return Parsed(key_of_settings(request) or _find_key(request, _lenient_body(request)))
    data = b""
    try:
        data = _payload(request)
        value = body.read_json(data, request.charset)
    except BodyError as wrong:
        return unreadable(_find_key(request, None), wrong, data or request.body)
    key = _find_key(request, value)
    sent_at, messages = _sent_at(request, value), value
    if type(value) is dict and type(value.get("batch")) is list:
        messages = value["batch"]
    envelope = Envelope(
        request.received_ms,
        validate.skew(sent_at, request.received_ms),
        len(data) > limits.MAX_RECORD_BYTES,
        request.headers.get("posthog-sdk-info", "").partition("/")[0],
    )
    return read_messages(key, messages, read_one, envelope)


def _payload(request: CaptureRequest) -> bytes:
    """The JSON bytes of a request, whichever way they were wrapped."""
    data = body.unpack(request)
    if not data and request.method == "GET":
        return _from_data(request.params.get("data", ""))
    if request.content_type == "application/x-www-form-urlencoded" or data.startswith(b"data="):
        form = body.read_form(data)
        if "data" in form:
            return _from_data(form["data"])
    if request.params.get("compression") == "base64" and data[:1] not in (b"{", b"["):
        return _from_data(data.decode("utf-8", errors="replace"))
    return data


def _from_data(text: str) -> bytes:
    if text.lstrip()[:1] in ("{", "["):
        return text.encode("utf-8", errors="replace")
    data = body.unpack_magic(body.from_base64(text))
    if not data:
        raise BodyError(ENCODING_INVALID, "data is empty")
    return data


def _lenient_body(request: CaptureRequest) -> Any:
    try:
        return body.read_json(_payload(request), request.charset)
    except BodyError:
        return None


def _find_key(request: CaptureRequest, value: Any) -> str:
    """The project key, in all the places where SDKs have put it."""
    first = value[0] if type(value) is list and value else value
    if type(first) is dict:
        batch = first.get("batch")
        inner = batch[0] if type(batch) is list and batch else None
        for holder in (first, inner):
            if type(holder) is not dict:
                continue
            props = holder.get("properties")
            found = holder.get("api_key") or holder.get("token") or holder.get("$token")
            found = found or (props.get("token") if type(props) is dict else None)
            if type(found) is str:
                return found
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and bearer.strip():
        return bearer.strip()
    params = request.params
    return params.get("api_key") or params.get("token") or params.get("_token") or ""


def _sent_at(request: CaptureRequest, value: Any) -> Any:
    if request.page_of_path == CAPTURE_V1:
        return request.headers.get("posthog-request-timestamp")
    first = value[0] if type(value) is list and value else value
    sent_at = first.get("sent_at") if type(first) is dict else None
    return sent_at or request.params.get("sent_at") or request.params.get("_")


def replay(raw: str, received_ms: int) -> Parsed:
    return replay_with(read_one, raw, received_ms)


DOOR = Door(NAME, PATHS, parse, answer, replay, ("GET", "POST"))
