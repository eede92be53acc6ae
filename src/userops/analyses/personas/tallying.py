"""Sums over the persons of each group: they add up, part after part, and shares and means follow."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from userops.analyses.personas.cells import Cell
from userops.analyses.personas.observing import Floats, Ints, Seen

MEANS = ("active_days", "events_per_day", "recency", "tenure", "purchases", "value")
ROWS = 20_000


@dataclass(eq=False)
class Tally:
    """By group (row). For each cell (column): `k` days with it out of `n`, the sums of their squares and
    products over persons, and `have` persons with it. For each of `MEANS`: sum and sum of squares."""

    persons: Ints
    certainty: Floats
    k: Floats
    n: Floats
    kk: Floats
    kn: Floats
    nn: Floats
    have: Ints
    known: Ints
    sums: Floats
    squares: Floats
    buyers: Ints

    @classmethod
    def empty(cls, groups: int, cells: int) -> Tally:
        def zeros() -> Floats:
            return np.zeros((groups, cells))

        def whole() -> Ints:
            return np.zeros((groups, cells), np.int64)

        persons, buyers = np.zeros(groups, np.int64), np.zeros(groups, np.int64)
        sums, squares = np.zeros((groups, len(MEANS))), np.zeros((groups, len(MEANS)))
        return cls(
            persons, np.zeros(groups), zeros(), zeros(), zeros(), zeros(), zeros(), whole(), whole(),
            sums, squares, buyers,
        )  # fmt: skip

    def add(self, seen: Seen, group: Ints, certainty: Floats, cells: list[Cell]) -> None:
        for begin in range(0, len(seen), ROWS):
            rows = np.zeros(len(seen), bool)
            rows[begin : begin + ROWS] = True
            part = seen.chosen(rows)
            self._add(part, group[rows], certainty[rows], cells)

    def _add(self, seen: Seen, group: Ints, certainty: Floats, cells: list[Cell]) -> None:
        member = np.zeros((len(self.persons), len(seen)))
        member[group, np.arange(len(seen))] = 1.0
        self.persons += np.bincount(group, minlength=len(self.persons))
        self.certainty += member @ certainty
        if cells:
            days = seen.days.astype(np.float64)
            k = np.stack([days[:, cell.columns].sum(1) for cell in cells], axis=1)
            n = np.stack(
                [days[:, cell.whole].sum(1) if cell.whole else seen.active for cell in cells],
                axis=1,
            ).astype(np.float64)
            for name, each in (("k", k), ("n", n), ("kk", k * k), ("kn", k * n), ("nn", n * n)):
                getattr(self, name).__iadd__(member @ each)
            self.have += (member @ (k > 0)).astype(np.int64)
            self.known += (member @ (n > 0)).astype(np.int64)
        figures = {
            **seen.figures,
            "active_days": seen.active.astype(np.float64),
            "events_per_day": seen.figures["events"] / np.maximum(seen.active, 1),
        }
        numbers = np.stack([figures[name] for name in MEANS], axis=1)
        self.sums += member @ numbers
        self.squares += member @ (numbers * numbers)
        self.buyers += (member @ (seen.figures["purchases"] > 0)).astype(np.int64)

    def reorder(self, order: Ints) -> None:
        """Groups in another order."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name)[order])

    def grouped(self) -> Tally:
        """Without the last row, that of the light."""
        return Tally(**{each.name: getattr(self, each.name)[:-1] for each in fields(self)})
