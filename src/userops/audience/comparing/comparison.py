"""What sets one segment apart: the traits of both sides, ranked by how telling they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pyroaring import BitMap

from userops.analyses.remembering import Remembered, quarter_of
from userops.analyses.traits.collecting import collected
from userops.analyses.traits.facts import of_facts
from userops.analyses.traits.naming import named_in
from userops.analyses.traits.ranking import Trait, ranked
from userops.analyses.traits.sides import Sides
from userops.analyses.turns import HEAVY
from userops.audience.comparing.chosen import all_people, members, segments
from userops.audience.comparing.document import Comparison, describe
from userops.audience.people import scope_of
from userops.audience.segments.models import Segment
from userops.errors import Refused
from userops.events.models import Product
from userops.events.person_set import held
from userops.events.store import Store
from userops.query.scope import Scope
from userops.words import Words

ELSE = Words("其他所有人", "everyone else")
LIMIT = 300
KEPT_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison as it stood at `data_time`. `second`: None is everyone else; `both`: people in both."""

    document: Comparison
    first: Segment
    second: Segment | None
    both: int
    result: dict[str, Any]
    definition: Words
    data_time: datetime

    @property
    def names(self) -> tuple[Words, Words]:
        first = Words(self.first.name, self.first.name)
        other = self.second
        return first, Words(other.name, other.name) if other else ELSE


def compare(store: Store, product: Product, document: Comparison, *, asker: str = "") -> Compared:
    """Raises `NotFound` for a segment that is not there, `Refused` for one compared with itself."""
    keys = [document.segment, *([document.other] if document.other is not None else [])]
    rows = segments(product, keys, most=2)
    if document.other is not None and len(rows) < 2:
        raise Refused(
            Words("请选择两个不同的分群。", "Choose two different segments."),
            code="comparison_with_itself",
        )
    first, second = rows[0], rows[1] if len(rows) > 1 else None
    scope = scope_of(store, product)
    asked = document.resolve(scope)

    def make(begin: Callable[[], None]) -> tuple[Any, Any]:
        with HEAVY.turn(asker):
            begin()
            now = scope_of(store, product)
            both, result = _run(store, product, asked, now, rows)
        return _version(now), (both, result, now.now)

    key = (store.engine.dsn, product.pk, asked.hash())
    both, result, at = _remembered().get(key, _version(scope), make)
    name = Words(f"“{second.name}”", f"“{second.name}”") if second else ELSE
    return Compared(asked, first, second, both, result, describe(asked, first.name, name), at)


def _version(scope: Scope) -> tuple[int, int]:
    return scope.version, quarter_of(scope.now)


@cache
def _remembered() -> Remembered:
    return Remembered(KEPT_BYTES)


def _run(
    store: Store, product: Product, document: Comparison, scope: Scope, rows: list[Segment]
) -> tuple[int, dict[str, Any]]:
    found = members(store, product, rows)
    group = found[0]
    other = found[1] if len(found) > 1 else all_people(store, product) - group
    both = group.intersection_cardinality(other)
    names = frozenset(name for row in rows for name in (row.fact, *named_in(row.document)))
    traits = _traits(document, scope, group, other - group, names)
    shown, compared, telling = ranked(traits, document.min_support)
    return both, {
        "group": len(group),
        "rest": len(other - group),
        "compared": compared,
        "telling": telling,
        "traits": shown[:LIMIT],
    }


def _traits(
    document: Comparison, scope: Scope, group: BitMap, rest: BitMap, names: frozenset[str]
) -> list[Trait]:
    if not group or not rest:
        return []
    everybody = list(group | rest)
    with held(scope.engine, list(group)) as first, held(scope.engine, everybody) as both:
        sides = Sides(scope, document, first, both)
        return [*collected(sides, names), *of_facts(sides, names)]
