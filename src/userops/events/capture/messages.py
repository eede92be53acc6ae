"""From a list of messages to records and refusals: the loop that all doors share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from userops.events import limits
from userops.events.capture import validate
from userops.events.capture.body import BodyError
from userops.events.capture.door import BATCH_TOO_LARGE, JSON_INVALID, Parsed
from userops.events.capture.properties import check_profile
from userops.events.capture.validate import Bad
from userops.events.records import ProfileChange, ProfileOperation, Record, Refusal

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Envelope:
    """What holds for all messages of one request.

    `skew_ms` is added to every time that a sender gave; `large` says that a message in it may be
    larger than allowed, so that each must be weighed.
    """

    received_ms: int
    skew_ms: int = 0
    large: bool = True
    library: str = ""
    """The SDK, when only the request (not the message) names it."""


class Said(NamedTuple):
    """One message, as far as all its kinds are alike: who, when, and a uuid for it."""

    message: dict[str, Any]
    props: dict[str, Any]
    """A copy of its properties, free to change."""
    user: str
    ts: int
    uuid: UUID


ReadOne = Callable[[dict[str, Any], Envelope], Sequence[Record]]


def read_messages(
    key: str, messages: Any, read_one: ReadOne, envelope: Envelope, *, dry_run: bool = False
) -> Parsed:
    """Each message becomes records or exactly one refusal; a bad one never loses its neighbours."""
    if type(messages) is not list:
        messages = [messages]
    if len(messages) > limits.MAX_BATCH:
        wrong = BodyError(BATCH_TOO_LARGE, f"{len(messages)} > {limits.MAX_BATCH}")
        return unreadable(key, wrong, b"")
    records: list[Record] = []
    refusals: list[Refusal] = []
    for message in messages:
        try:
            if type(message) is not dict:
                raise Bad("not_an_object", validate.shown(message))
            if envelope.large:
                _weigh(message)
            records += read_one(message, envelope)
        except Bad as bad:
            refusals.append(Refusal(code=bad.code, detail=bad.detail, raw=raw_text(message)))
        except RecursionError:
            refusals.append(Refusal(code="too_deep", detail="", raw=raw_text(message)))
    return Parsed(key, [] if dry_run else records, refusals, len(messages), None, dry_run)


def unreadable(key: str, wrong: BodyError, body: bytes) -> Parsed:
    """A request whose body could not be read: one refusal that keeps the beginning of it."""
    if wrong.problem is BATCH_TOO_LARGE:
        # nothing is lost: the sender is told to send smaller batches
        return Parsed(key, problem=wrong.problem)
    raw = body[: limits.MAX_TEXT].decode("utf-8", errors="replace").replace("\0", "\ufffd")
    detail = wrong.detail
    if wrong.problem is not JSON_INVALID:
        detail = f"{wrong.problem.code}: {detail}"
    refusal = Refusal(code=JSON_INVALID.code, detail=detail, raw=raw)
    return Parsed(key, [], [refusal], 1, wrong.problem)


def _weigh(message: dict[str, Any]) -> None:
    size = len(validate.canonical(message))
    if size > limits.MAX_RECORD_BYTES:
        raise Bad("record_too_large", f"{size} > {limits.MAX_RECORD_BYTES} bytes")


def raw_text(message: Any) -> str:
    """A message as JSON text for the quarantine, at most as long as a message may be."""
    try:
        text = _encode(message).decode()
    except (ValueError, OverflowError, RecursionError, TypeError):
        try:
            text = json.dumps(message, ensure_ascii=False)
        except (ValueError, RecursionError):
            text = type(message).__name__
    return text[: limits.MAX_RECORD_BYTES]


def promote(props: dict[str, Any], table: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """Fill typed columns from a protocol's own property names, the first that says something.

    The sender's own property of the column's name wins. A text that goes into a column as it is
    leaves its old name, so that nothing is stored twice.
    """
    for column, names in table:
        if column in props:
            continue
        for name in names:
            value = props.get(name)
            if type(value) is str:
                if value:
                    props[column] = value
                    del props[name]
                    break
            elif type(value) is int or type(value) is float:
                props[column] = value
                break


def as_dict(value: Any, field: str) -> dict[str, Any]:
    """A new dict of an optional object. Raises `Bad` for anything else."""
    if value is None:
        return {}
    if type(value) is not dict:
        raise Bad("properties_invalid", f"{field}: {validate.shown(value)}")
    return dict(value)


def change(said: Said, operation: ProfileOperation, value: Any) -> ProfileChange:
    """A profile change with its own stable uuid."""
    return ProfileChange(
        distinct_id=said.user,
        operation=operation,
        properties=check_profile(value, operation),
        ts=said.ts,
        uuid=validate.named_uuid(said.uuid.bytes, operation),
    )


def changes(said: Said, wanted: Mapping[ProfileOperation, Any]) -> list[ProfileChange]:
    """One change per operation that was asked for with something."""
    return [
        change(said, operation, value)
        for operation, value in wanted.items()
        if value is not None and value != {}
    ]


def page_path(url: Any) -> str:
    """The path of an address: `https://shop.cn/cart?x=1` and `/cart#top` are both `/cart`."""
    if type(url) is not str or not url:
        return ""
    rest = url.partition("://")[2] if "://" in url[:12] else url
    if rest is not url:
        slash = rest.find("/")
        rest = rest[slash:] if slash >= 0 else "/"
    return rest.partition("?")[0].partition("#")[0][: limits.MAX_TEXT] or "/"
