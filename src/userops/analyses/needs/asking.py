"""What a question of needs is about in one product, and the pieces that all its statements share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from userops.analyses.keeping import Kept
from userops.analyses.meaning import Meaning, meaning
from userops.analyses.needs.document import Needs
from userops.query.dates import absolute
from userops.query.filters import conditions_sql, number_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.query.steps import EventStep

SQL = Path(__file__).parent / "sql"
MOST_STEPS = 5
BEFORE, FEWER = 0.9, 0.97
"""A step of the main funnel: so many buyers do it before they buy, and so many fewer than did the one before."""
MOST_FAILURES = 6


@dataclass(frozen=True, slots=True)
class Subject:
    """Where needs show: a search (event, word, results), the steps of a funnel, failures with their reasons."""

    search: tuple[str, str, str] | None
    steps: tuple[str, ...]
    failures: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Asking:
    document: Needs
    scope: Scope

    def pieces(self, values: Values) -> dict[str, str]:
        begin, after = self.document.range.bounds(self.scope.zone)
        early, late = self._stayed()
        return {
            "person": self.scope.person,
            "begin": values.instant(begin),
            "after": values.instant(after),
            "early": values.instant(early),
            "late": values.instant(late),
            "condition": conditions_sql(self.document.filters, values, self.scope.person),
            "inside": conditions_sql(self.document.group, values, self.scope.person),
        }

    def _stayed(self) -> tuple[int, int]:
        """Who stayed was there before the one moment and from the other one on."""
        last, days = self.document.range.last_day, self.document.stayed_days
        late = absolute(last - timedelta(days=days - 1), last)
        before = last - timedelta(days=2 * days - 1)
        return absolute(before, before).bounds(self.scope.zone)[0], late.bounds(self.scope.zone)[0]

    def search_pieces(self, search: tuple[str, str, str] | None, values: Values) -> dict[str, str]:
        if search is None:
            return {"search": "0", "word": "''", "results": "0"}
        event, word, results = search
        return {
            "search": EventStep(event=event).sql(values, self.scope.person),
            "word": f"toString({text_sql(word, 'event', values)})",
            "results": number_sql(results, "event", values),
        }

    def levels_sql(self, steps: tuple[str, ...], values: Values, pieces: dict[str, str]) -> str:
        """The statement of who got how far; the first step lies in the range, later ones may lie after it."""
        _, after = self.document.range.bounds(self.scope.zone)
        tests = [f"event = {values.text(step)}" for step in steps]
        tests[0] += f" and ts < {pieces['after']}"
        return statement(
            SQL / "levels.sql",
            {
                **pieces,
                "window": str(self.document.window_ms),
                "steps": ", ".join(tests),
                "names": values.texts(list(steps)),
                "until": values.instant(after + self.document.window_ms + 1),
            },
        )

    def rows(self, name: str, values: Values, pieces: dict[str, str]) -> list[dict[str, Any]]:
        table = self.scope.ask(statement(SQL / f"{name}.sql", pieces), values)
        found: list[dict[str, Any]] = table.to_pylist()
        return found


_KEPT: Kept[Subject] = Kept(32)


def subject_of(document: Needs, scope: Scope) -> Subject:
    """As the document says it, or else as the events and properties let guess."""
    return _KEPT.get(document, scope, lambda: _subject(document, scope))


def _subject(document: Needs, scope: Scope) -> Subject:
    seen = meaning(scope, document.range.bounds(scope.zone), document.filters)
    search = document.search
    found = (search.event, search.word, search.results) if search else seen.search()
    failing = document.failures or tuple(seen.failures()[:MOST_FAILURES])
    steps = document.steps or _main_funnel(Asking(document, scope), seen)
    return Subject(found, steps, tuple((event, seen.reason(event)) for event in failing))


def _main_funnel(asking: Asking, seen: Meaning) -> tuple[str, ...]:
    """The purchase and what nearly all buyers do before it on the same day, from the many to the few."""
    purchase = seen.purchase()
    if purchase is None:
        return ()
    values = asking.scope.values()
    pieces = asking.pieces(values) | {"purchase": values.text(purchase)}
    buyers = {row["event"]: row["buyers"] for row in asking.rows("buyers", values, pieces)}
    steps: list[str] = []
    fewest = 0
    for event in seen.events:
        before = buyers.get(event.name, 0) >= BEFORE * buyers.get(purchase, 1)
        if before and event.name != purchase and (not steps or event.persons < FEWER * fewest):
            steps.append(event.name)
            fewest = event.persons
    ends = [event.persons for event in seen.events if event.name == purchase]
    steps = [name for name in steps if _persons(seen, name) > ends[0]]
    return (*steps[-(MOST_STEPS - 1) :], purchase) if steps else ()


def _persons(seen: Meaning, name: str) -> int:
    return next(event.persons for event in seen.events if event.name == name)
