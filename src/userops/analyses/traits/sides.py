"""The two sides of a comparison as sets in the engine: those behind the number, and the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from userops.analyses.table import People
from userops.analyses.traits.document import Traits
from userops.events.person_set import PersonSet, held
from userops.query.document import Document
from userops.query.scope import Scope
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
EVERYONE = 2**32

Behind = Callable[[Document, Scope, Mapping[str, Any], int, int], People]
"""Who is behind a number of an inner question: that of its own analysis."""


def is_in(persons: PersonSet, person: str, values: Values) -> str:
    """The condition that an expression's person is in a set."""
    table = values.identifier(persons.name)
    return f"{person} in (select person from {table})"  # noqa: S608 - a placeholder


@dataclass(frozen=True, slots=True)
class Sides:
    """`group`: those behind the number. `both`: they and the others, of `rest` persons."""

    scope: Scope
    document: Document
    group: PersonSet
    both: PersonSet

    @property
    def rest(self) -> int:
        return self.both.size - self.group.size

    def pieces(self, values: Values) -> dict[str, str]:
        """What every statement needs: the range, the persons looked at, and which side one is on."""
        begin, after = self.document.range.bounds(self.scope.zone)
        return {
            "person": self.scope.person,
            "begin": values.instant(begin),
            "after": values.instant(after),
            "anyone": is_in(self.both, self.scope.person, values),
            "inside": is_in(self.group, "person", values),
        }

    def rows(self, name: str, values: Values, pieces: Mapping[str, str]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.scope.ask(
            statement(SQL / f"{name}.sql", pieces), values
        ).to_pylist()
        return found


@contextmanager
def sides(document: Traits, scope: Scope, behind: Behind) -> Iterator[Sides]:
    question = document.asked()
    group = behind(question, scope, document.selection, EVERYONE, 0).persons
    if document.other is None:
        others = _active(document, scope)
    else:
        others = behind(question, scope, document.other, EVERYONE, 0).persons
    both = sorted({*group, *others})
    with held(scope.engine, group) as first, held(scope.engine, both) as second:
        yield Sides(scope, document, first, second)


def _active(document: Traits, scope: Scope) -> list[int]:
    values = scope.values()
    begin, after = document.range.bounds(scope.zone)
    pieces = {
        "person": scope.person,
        "begin": values.instant(begin),
        "after": values.instant(after),
    }
    rows = scope.ask(statement(SQL / "everyone.sql", pieces), values).to_pylist()
    found: list[int] = rows[0]["persons"]
    return found
