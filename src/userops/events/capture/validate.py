"""The checks that every door makes, one function each. A broken one raises `Bad` with its code."""

from __future__ import annotations

import hashlib
import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from userops.events import limits

SKEW_TOLERANCE_MS = 5_000
"""Up to this, a difference between `sent_at` and the server's clock is the network's."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DIGITS = re.compile(r"-?[0-9]{9,20}(\.[0-9]{1,9})?", re.ASCII)
_NAMESPACE = UUID("c0f7a9f4-7c1e-5d0b-9a43-5f5a1d0c6e11").bytes
_convert = msgspec.convert
_encode = msgspec.json.Encoder(order="sorted").encode

# Ids that stand for nobody. The list is PostHog's (`isDistinctIdIllegal`), with the zeroed
# advertising id that phones send when tracking is refused.
NOBODY = frozenset(
    [
        "anonymous",
        "guest",
        "distinctid",
        "distinct_id",
        "id",
        "not_authenticated",
        "email",
        "undefined",
        "true",
        "false",
        "nan",
        "none",
        "null",
        "0",
        "nil",
        "unknown",
        "[object,object]",
        "00000000-0000-0000-0000-000000000000",
    ]
)


class Bad(Exception):  # noqa: N818
    """One message that cannot be taken. `code` is one of `limits.REASONS`."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code = code
        self.detail = detail


def shown(value: Any) -> str:
    """A value as a detail shows it: JSON, cut to a line."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 120 else text[:117] + "..."


def event_name(value: Any) -> str:
    if value is None:
        raise Bad("event_missing", "event")
    if type(value) is not str or not value.strip():
        raise Bad("event_invalid", f"event: {shown(value)}")
    if len(value) > limits.MAX_EVENT_NAME:
        raise Bad("event_invalid", f"event: {len(value)} > {limits.MAX_EVENT_NAME}")
    return value


def person(value: Any, field: str = "distinct_id") -> str:
    """An id of a user, as text. Whole numbers are taken as their digits."""
    if type(value) is int or (type(value) is float and value.is_integer()):
        value = number_text(int(value))
    if value is None or value == "":
        raise Bad("user_missing", field)
    if type(value) is not str:
        raise Bad("user_invalid", f"{field}: {shown(value)}")
    if len(value) > limits.MAX_DISTINCT_ID:
        raise Bad("user_invalid", f"{field}: {len(value)} > {limits.MAX_DISTINCT_ID}")
    if len(value) <= 40 and _means_nobody(value):
        raise Bad("user_not_a_person", f"{field}: {shown(value)}")
    return value


def _means_nobody(value: str) -> bool:
    bare = value.strip().strip("\"'").lower()
    return not bare or bare in NOBODY or bare == "[object object]"


def number_text(value: int) -> str:
    """The digits of a whole number (Python refuses to write those beyond 4,300 digits)."""
    if value.bit_length() > 4096:
        raise Bad("properties_invalid", "a number has more than 1,000 digits")
    return str(value)


def instant(value: Any, field: str = "time") -> int:
    """UTC milliseconds since 1970 of an ISO text or an epoch number (s, ms, µs or ns by its size).

    A text without an offset is read as UTC.
    """
    kind = type(value)
    if kind is str:
        return _instant_of_text(value, field)
    if kind is int or kind is float:
        return _instant_of_number(value, field)
    if value is None:
        raise Bad("time_missing", field)
    raise Bad("time_invalid", f"{field}: {shown(value)}")


def _instant_of_text(text: str, field: str) -> int:
    if _DIGITS.fullmatch(text):
        return _instant_of_number(float(text) if "." in text else int(text), field)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text.strip().upper())
        except ValueError:
            raise Bad("time_invalid", f"{field}: {shown(text)}") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MS


def _instant_of_number(number: float, field: str) -> int:
    if isinstance(number, float) and not math.isfinite(number):
        raise Bad("time_invalid", f"{field}: {number}")
    size = abs(number)
    if size < 10**11:
        return round(number * 1000)
    if size < 10**14:
        return round(number)
    if size < 10**17:
        return round(number) // 1000
    if size < 10**20:
        return round(number) // 1_000_000
    raise Bad("time_invalid", f"{field}: {shown(number)}")


def check_clock(ts: int, received_ms: int) -> int:
    if ts > received_ms + limits.MAX_FUTURE_MS:
        raise Bad("time_in_future", f"time: {_iso(ts)}")
    if ts < limits.MIN_TIME_MS:
        raise Bad("time_too_old", f"time: {_iso(ts)}")
    return ts


def _iso(ts: int) -> str:
    try:
        return (_EPOCH + ts * _MS).isoformat(timespec="milliseconds")
    except OverflowError:
        return str(ts)


def skew(sent_at: Any, received_ms: int) -> int:
    """Milliseconds that the sender's clock is behind the server's; 0 when it is not known.

    PostHog and Segment define time = received - (sent_at - timestamp). Within the tolerance the
    difference is the network's, and the sender's time is kept as it is.
    """
    if sent_at is None or sent_at == "":
        return 0
    try:
        behind = received_ms - instant(sent_at, "sent_at")
    except Bad:
        return 0
    return 0 if abs(behind) <= SKEW_TOLERANCE_MS else behind


def given_uuid(value: Any) -> UUID:
    try:
        uuid = _convert(value, UUID)
    except msgspec.ValidationError:
        uuid = _odd_uuid(value)
    if uuid.int == 0:
        raise Bad("uuid_invalid", f"uuid: {value}")
    return uuid


def _odd_uuid(value: Any) -> UUID:
    """One that is not written as usual: in braces, say."""
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Bad("uuid_invalid", f"uuid: {shown(value)}") from None


def named_uuid(*parts: str | bytes) -> UUID:
    """A stable uuid (version 5) of some texts."""
    digest = hashlib.sha1(_NAMESPACE, usedforsecurity=False)
    for part in parts:
        digest.update(part.encode("utf-8", "replace") if isinstance(part, str) else part)
        digest.update(b"\0")
    return UUID(bytes=digest.digest()[:16], version=5)


def content_uuid(door: str, message: dict[str, Any], without: frozenset[str]) -> UUID:
    """A stable uuid of what a message says; `without` names keys that differ when it is resent."""
    return named_uuid(door, canonical({k: v for k, v in message.items() if k not in without}))


def canonical(value: Any) -> bytes:
    try:
        return _encode(value)
    except (ValueError, OverflowError, RecursionError, TypeError):
        return repr(value).encode("utf-8", "replace")


def random_uuid() -> UUID:
    return uuid4()
