"""Facts about persons as traits: computed figures, tags, segments, as they are today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from userops.analyses.traits.collecting import (
    AT_ONCE,
    FEW,
    MOST_VALUES,
    NUMERIC,
    Row,
    by_place,
    figures_sql,
    numbers_of,
)
from userops.analyses.traits.ranking import Trait
from userops.analyses.traits.sides import Sides, is_in
from userops.query.filters import fact_sql
from userops.query.sql import Values

MOST_FACTS = 200
PERSONA = "$persona/"


def of_facts(sides: Sides, named: frozenset[str]) -> Iterator[Trait]:
    """Values of facts that are kinds, and means of those that are numbers. Days are left out: they go on
    with time and say no more than the days since first seen."""
    personal = sides.scope.personal()
    known = sorted(sides.scope.values().facts())[:MOST_FACTS]
    names = [name for name in known if ("user", name) not in personal]
    if any(name.startswith(PERSONA) for name in named):
        # what another grouping of the same behaviour calls them is nothing new
        names = [name for name in names if not name.startswith(PERSONA)]
    for begin in range(0, len(names), AT_ONCE):
        some = names[begin : begin + AT_ONCE]
        kinds = {row["place"]: row for row in _asked(sides, some, "fact_kinds")}
        numbers = [at for at, row in kinds.items() if _is_number(row)]
        texts = [at for at, row in kinds.items() if at not in numbers and _is_kind(row)]
        rows = _asked(sides, [some[at] for at in texts], "fact_values")
        for place, shares in by_place(sides, rows).items():
            name = some[texts[place]]
            for value, share in shares.items():
                yield Trait("user_property", name, value, share, name in named)
        for at in numbers:
            yield from _number(sides, some[at], named)


def _asked(sides: Sides, names: list[str], statement: str) -> list[dict[str, Any]]:
    if not names:
        return []
    values = sides.scope.values()
    pieces = _pieces(sides, values) | {"facts": _facts_sql(names, values)}
    return sides.rows(statement, values, pieces)


def _pieces(sides: Sides, values: Values) -> dict[str, str]:
    return sides.pieces(values) | {"anyone": is_in(sides.both, "person", values)}


def _facts_sql(names: list[str], values: Values) -> str:
    # the pieces are constants of ours and placeholders
    parts = [
        f"select toUInt16({place}) as place, person, value from ({fact_sql(name, values)})"  # noqa: S608
        for place, name in enumerate(names)
    ]
    return " union all ".join(parts)


def _is_number(row: Row) -> bool:
    return bool(row["numbers"] >= NUMERIC * row["given"] and row["different"] > FEW)


def _is_kind(row: Row) -> bool:
    return bool(row["days"] < row["given"] and row["different"] <= MOST_VALUES)


def _number(sides: Sides, name: str, named: frozenset[str]) -> Iterator[Trait]:
    values = sides.scope.values()
    pieces = _pieces(sides, values) | {
        "fact": fact_sql(name, values),
        "figures": figures_sql({"value": "value"}),
    }
    figures = numbers_of(sides.rows("fact_numbers", values, pieces), "value")
    if figures is not None:
        yield Trait("user_property", name, None, figures, name in named)
