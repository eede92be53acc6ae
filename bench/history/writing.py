"""Writes the history day by day: memory does not grow with the number of events."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from bench.history.catalogue import DAYS, GROWTH, WEEKDAY
from bench.history.columns import Columns, merges
from bench.history.people import MERGED, make_people
from bench.history.sessions import MEAN_EVENTS, Day, Visits, make_day

SEED = 20_260_105
LATE_SHARE = 0.02
LATE_DAYS = 3
"""Late events arrive up to so many days after they happened."""
FORM = 2
"""Raised when the history of a seed becomes another one."""


@dataclass(frozen=True)
class History:
    """Where a history lies and what is in it."""

    folder: Path
    events: int
    users: int
    merged: int
    seed: int
    someone: int
    """Row of `merges` of a user who is there often."""
    form: int = FORM

    @property
    def parquet(self) -> Path:
        return self.folder / "events.parquet"

    @property
    def merges(self) -> Path:
        return self.folder / "merges.parquet"


def make(
    folder: Path, events: int, *, seed: int = SEED, progress: Callable[[float], None] | None = None
) -> History:
    """The history of a seed; made only when the folder does not hold it."""
    facts = folder / "history.json"
    wanted = {"events": events, "seed": seed, "form": FORM}
    if facts.exists():
        found = json.loads(facts.read_text())
        if wanted.items() <= found.items():
            return History(folder, **found)
    folder.mkdir(parents=True, exist_ok=True)
    made = _Writing(folder, events, seed).run(progress or (lambda share: None))
    told = {name: value for name, value in asdict(made).items() if name != "folder"}
    facts.write_text(json.dumps(told))
    return made


class _Writing:
    def __init__(self, folder: Path, events: int, seed: int) -> None:
        self.folder = folder
        self.events = events
        self.seed = seed
        self.random = np.random.default_rng(seed)
        self.people = make_people(self.random, events)
        self.columns = Columns(self.random, self.people)
        self.late: dict[int, list[pa.Table]] = {}

    def run(self, progress: Callable[[float], None]) -> History:
        path = self.folder / "events.parquet"
        share = (1 + GROWTH * np.arange(DAYS) / DAYS) * np.resize(WEEKDAY, DAYS)
        visits, mean, left = Visits(self.random, self.people), MEAN_EVENTS, self.events
        with parquet.ParquetWriter(
            path,
            self.columns.schema,
            compression="zstd",
            use_dictionary=self.columns.repeating,
        ) as writer:
            for day in range(DAYS):
                wanted = left * share[day] / share[day:].sum()
                last = day == DAYS - 1
                visitors = visits.of(day, int(wanted / mean * (1.2 if last else 1)) + 1)
                made = _cut(make_day(self.random, visitors, day), left)
                mean = 0.5 * mean + 0.5 * len(made.user) / max(len(visitors), 1)
                left -= len(made.user)
                writer.write_table(self._arriving(made, day), row_group_size=500_000)
                progress((day + 1) / DAYS)
            for tables in self.late.values():
                writer.write_table(pa.concat_tables(tables).sort_by("received"))
        assert left == 0, left
        linked = merges(self.people)
        parquet.write_table(linked, self.folder / "merges.parquet")
        return History(
            self.folder, self.events, self.people.count, linked.num_rows, self.seed, self._someone()
        )

    def _someone(self) -> int:
        both = np.flatnonzero(self.people.kind == MERGED)
        return int(np.argsort(self.people.weight[both])[-min(10, len(both))])

    def _arriving(self, made: Day, day: int) -> pa.Table:
        """What arrives on a day: its own events but for the late ones, and late ones of days before."""
        table = self.columns.table(made, day)
        late = self.random.random(len(made.user)) < LATE_SHARE
        delay = self.random.integers(1, LATE_DAYS + 1, len(made.user))
        for days in range(1, LATE_DAYS + 1):
            chosen = table.filter(pa.array(late & (delay == days)))
            self.late.setdefault(day + days, []).append(_delayed(chosen, days))
        there = [table.filter(pa.array(~late)), *self.late.pop(day, [])]
        return pa.concat_tables(there).sort_by("received")


def _delayed(table: pa.Table, days: int) -> pa.Table:
    at = table.column_names.index("received")
    received = table["received"].cast(pa.int64()).to_numpy() + days * 86_400_000
    return table.set_column(at, "received", pa.array(received, pa.timestamp("ms", "UTC")))


def _cut(day: Day, most: int) -> Day:
    if len(day.user) <= most:
        return day
    return Day(day.user[:most], day.event[:most], day.ms[:most], day.visit[:most])
