"""What events are called where a question tells many names apart: each name has a small number, its code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from userops.query.filters import Filters, conditions_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, any_of, coded_sql, statement
from userops.query.steps import EventStep

SQL = Path(__file__).parent / "sql"
MAX_NAMES = 1_000
"""The most frequent names are told apart; all others share one code."""


@dataclass(frozen=True, slots=True)
class Source:
    """Events that take part, called by a property's value or else by their own name. Names of one
    `family` are the same name, whichever source they come from. `without`: events left out of it."""

    family: str
    step: EventStep
    property: str | None = None
    without: tuple[EventStep, ...] = ()

    def name_sql(self, values: Values) -> str:
        return text_sql(self.property, "event", values) if self.property else "event"

    def sql(self, values: Values, person: str) -> str:
        """The condition on a row of `events`."""
        out = [f"not ({step.sql(values, person)})" for step in self.without]
        wanted = self.step.sql(values, person)
        return all_of([each for each in (wanted, *out) if each != "1"]) if out else wanted


@dataclass(frozen=True, slots=True)
class Name:
    family: str
    text: str

    @property
    def key(self) -> str:
        """As in JSON: `0:pay`."""
        return f"{self.family}:{self.text}"


@dataclass(frozen=True)
class Vocabulary:
    """The names told apart, in the order of family and text: their codes are 1, 2, …; 0 is no name."""

    sources: tuple[Source, ...]
    names: tuple[Name, ...]

    @property
    def rest(self) -> int:
        """The code of all names that are not told apart."""
        return len(self.names) + 1

    @property
    def bits(self) -> int:
        return self.rest.bit_length()

    def code_sql(self, values: Values, person: str) -> str:
        """The code of a row; the first source that a row fits names it."""
        coded = [self._coded(source, values) for source in self.sources]
        return first_that_fits(self.sources, coded, "0", values, person)

    def _coded(self, source: Source, values: Values) -> str:
        family = [(c, n.text) for c, n in enumerate(self.names, 1) if n.family == source.family]
        if not family:
            return f"toUInt16({self.rest})"
        codes, texts = zip(*family, strict=True)
        return coded_sql(source.name_sql(values), texts, codes, self.rest, values)


def first_that_fits(
    sources: tuple[Source, ...], results: list[str], otherwise: str, values: Values, person: str
) -> str:
    """The result that belongs to the first source that a row fits."""
    conditions = [source.sql(values, person) for source in sources]
    if conditions[0] == "1":
        return results[0]
    pairs = [f"{test}, {found}" for test, found in zip(conditions, results, strict=True)]
    return f"multiIf({', '.join(pairs)}, {otherwise})"


def named_sql(sources: tuple[Source, ...], values: Values) -> str:
    """The condition on the event's name alone for fitting a source: what the index helps with."""
    if not all(source.step.events for source in sources):
        return "1"
    names = sorted({name for source in sources for name in source.step.events})
    return f"event in {values.texts(names)}"


def wanted_sql(sources: tuple[Source, ...], filters: Filters, values: Values, person: str) -> str:
    """The condition for fitting a source and the filters of the document."""
    found = [named_sql(sources, values)]
    if any(source.step.filters or source.without for source in sources):
        found.append(any_of([source.sql(values, person) for source in sources]))
    if filters:
        found.append(conditions_sql(filters, values, person))
    return all_of([each for each in found if each != "1"])


def vocabulary(
    scope: Scope, sources: tuple[Source, ...], filters: Filters, begin: int, until: int
) -> Vocabulary:
    """The names of the events of a span of time (UTC ms, `until` excluded), perhaps with others of its months;
    beyond `MAX_NAMES` the most frequent ones of the span, then those first by source and text."""
    values = scope.values()
    numbers = [str(number) for number in range(len(sources))]
    names = [source.name_sql(values) for source in sources]
    same = len(set(names)) == 1
    pieces = {
        "source": first_that_fits(sources, numbers, "0", values, scope.person),
        "name": names[0] if same else first_that_fits(sources, names, "''", values, scope.person),
        "begin": values.instant(begin),
        "until": values.instant(until),
        "wanted": wanted_sql(sources, filters, values, scope.person),
    }
    # most spans have few names, and those of whole months are found without reading a time
    few = {**pieces, "limit": str(MAX_NAMES + 1)}
    table = scope.ask(statement(SQL / "month_names.sql", few), values)
    if len(table) > MAX_NAMES:
        # one key is much cheaper than two of which one is the same on every row
        keys = ("source", "source, name") if len(sources) > 1 else ("any(source)", "name")
        exact = {**pieces, "sources": keys[0], "keys": keys[1], "limit": str(MAX_NAMES)}
        table = scope.ask(statement(SQL / "vocabulary.sql", exact), values)
    found = {Name(sources[row["source"]].family, row["name"]) for row in table.to_pylist()}
    rank = {source.family: place for place, source in reversed(list(enumerate(sources)))}
    return Vocabulary(
        sources, tuple(sorted(found, key=lambda name: (rank[name.family], name.text)))
    )
