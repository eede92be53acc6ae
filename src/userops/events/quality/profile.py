"""The running profile of a file or a day: what every chunk adds to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from dataclasses import field as part

import polars as pl

from userops.events.quality.coverage import TimeStats
from userops.events.quality.fieldstats import FieldStats

EXAMPLES = 5
"""Refused rows shown for each reason."""


@dataclass(frozen=True, slots=True)
class Example:
    """A refused row that stands for others."""

    row: int
    detail: str
    raw: str


@dataclass(frozen=True, slots=True)
class DataProfile:
    """Sufficient statistics of rows read; profiles of two parts add up to that of the whole.

    `notes` counts what conversion found worth telling (`time_shifted`, `event_not_in_map:7` …).
    """

    rows: int = 0
    accepted: int = 0
    refused: Counter[str] = part(default_factory=Counter)
    examples: dict[str, tuple[Example, ...]] = part(default_factory=dict)
    fields: dict[str, FieldStats] = part(default_factory=dict)
    users: FieldStats = part(default_factory=lambda: FieldStats("distinct_id"))
    events: Counter[str] = part(default_factory=Counter)
    time: TimeStats = part(default_factory=TimeStats)
    notes: Counter[str] = part(default_factory=Counter)

    @classmethod
    def of(
        cls,
        *,
        columns: pl.DataFrame,
        accepted: pl.DataFrame,
        refused: pl.DataFrame,
        notes: Counter[str],
        timezone: str,
    ) -> DataProfile:
        """`columns`: cleaned text of all readable rows; `accepted` and `refused` as
        `importers.converting` makes them."""
        events: Counter[str] = Counter()
        time = TimeStats()
        if "event" in accepted.columns:
            counted = accepted["event"].value_counts(name="n")
            events = Counter({str(name): int(n) for name, n in counted.iter_rows()})
        if "ts" in accepted.columns:
            time = TimeStats.of(accepted["ts"].drop_nulls(), timezone)
        codes = refused["code"].value_counts(name="n")
        return cls(
            rows=accepted.height + refused.height,
            accepted=accepted.height,
            refused=Counter({str(code): int(n) for code, n in codes.iter_rows()}),
            examples=_examples(refused),
            fields={name: FieldStats.of(columns[name]) for name in columns.columns},
            users=FieldStats.of(accepted["distinct_id"]),
            events=events,
            time=time,
            notes=notes,
        )

    @classmethod
    def of_refused(cls, refused: pl.DataFrame) -> DataProfile:
        """Rows that were accepted by what they say, and refused when they were stored."""
        codes = Counter(refused["code"].to_list())
        return cls(accepted=-refused.height, refused=codes, examples=_examples(refused))

    def __add__(self, other: DataProfile) -> DataProfile:
        """A column that one part does not have (JSON lines) is missing in all of its rows."""
        names = dict.fromkeys((*self.fields, *other.fields))
        ours, theirs = self._readable(), other._readable()
        fields = {
            name: self.fields.get(name, FieldStats(name, ours, ours))
            + other.fields.get(name, FieldStats(name, theirs, theirs))
            for name in names
        }
        codes = dict.fromkeys((*self.examples, *other.examples))
        return DataProfile(
            rows=self.rows + other.rows,
            accepted=self.accepted + other.accepted,
            refused=self.refused + other.refused,
            examples={code: _first(self.examples, other.examples, code) for code in codes},
            fields=fields,
            users=replace(self.users + other.users, name="distinct_id"),
            events=self.events + other.events,
            time=self.time + other.time,
            notes=self.notes + other.notes,
        )

    def _readable(self) -> int:
        return max((stats.rows for stats in self.fields.values()), default=0)


def _examples(refused: pl.DataFrame) -> dict[str, tuple[Example, ...]]:
    first = refused.sort("row").group_by("code", maintain_order=True).head(EXAMPLES)
    found: dict[str, list[Example]] = {}
    for row in first.iter_rows(named=True):
        found.setdefault(row["code"], []).append(
            Example(row["row"], row["detail"], row["raw"][:2_000])
        )
    return {code: tuple(examples) for code, examples in found.items()}


def _first(
    one: dict[str, tuple[Example, ...]], two: dict[str, tuple[Example, ...]], code: str
) -> tuple[Example, ...]:
    both = (*one.get(code, ()), *two.get(code, ()))
    return tuple(sorted(both, key=lambda example: example.row)[:EXAMPLES])
