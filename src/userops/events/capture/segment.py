"""The Segment door: `/v1/track`, `identify`, `page`, `screen`, `group`, `alias`, `batch`.

The write key is the user name of basic authentication, or `writeKey` in the body. Wire format after
Segment's Spec and the sources of `segment-analytics-python` and `@segment/analytics-next`.
"""

from __future__ import annotations

import base64
import binascii
import re
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
    as_dict,
    changes,
    page_path,
    promote,
    read_messages,
    unreadable,
)
from userops.events.capture.native import replay_with
from userops.events.capture.properties import check_properties
from userops.events.capture.validate import Bad
from userops.events.records import Alias, Event, Identify, Record

NAME = "segment"
_TYPES = {
    "track": "track",
    "identify": "identify",
    "page": "page",
    "screen": "screen",
    "group": "group",
    "alias": "alias",
    # the one-letter addresses of analytics.js
    "t": "track",
    "i": "identify",
    "p": "page",
    "s": "screen",
    "g": "group",
    "a": "alias",
}
PATHS = (*(f"/v1/{name}" for name in _TYPES), "/v1/batch", "/v1/b", "/v1/import")
SETTINGS = re.compile(r"^/v1/projects/([^/]+)/settings$")
"""What `analytics.js` asks before it sends anything."""
PAGE_EVENT = "$pageview"
SCREEN_EVENT = "$screen"
_RESENT = frozenset({"sentAt", "writeKey", "integrations", "_metadata"})
_encode = msgspec.json.Encoder().encode

# column ← place in `context`
CONTEXT: tuple[tuple[str, tuple[str, str]], ...] = (
    ("os", ("os", "name")),
    ("os_version", ("os", "version")),
    ("device", ("device", "model")),
    ("app_version", ("app", "version")),
    ("utm_source", ("campaign", "source")),
    ("utm_medium", ("campaign", "medium")),
    ("utm_campaign", ("campaign", "name")),
    ("country", ("location", "country")),
    ("province", ("location", "region")),
    ("city", ("location", "city")),
    ("page", ("page", "path")),
    ("referrer", ("page", "referrer")),
    ("platform", ("device", "type")),
)
_AMOUNT = ("revenue", "value", "total")


def parse(request: CaptureRequest) -> Parsed:
    if asked := SETTINGS.match(request.page_of_path):
        return Parsed(asked[1])
    data = b""
    try:
        data = body.unpack(request)
        value = body.read_json(data, request.charset)
    except BodyError as wrong:
        return unreadable(_find_key(request, None), wrong, data or request.body)
    key = _find_key(request, value)
    last = request.page_of_path.rpartition("/")[2]
    batch = value.get("batch") if type(value) is dict else None
    messages: Any = batch if type(batch) is list else value
    if type(value) is dict and messages is value and last in _TYPES:
        messages = {"type": _TYPES[last], **value}
    sent_at = value.get("sentAt") if type(value) is dict else None
    envelope = Envelope(
        request.received_ms,
        validate.skew(sent_at, request.received_ms),
        len(data) > limits.MAX_RECORD_BYTES,
    )
    if type(batch) is list and type(value.get("context")) is dict:
        messages = [_with_context(message, value["context"]) for message in batch]
    return read_messages(key, messages, read_one, envelope)


def _with_context(message: Any, shared: dict[str, Any]) -> Any:
    """A batch may give a `context` that holds for all its messages; a message's own wins."""
    if type(message) is not dict:
        return message
    own = message.get("context")
    return {**message, "context": {**shared, **own} if type(own) is dict else shared}


def _find_key(request: CaptureRequest, value: Any) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            pair = base64.b64decode(token.strip(), validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            pair = ""
        if pair.partition(":")[0]:
            return pair.partition(":")[0]
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    found = value.get("writeKey") if type(value) is dict else None
    batch = value.get("batch") if type(value) is dict else None
    if not found and type(batch) is list and batch and type(batch[0]) is dict:
        found = batch[0].get("writeKey")
    return found if type(found) is str else request.params.get("writeKey", "")


def read_one(message: dict[str, Any], envelope: Envelope) -> Sequence[Record]:
    kind = message.get("type") or message.get("action")
    read = _READ.get(kind) if type(kind) is str else None
    if read is None:
        raise Bad("type_unknown", f"type: {validate.shown(kind)} ({', '.join(_READ)})")
    ts, uuid = _when_and_which(message, envelope)
    return read(message, ts, uuid)


def _when_and_which(message: dict[str, Any], envelope: Envelope) -> tuple[int, UUID]:
    timestamp = message.get("timestamp")
    if timestamp is None:
        timestamp = message.get("originalTimestamp")
    if timestamp is None:
        ts = envelope.received_ms
    else:
        skew = envelope.skew_ms or validate.skew(message.get("sentAt"), envelope.received_ms)
        ts = validate.instant(timestamp, "timestamp") + skew
    ts = validate.check_clock(ts, envelope.received_ms)
    given = message.get("messageId")
    if given is not None and given != "":
        return ts, _message_uuid(given)
    if timestamp is None:
        return ts, validate.random_uuid()
    return ts, validate.content_uuid(NAME, message, _RESENT)


def _message_uuid(given: Any) -> UUID:
    """A messageId may be any text: one that is not a uuid gets the stable uuid of its text."""
    if type(given) is not str:
        raise Bad("uuid_invalid", f"messageId: {validate.shown(given)}")
    try:
        return validate.given_uuid(given)
    except Bad:
        return validate.named_uuid(NAME, given)


def _who(message: dict[str, Any], ts: int) -> tuple[str, list[Record]]:
    """The user; a message that carries both ids also says that they are the same person."""
    user, anonymous = message.get("userId"), message.get("anonymousId")
    if anonymous is None or anonymous == "":
        return validate.person(user, "userId"), []
    anonymous = validate.person(anonymous, "anonymousId")
    if user is None or user == "":
        return anonymous, []
    user = validate.person(user, "userId")
    if user == anonymous:
        return user, []
    return user, [Identify(distinct_id=user, anonymous_id=anonymous, ts=ts)]


def _happened(name: str, message: dict[str, Any], ts: int, uuid: UUID) -> Sequence[Record]:
    user, records = _who(message, ts)
    props = as_dict(message.get("properties"), "properties")
    for key in ("name", "category"):
        if message.get("type") in ("page", "screen") and message.get(key) is not None:
            props.setdefault(key, message[key])
    context = as_dict(message.get("context"), "context")
    _fill(props, context)
    records += changes(Said(message, props, user, ts, uuid), {"set": context.get("traits")})
    properties = check_properties(props)
    records.append(Event(event=name, distinct_id=user, ts=ts, uuid=uuid, properties=properties))
    return records


def _fill(props: dict[str, Any], context: dict[str, Any]) -> None:
    """Typed columns from properties and `context`; what is left of the context is kept as it is."""
    promote(props, (("page", ("path",)), ("referrer", ("referrer",))))
    if "page" not in props and props.get("url"):
        props["page"] = page_path(props["url"])
    for column, (group, name) in CONTEXT:
        part = context.get(group)
        value = part.get(name) if type(part) is dict else None
        if value is not None and value != "" and type(value) in (str, int, float):
            props.setdefault(column, value)
    if context.get("locale") is not None:
        props.setdefault("language", context["locale"])
    for name in _AMOUNT:
        value = props.get(name)
        if "amount" not in props and (type(value) is int or type(value) is float):
            props["amount"] = value
    library = context.get("library")
    named = library.get("name") if type(library) is dict else None
    _collected_by(props, named if type(named) is str else "")
    kept = {key: value for key, value in context.items() if key != "traits"}
    if kept:
        props.setdefault("context", kept)


def _collected_by(props: dict[str, Any], library: str) -> None:
    props.setdefault("source", f"{NAME}:{library}" if library else NAME)
    if library and "platform" not in props:
        web = library.startswith("analytics.js") or library == "@segment/analytics-next"
        props["platform"] = "web" if web else "server"
    if type(props.get("platform")) is str:
        props["platform"] = props["platform"].lower()


def _track(message: dict[str, Any], ts: int, uuid: UUID) -> Sequence[Record]:
    return _happened(validate.event_name(message.get("event")), message, ts, uuid)


def _page(message: dict[str, Any], ts: int, uuid: UUID) -> Sequence[Record]:
    return _happened(PAGE_EVENT, message, ts, uuid)


def _screen(message: dict[str, Any], ts: int, uuid: UUID) -> Sequence[Record]:
    props = as_dict(message.get("properties"), "properties")
    if "page" not in props and type(message.get("name")) is str:
        message = {**message, "properties": {**props, "page": message["name"]}}
    return _happened(SCREEN_EVENT, message, ts, uuid)


def _identify(message: dict[str, Any], ts: int, uuid: UUID) -> Sequence[Record]:
    user, records = _who(message, ts)
    if not records and message.get("userId"):
        records = [Identify(distinct_id=user, ts=ts)]
    records += changes(Said(message, {}, user, ts, uuid), {"set": message.get("traits")})
    if not records:
        raise Bad("profile_invalid", "identify: no userId and no traits")
    return records


def _group(message: dict[str, Any], ts: int, uuid: UUID) -> Sequence[Record]:
    """Groups are kept as what is known of the user: which group, and what it is like."""
    user, records = _who(message, ts)
    group = message.get("groupId")
    if type(group) not in (str, int) or group == "":
        raise Bad("profile_invalid", f"groupId: {validate.shown(group)}")
    told: dict[str, Any] = {"$group": group}
    if message.get("traits"):
        told["$group_properties"] = message["traits"]
    return [*records, *changes(Said(message, {}, user, ts, uuid), {"set": told})]


def _alias(message: dict[str, Any], ts: int, _uuid: UUID) -> Sequence[Record]:
    user = validate.person(message.get("userId"), "userId")
    previous = message.get("previousId") or message.get("from")
    return (Alias(distinct_id=user, alias=validate.person(previous, "previousId"), ts=ts),)


_READ: dict[str, Callable[[dict[str, Any], int, UUID], Sequence[Record]]] = {
    "track": _track,
    "identify": _identify,
    "page": _page,
    "screen": _screen,
    "group": _group,
    "alias": _alias,
}


def replay(raw: str, received_ms: int) -> Parsed:
    return replay_with(read_one, raw, received_ms)


def answer(request: CaptureRequest, parsed: Parsed, outcome: Outcome) -> Answer:
    """`{"success": true}`; a wrong request gets `{"code", "message"}`, as Segment's API does."""
    problem = outcome.problem
    if problem is not None:
        told = {"success": False, "code": problem.code, "message": problem.words.en}
        return Answer(problem.status, _encode(told), headers=retry_headers(outcome))
    if SETTINGS.match(request.page_of_path):
        integrations = {"Segment.io": {"apiKey": parsed.key}}
        return Answer(200, _encode({"integrations": integrations, "metrics": {"sampleRate": 0}}))
    if parsed.refusals and len(parsed.refusals) == parsed.messages:
        first = parsed.refusals[0]
        told = {"success": False, "code": first.code, "message": first.detail}
        return Answer(400, _encode(told))
    return Answer(200, _encode({"success": True}))


DOOR = Door(NAME, PATHS, parse, answer, replay, ("GET", "POST"))
