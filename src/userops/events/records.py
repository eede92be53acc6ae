"""What a door hands to the store: the same few records whatever wire format they came in.

A door parses, then yields `Event`, `Identify`, `Alias` or `ProfileChange` records for good input and a
`Refusal` for each bad one. Nothing else crosses from `capture/` and `importers/` into `ingest`.
"""

from __future__ import annotations

from hashlib import md5
from typing import Any, Literal
from uuid import UUID

import msgspec

ProfileOperation = Literal["set", "set_once", "unset", "increment", "append", "delete"]


def taken_id(uuid: UUID) -> int:
    """The 64-bit number by which the store remembers a uuid: the first bytes of its MD5, as `sql` files
    make it too (`schema/0003_lean_events.sql`)."""
    return int.from_bytes(md5(uuid.bytes, usedforsecurity=False).digest()[:8], "little")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something one user did at one instant.

    `properties` is flat or nested JSON. Keys that are names of `fields.FIELDS` fill typed columns.
    """

    event: str
    distinct_id: str
    ts: int
    """UTC milliseconds since 1970."""
    uuid: UUID
    """The same uuid counts once per product, however often it is sent."""
    properties: dict[str, Any] = {}


class Identify(msgspec.Struct, frozen=True, kw_only=True):
    """The sender says: `anonymous_id` is the known user `distinct_id`. With no anonymous_id, only
    that `distinct_id` is a known user."""

    distinct_id: str
    anonymous_id: str | None = None
    ts: int = 0


class Alias(msgspec.Struct, frozen=True, kw_only=True):
    """The sender says: `alias` is another id of the person of `distinct_id`."""

    distinct_id: str
    alias: str
    ts: int = 0


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change of what is known about the person of `distinct_id`.

    `set` overwrites, `set_once` fills only what is missing, `unset` removes keys (values ignored),
    `increment` adds numbers, `append` adds to lists, `delete` forgets the whole profile.
    `uuid` makes `increment` and `append` count once when a message is resent.
    """

    distinct_id: str
    operation: ProfileOperation
    properties: dict[str, Any] = {}
    ts: int = 0
    uuid: UUID | None = None


Record = Event | Identify | Alias | ProfileChange


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One input that could not be taken. `code` is stable; `detail` is for people; `raw` is what came."""

    code: str
    detail: str
    raw: str
