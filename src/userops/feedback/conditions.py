"""Conditions on a ticket, for all that depends on what a ticket is: deadline policies, automation rules. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Test = Callable[[Any, tuple[Any, ...]], bool]


def _among(seen: Any, values: tuple[Any, ...]) -> bool:
    """One value, or any of a set such as the segments of a person."""
    if isinstance(seen, frozenset):
        return not seen.isdisjoint(values)
    return seen in values


def _same(seen: Any, values: tuple[Any, ...]) -> bool:
    return str(seen or "").casefold() in {str(each).casefold() for each in values}


def _holding(seen: Any, values: tuple[Any, ...]) -> bool:
    text = str(seen or "").casefold()
    return any(str(each).casefold() in text for each in values)


TESTS: dict[str, Test] = {
    "in": _among,
    "not_in": lambda seen, values: not _among(seen, values),
    "is": _same,
    "is_not": lambda seen, values: not _same(seen, values),
    "contains": _holding,
    "lacks": lambda seen, values: not _holding(seen, values),
    "none": lambda seen, _values: not seen and seen is not False,
    "some": lambda seen, _values: bool(seen) or seen is False,
    "yes": lambda seen, _values: seen is True,
    "no": lambda seen, _values: seen is False,
    "at_most": lambda seen, values: seen is not None and seen <= values[0],
    "at_least": lambda seen, values: seen is not None and seen >= values[0],
}
"""`in` compares keys and choices, `is` words without case; branches stand in `values` with all below them."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true of one field of a ticket."""

    field: str
    test: str
    values: tuple[Any, ...] = ()

    def holds(self, seen: Mapping[str, Any]) -> bool:
        return TESTS[self.test](seen.get(self.field), self.values)
