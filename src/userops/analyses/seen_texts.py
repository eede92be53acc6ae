"""The texts of properties that earlier questions found: few texts have numbers, and numbers are read and counted much
faster. Whoever uses them looks for a text that is not among them, and then asks in the slower way."""

from __future__ import annotations

from collections.abc import Iterable

from userops.query.scope import Scope
from userops.query.steps import Breakdown

Texts = tuple[str, ...]
MOST_PROPERTIES = 1_000
"""So many are remembered."""
MOST_TEXTS = 1_000
"""A property with more of them is not remembered."""

SEEN: dict[tuple[str, int, Breakdown], Texts] = {}
"""By engine, product and property, in order."""


def seen_texts(scope: Scope, properties: Iterable[Breakdown]) -> list[Texts] | None:
    """Of each property; None where one of them is not known."""
    found = [SEEN.get(_key(scope, each)) for each in properties]
    known = [texts for texts in found if texts is not None]
    return known if len(known) == len(found) else None


def remember_texts(scope: Scope, of: Breakdown, texts: Iterable[str]) -> None:
    """Some texts of a property, beside those that are remembered already."""
    key = _key(scope, of)
    together = sorted({*SEEN.pop(key, ()), *texts})
    if len(together) > MOST_TEXTS:
        return
    if len(SEEN) >= MOST_PROPERTIES:
        SEEN.clear()
    SEEN[key] = tuple(together)


def _key(scope: Scope, of: Breakdown) -> tuple[str, int, Breakdown]:
    return scope.engine.dsn, scope.product, of
