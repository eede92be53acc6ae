"""The native door: `POST /v1/events`.

One event object, an array of them, `{"batch": [...], "sent_at": ...}`, or one JSON object per line
(`application/x-ndjson`). The write key comes as `Authorization: Bearer`, `X-Write-Key` or `?key=`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec

from userops.events import limits
from userops.events.capture import body, validate
from userops.events.capture.body import BodyError
from userops.events.capture.door import (
    Answer,
    CaptureRequest,
    Door,
    Outcome,
    Parsed,
    retry_headers,
)
from userops.events.capture.messages import (
    Envelope,
    Said,
    change,
    changes,
    read_messages,
    unreadable,
)
from userops.events.capture.properties import check_properties
from userops.events.capture.validate import Bad
from userops.events.records import (
    Alias,
    Event,
    Identify,
    ProfileOperation,
    Record,
    Refusal,
)

NAME = "native"
PATHS = ("/v1/events",)
_KNOWN = frozenset(
    [
        "type",
        "event",
        "user",
        "distinct_id",
        "time",
        "timestamp",
        "uuid",
        "properties",
        "anonymous_id",
        "alias",
    ]
)
_LINES = ("application/x-ndjson", "application/jsonl", "application/x-jsonlines")
_NOTHING: frozenset[str] = frozenset()
_encode = msgspec.json.Encoder().encode


def parse(request: CaptureRequest) -> Parsed:
    key = find_key(request)
    data = b""
    try:
        data = body.unpack(request)
        if request.content_type in _LINES:
            return _parse_lines(key, data, request)
        value = body.read_json(data, request.charset)
    except BodyError as wrong:
        return unreadable(key, wrong, data or request.body)
    sent_at, messages = None, value
    if type(value) is dict and "batch" in value and "event" not in value:
        sent_at, messages = value.get("sent_at"), value["batch"]
    skew = validate.skew(sent_at, request.received_ms)
    envelope = Envelope(request.received_ms, skew, len(data) > limits.MAX_RECORD_BYTES)
    return read_messages(key, messages, read_one, envelope)


def _parse_lines(key: str, data: bytes, request: CaptureRequest) -> Parsed:
    """Every line on its own: a broken line loses only itself."""
    messages: list[Any] = []
    broken: list[Refusal] = []
    for line in data.splitlines():
        if not line.strip():
            continue
        try:
            messages.append(body.read_json(line, request.charset))
        except BodyError as wrong:
            broken += unreadable(key, wrong, line).refusals
    parsed = read_messages(key, messages, read_one, Envelope(request.received_ms))
    count = parsed.messages + len(broken)
    return Parsed(key, parsed.records, parsed.refusals + broken, count, parsed.problem)


def find_key(request: CaptureRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return request.headers.get("x-write-key", "").strip() or request.params.get("key", "")


def read_one(message: dict[str, Any], envelope: Envelope) -> Sequence[Record]:
    kind = message.get("type")
    if kind is not None and kind not in ("track", "event"):
        return _read_other(kind, message, envelope)
    name = validate.event_name(message.get("event"))
    user = _user(message)
    ts, uuid = _when_and_which(message, envelope)
    props = message.get("properties")
    if not message.keys() <= _KNOWN:
        props = _with_extras(message, props)
    checked = check_properties(props)
    checked.setdefault("source", NAME)
    return (Event(event=name, distinct_id=user, ts=ts, uuid=uuid, properties=checked),)


def _user(message: dict[str, Any]) -> str:
    user = message.get("user")
    return validate.person(message.get("distinct_id") if user is None else user, "user")


def _when_and_which(message: dict[str, Any], envelope: Envelope) -> tuple[int, UUID]:
    """The time and the uuid; with neither, the time is now and the uuid random."""
    time = message.get("time")
    if time is None:
        time = message.get("timestamp")
    given = message.get("uuid")
    if time is None:
        ts = envelope.received_ms
        return ts, validate.random_uuid() if given is None else validate.given_uuid(given)
    ts = validate.check_clock(validate.instant(time) + envelope.skew_ms, envelope.received_ms)
    if given is None:
        return ts, validate.content_uuid(NAME, message, _NOTHING)
    return ts, validate.given_uuid(given)


def _with_extras(message: dict[str, Any], props: Any) -> Any:
    """Keys beside the known ones count as properties, so that none is lost without a word."""
    if props is not None and type(props) is not dict:
        return props
    extras = {key: value for key, value in message.items() if key not in _KNOWN}
    return {**extras, **(props or {})}


def _read_other(kind: Any, message: dict[str, Any], envelope: Envelope) -> Sequence[Record]:
    read = _OTHERS.get(kind) if type(kind) is str else None
    if read is None:
        known = ", ".join(("track", *_OTHERS))
        raise Bad("type_unknown", f"type: {validate.shown(kind)} ({known})")
    ts, uuid = _when_and_which(message, envelope)
    return read(Said(message, {}, _user(message), ts, uuid))


def _identify(said: Said) -> Sequence[Record]:
    anonymous = said.message.get("anonymous_id")
    if anonymous is not None:
        anonymous = validate.person(anonymous, "anonymous_id")
    known = Identify(distinct_id=said.user, anonymous_id=anonymous, ts=said.ts)
    return [known, *changes(said, {"set": said.message.get("properties")})]


def _alias(said: Said) -> Sequence[Record]:
    alias = validate.person(said.message.get("alias"), "alias")
    return (Alias(distinct_id=said.user, alias=alias, ts=said.ts),)


def _profile(operation: ProfileOperation) -> Callable[[Said], Sequence[Record]]:
    return lambda said: (change(said, operation, said.message.get("properties")),)


def _profile_delete(said: Said) -> Sequence[Record]:
    return (change(said, "delete", {}),)


_OTHERS: dict[str, Callable[[Said], Sequence[Record]]] = {
    "identify": _identify,
    "alias": _alias,
    "profile_set": _profile("set"),
    "profile_set_once": _profile("set_once"),
    "profile_unset": _profile("unset"),
    "profile_increment": _profile("increment"),
    "profile_append": _profile("append"),
    "profile_delete": _profile_delete,
}


def replay(raw: str, received_ms: int) -> Parsed:
    return replay_with(read_one, raw, received_ms)


def replay_with(
    read: Callable[[dict[str, Any], Envelope], Sequence[Record]], raw: str, received_ms: int
) -> Parsed:
    """Read the text of one refused message (or of a body with several) again, without a key."""
    data = raw.encode("utf-8", errors="replace")
    try:
        value = body.read_json(data)
    except BodyError as wrong:
        return unreadable("", wrong, data)
    return read_messages("", value, read, Envelope(received_ms))


def answer(_request: CaptureRequest, parsed: Parsed, outcome: Outcome) -> Answer:
    """`{"stored", "duplicates", "refused", "refusals": [{"code", "detail", "message…"}]}`.

    200 when at least one message was good (or none came), 400 when all were refused.
    """
    if outcome.problem is not None:
        return problem_answer(outcome)
    told = {
        "stored": outcome.stored,
        "duplicates": outcome.duplicates,
        "refused": len(parsed.refusals),
        "refusals": [_told(refusal) for refusal in parsed.refusals[:100]],
    }
    status = 400 if parsed.refusals and len(parsed.refusals) == parsed.messages else 200
    return Answer(status, _encode(told))


def _told(refusal: Refusal) -> dict[str, str]:
    words = limits.BY_CODE[refusal.code].words
    return {
        "code": refusal.code,
        "detail": refusal.detail,
        "message_zh": words.zh,
        "message_en": words.en,
    }


def problem_answer(outcome: Outcome) -> Answer:
    """The product's one error body."""
    problem = outcome.problem
    assert problem is not None
    error = {
        "code": problem.code,
        "message": problem.words.en,
        "message_zh": problem.words.zh,
        "message_en": problem.words.en,
        "retry": problem.status in (429, 503),
    }
    return Answer(problem.status, _encode({"error": error}), headers=retry_headers(outcome))


DOOR = Door(NAME, PATHS, parse, answer, replay)
