"""Events as columns of the engine's table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import orjson
import pyarrow as pa

from userops.events.fields import NUMBER_FIELDS, TEXT_FIELDS
from userops.events.limits import MAX_TEXT
from userops.events.records import Event

_RESERVED = frozenset((*TEXT_FIELDS, *NUMBER_FIELDS))


def event_columns(
    product: int,
    door: str,
    batch: int,
    received: int | Sequence[int],
    events: Sequence[Event],
    uids: Sequence[int],
) -> pa.Table:
    """Events of one product as rows of `events`. Shapes: `events` and `uids` are equally long, and so is
    `received` unless it is one instant for all."""
    count = len(events)
    texts: dict[str, list[str]] = {name: [""] * count for name in TEXT_FIELDS}
    numbers: dict[str, list[float | None]] = {name: [None] * count for name in NUMBER_FIELDS}
    props: list[bytes] = []
    for row, event in enumerate(events):
        rest = event.properties
        if not _RESERVED.isdisjoint(rest):
            rest = _fill(row, rest, texts, numbers)
        props.append(json_of(rest))
    if door:
        texts["source"] = [text or door for text in texts["source"]]
    return pa.table(
        {
            "product": pa.repeat(pa.scalar(product, pa.uint32()), count),
            "event": pa.array([event.event for event in events], pa.string()),
            "uid": pa.array(uids, pa.uint32()),
            "ts": pa.array([event.ts for event in events], pa.timestamp("ms", "UTC")),
            "batch": pa.repeat(pa.scalar(batch, pa.uint64()), count),
            "received": _instants(received, count),
            **{name: pa.array(cells, pa.string()) for name, cells in texts.items()},
            **{name: pa.array(cells, pa.float64()) for name, cells in numbers.items()},
            "props": pa.array(props, pa.binary()).cast(pa.string()),
        }
    )


def _instants(times: int | Sequence[int], count: int) -> pa.Array:
    if isinstance(times, int):
        return pa.repeat(pa.scalar(times, pa.timestamp("ms", "UTC")), count)
    return pa.array(times, pa.timestamp("ms", "UTC"))


def json_of(properties: dict[str, Any]) -> bytes:
    """Properties as the JSON column takes them: each path once.

    `{"a.b": 1, "a": {"b": 2}}` names one path twice, which the engine refuses: the first one counts.
    """
    if not properties:
        return b"{}"
    text = orjson.dumps(properties)
    if b"." not in text or not _has_dots(properties):
        return text
    return orjson.dumps(_flattened(properties))


def _has_dots(value: Any) -> bool:
    if isinstance(value, dict):
        return any("." in key or _has_dots(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(_has_dots, value))


def _flattened(properties: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in properties.items():
        inner = (
            _flattened(value, f"{prefix}{key}.")
            if isinstance(value, dict)
            else {f"{prefix}{key}": _with_flat_items(value)}
        )
        flat = {**inner, **flat}
    return flat


def _with_flat_items(value: Any) -> Any:
    """The engine reads the objects of a list as it reads the whole: each path once."""
    if isinstance(value, dict):
        return _flattened(value)
    return [_with_flat_items(each) for each in value] if isinstance(value, list) else value


def _fill(
    row: int,
    properties: dict[str, Any],
    texts: dict[str, list[str]],
    numbers: dict[str, list[float | None]],
) -> dict[str, Any]:
    """Put the standard properties in their columns; answers the others."""
    rest: dict[str, Any] = {}
    for key, value in properties.items():
        if key in texts:
            plain = type(value) is str and len(value) <= MAX_TEXT
            texts[key][row] = value if plain else text_of(value)
        elif key in numbers:
            number = number_of(value)
            numbers[key][row] = number
            if number is None and value not in (None, ""):
                rest[f"{key}_text"] = text_of(value)
        else:
            rest[key] = value
    return rest


def text_of(value: Any) -> str:
    """A value as a text column holds it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    return orjson.dumps(value).decode()[:MAX_TEXT]


def number_of(value: Any) -> float | None:
    """A value as a number column holds it; None when it is no finite number."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
