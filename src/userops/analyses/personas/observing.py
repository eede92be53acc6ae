"""What was seen of persons: counts of days by code, and figures; one part of all persons at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from userops.analyses.personas.document import Personas
from userops.analyses.personas.features import SQL, Features, amount_sql, codes_sql, rows_pieces
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.query.steps import EventStep
from userops.stats.mixture import Block, Counts, Numbers, scaled

PART = 400_000
"""Persons looked at together: what they need of memory is bounded."""
FIGURES = ("events", "recency", "tenure", "purchases", "value")
_EPOCH = 719_163
"""The ordinal of 1970-01-01."""
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Seen:
    """Persons in rising order; `days` by person (row) and code (column), `active` days, and figures."""

    person: Ints
    days: npt.NDArray[np.uint16]
    active: Ints
    figures: dict[str, Floats]

    def __len__(self) -> int:
        return len(self.person)

    def chosen(self, rows: npt.NDArray[np.bool_]) -> Seen:
        figures = {name: each[rows] for name, each in self.figures.items()}
        return Seen(self.person[rows], self.days[rows], self.active[rows], figures)


def parts_of(people: int) -> int:
    return max(1, -(-people // PART))


def observed(document: Personas, scope: Scope, features: Features, parts: int) -> Iterator[Seen]:
    """Everyone with an event in the range, in parts drawn by chance."""
    for part in range(parts):
        yield _part(document, scope, features, part, parts)


def _part(document: Personas, scope: Scope, features: Features, part: int, parts: int) -> Seen:
    values = scope.values()
    pieces = rows_pieces(document, scope, values, part, parts)
    pieces["codes"] = codes_sql(features, values)
    table = scope.ask(statement(SQL / "days.sql", pieces), values)
    person = table.column("person").to_numpy().astype(np.int64)
    codes = table.column("codes").combine_chunks()
    flat = np.asarray(codes.values.to_numpy(), np.int64)
    times = np.asarray(table.column("times").combine_chunks().values.to_numpy(), np.uint16)
    lengths = np.diff(codes.offsets.to_numpy())
    whole = np.zeros((len(person), features.codes + 1), np.uint16)
    whole[np.repeat(np.arange(len(person)), lengths), flat - 1] = times
    days, active = whole[:, :-1], whole[:, -1].astype(np.int64)
    for feature in features.coded:
        if feature.lasting:
            days[:, feature.place()] = _most(days[:, feature.place()])
    return Seen(person, days, active, _figures(document, scope, features, part, parts))


def _most(days: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """1 for the value of most days, of equal ones the first in the order of text; 0 for the others."""
    result = np.zeros_like(days)
    rows = np.flatnonzero(days.any(axis=1))
    result[rows, days[rows].argmax(axis=1)] = 1
    return result


def _figures(
    document: Personas, scope: Scope, features: Features, part: int, parts: int
) -> dict[str, Floats]:
    values = scope.values()
    values.parameters["last"] = document.range.last_day.toordinal() - _EPOCH
    bought = features.purchase
    pieces = rows_pieces(document, scope, values, part, parts) | {
        "purchase": EventStep(event=bought).sql(values, scope.person) if bought else "0",
        "value": amount_sql(values),
    }
    table = scope.ask(statement(SQL / "figures.sql", pieces), values)
    return {name: table.column(name).to_numpy().astype(np.float64) for name in FIGURES}


def blocks_of(features: Features, seen: Seen) -> list[Block]:
    """What groups are made of."""
    blocks: list[Block] = [
        Counts(feature.name, seen.days[:, feature.place()]) for feature in features.coded
    ]
    numbers = {
        **seen.figures,
        "active_days": seen.active.astype(np.float64),
        "events_per_day": seen.figures["events"] / np.maximum(seen.active, 1),
    }
    return [*blocks, *(Numbers(name, scaled(numbers[name])) for name in features.numbers)]
