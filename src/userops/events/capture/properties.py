"""The properties of events and profiles: limits, and the types of the columns that they fill."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from userops.events import limits
from userops.events.capture.validate import Bad, canonical, number_text, shown
from userops.events.fields import BY_NAME, NUMBER_FIELDS, Field

TRUNCATED = "$truncated"
"""The property that lists the texts of an event that were cut."""

_WHOLE = range(-(2**63), 2**64)
_NO_COLUMNS: Mapping[str, Field] = {}


def check_properties(
    value: Any, field: str = "properties", columns: Mapping[str, Field] = BY_NAME
) -> dict[str, Any]:
    """The properties of an event, checked, as a new dict that is ready for the store.

    Too long texts are cut and named in `$truncated`. A key that names a typed column is brought to
    the column's type. Whole numbers beyond 64 bits become text. Raises `Bad`.
    """
    if value is None:
        return {}
    if type(value) is not dict:
        raise Bad("properties_invalid", f"{field}: {shown(value)}")
    _check_count(len(value), field)
    result = value.copy()
    cut: list[str] = []
    count = len(value)
    for key, item in value.items():
        if not key or len(key) > limits.MAX_KEY:
            raise Bad("key_invalid", f"{field}: {shown(key)}")
        if type(item) is str and item and len(item) <= limits.MAX_TEXT:
            if key not in NUMBER_FIELDS:  # most are texts that stay as they are
                continue
        elif item != "":
            count += _fit(result, key, cut)
        if key in columns:
            _fit_column(result, key)
    _check_count(count, field)
    if cut:
        result[TRUNCATED] = cut
    return result


def _check_count(count: int, field: str) -> None:
    if count > limits.MAX_PROPERTIES:
        raise Bad("too_many_properties", f"{field}: {count} > {limits.MAX_PROPERTIES}")


def _fit(result: dict[str, Any], key: str, cut: list[str]) -> int:
    """Check and shorten one value in place; the number of keys in it that count as properties."""
    item = result[key]
    kind = type(item)
    if kind is bool or kind is float or item is None:
        return 0
    if kind is int:
        if item not in _WHOLE:
            result[key] = number_text(item)
        return 0
    count = 0 if kind is str else _check_nested(item, 2)
    fitted = _fit_nested(item)
    if fitted is not item:
        result[key] = fitted
        cut.append(key)
    return count


def _check_nested(item: Any, depth: int) -> int:
    """Checks depth and keys; the number of keys that are not inside a list."""
    if depth > limits.MAX_DEPTH:
        raise Bad("too_deep", f"> {limits.MAX_DEPTH}")
    if type(item) is list:
        for part in item:
            if type(part) is dict or type(part) is list:
                _check_nested(part, depth + 1)
        return 0
    count = len(item)
    for key, part in item.items():
        if not key or len(key) > limits.MAX_KEY:
            raise Bad("key_invalid", shown(key))
        if type(part) is dict or type(part) is list:
            count += _check_nested(part, depth + 1)
    return count


def _fit_nested(item: Any) -> Any:
    """The same object when nothing is too long in it, else a copy with cut texts."""
    kind = type(item)
    if kind is str:
        return item if len(item) <= limits.MAX_TEXT else item[: limits.MAX_TEXT]
    if kind is int:
        return item if item in _WHOLE else number_text(item)
    if kind is list:
        parts = [_fit_nested(part) for part in item]
        return item if all(a is b for a, b in zip(parts, item, strict=True)) else parts
    if kind is dict:
        fitted = {key: _fit_nested(part) for key, part in item.items()}
        return item if all(fitted[key] is part for key, part in item.items()) else fitted
    return item


def _fit_column(result: dict[str, Any], key: str) -> None:
    """Bring the value of a typed column to its type, or leave it out when it says nothing."""
    value = result[key]
    if value is None or value == "":
        del result[key]
    elif key in NUMBER_FIELDS:
        result[key] = _number(value)
    elif type(value) is bool:
        result[key] = "true" if value else "false"
    elif type(value) is not str:
        result[key] = canonical(value).decode("utf-8", "replace")[: limits.MAX_TEXT]


def _number(value: Any) -> Any:
    """`"1,200.50"` as a number; what is none stays, and the store keeps it beside the column."""
    if type(value) is not str:
        return value
    try:
        number = float(value.replace(",", ""))
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def check_profile(value: Any, operation: str) -> dict[str, Any]:
    """The properties of a profile change, checked for what its operation needs."""
    if operation == "unset" and type(value) is list and all(type(key) is str for key in value):
        value = dict.fromkeys(value, True)
    if type(value) is not dict:
        raise Bad("profile_invalid", f"{operation}: {shown(value)}")
    checked = check_properties(value, operation, columns=_NO_COLUMNS)
    if operation == "increment":
        for key, item in checked.items():
            if type(item) is not int and type(item) is not float:
                raise Bad("profile_invalid", f"increment: {key} = {shown(item)}")
    if operation == "append":
        return {k: v if type(v) is list else [v] for k, v in checked.items()}
    return checked
