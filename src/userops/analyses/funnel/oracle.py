"""The law of the funnel in slow, plain Python: what the fast code is tested against.

It tries every chain of events. Not used by the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations, groupby, permutations, product
from typing import Any
from zoneinfo import ZoneInfo

from userops.analyses.funnel.document import FunnelDocument
from userops.query.filters import Condition
from userops.query.steps import EventStep

Row = dict[str, Any]
GAP = 30 * 60_000


def matches(step: EventStep, row: Row) -> bool:
    """Only filters of the form "event property is one of" are known here."""
    if step.events and row["event"] not in step.events:
        return False
    return all(_holds(each, row) for each in step.filters)


def _holds(condition: Any, row: Row) -> bool:
    assert isinstance(condition, Condition) and condition.op == "is" and condition.of == "event"
    return value_of(row, condition.property) in [str(value) for value in condition.given()]


def value_of(row: Row, name: str) -> str:
    return str(row[name] if name in row else row.get("props", {}).get(name, ""))


@dataclass(frozen=True)
class Attempt:
    """Times of the steps done (None: not done), and the events they were taken from."""

    done: tuple[int | None, ...]
    unit: tuple[str, ...]
    deadline: int
    events: tuple[Row, ...]

    @property
    def times(self) -> list[int]:
        return [at for at in self.done if at is not None]


class Oracle:
    """All of one document over one list of events."""

    def __init__(
        self,
        document: FunnelDocument,
        rows: Sequence[Row],
        zone: str,
        merges: dict[int, int] | None = None,
    ):
        self.document = document
        self.zone = ZoneInfo(zone)
        self.begin, self.end = document.range.bounds(self.zone)
        self.steps = document.steps
        until = self.end + (document.window_ms or 0)
        people = merges or {}
        seen = [
            {**row, "person": people.get(row["uid"], row["uid"])}
            for row in rows
            if self.begin <= row["ts"] < until
        ]
        self._name_sessions(seen)
        kept = [row for row in seen if all(_holds(each, row) for each in document.filters)]
        self.units = self._units(kept)

    def _name_sessions(self, rows: list[Row]) -> None:
        rows.sort(key=lambda row: (row["person"], row["ts"]))
        last: dict[int, tuple[int, int]] = {}
        for row in rows:
            if row.get("session"):
                row["visit"] = ("id", row["session"])
                continue
            at, number = last.get(row["person"], (-GAP * 9, 0))
            number += row["ts"] - at > GAP
            last[row["person"]] = row["ts"], number
            row["visit"] = ("gap", number)

    def _units(self, rows: list[Row]) -> dict[Any, list[tuple[tuple[str, ...], list[Row]]]]:
        """Owner → its units: the held values, and the events of the unit."""
        held = self.document.hold_constant
        owners: dict[Any, list[Row]] = {}
        for row in rows:
            key = (
                (row["person"], row["visit"])
                if self.document.count == "sessions"
                else (row["person"],)
            )
            owners.setdefault(key, []).append(row)
        result = {}
        for owner, own in owners.items():
            values = sorted({tuple(value_of(row, name) for name in held) for row in own})
            result[owner] = [
                (each, [row for row in own if self._stands_in(row, each)])
                for each in values
                if all(each)
            ]
        return result

    def _stands_in(self, row: Row, values: tuple[str, ...]) -> bool:
        own = tuple(value_of(row, name) for name in self.document.hold_constant)
        if all(own):
            return own == values
        step = any(matches(each, row) for each in self.steps)
        return not step and any(matches(each, row) for each in self.document.exclusions)

    # ---- attempts -----------------------------------------------------------------------------

    def deadline(self, start: int) -> int:
        if self.document.window_ms is not None:
            return start + self.document.window_ms
        day = datetime.fromtimestamp(start / 1000, self.zone).date()
        at = start
        while datetime.fromtimestamp(at / 1000, self.zone).date() == day:
            at += 60_000
        at -= at % 60_000
        return at - 1

    def starts(self, owner: Any) -> list[int]:
        """Times of step-1 events in the range (of any step, when any order will do)."""
        first = self.steps if self.document.order == "any_order" else self.steps[:1]
        times = {
            row["ts"]
            for _, rows in self.units[owner]
            for row in rows
            if self.begin <= row["ts"] < self.end and any(matches(each, row) for each in first)
        }
        return sorted(times)[:1] if self.document.first_entry else sorted(times)

    def best(self, owner: Any, starts: Sequence[int]) -> Attempt | None:
        """The attempt that counts, of those that start at the given times."""
        found: Attempt | None = None
        rank: Any = None
        for unit, rows in self.units[owner]:
            for start in starts:
                for attempt in self.attempts(unit, rows, start):
                    mine = self._rank(attempt)
                    if rank is None or mine > rank:
                        found, rank = attempt, mine
        return found

    def _rank(self, attempt: Attempt) -> Any:
        done = [at for at, when in enumerate(attempt.done) if when is not None]
        required = sum(not self.steps[at].optional for at in done)
        times = attempt.times
        return (
            required,
            len(done),
            -times[-1],
            times[0],
            [-at for at in done],
            attempt.unit,
            [-each for each in times],
        )

    def attempts(self, unit: tuple[str, ...], rows: list[Row], start: int) -> Iterator[Attempt]:
        later = [row for row in rows if row["ts"] >= start]
        deadline = self.deadline(start)
        finder = {"ordered": self._ordered, "strict": self._strict, "any_order": self._any_order}
        for done in finder[self.document.order](later, start, deadline):
            yield Attempt(done, unit, deadline, tuple(later))

    def _ordered(
        self, rows: list[Row], start: int, deadline: int
    ) -> Iterator[tuple[int | None, ...]]:
        optional = self.document.optional
        for size in range(len(optional) + 1):
            for left_out in combinations(optional, size):
                kept = [at for at in range(len(self.steps)) if at not in left_out]
                times = self._first_chances(rows, start, [self.steps[at] for at in kept])
                depth = self._allowed(times, kept, rows, deadline)
                if depth:
                    done: list[int | None] = [None] * len(self.steps)
                    for at, when in zip(kept[:depth], times, strict=False):
                        done[at] = when
                    yield tuple(done)

    def _first_chances(self, rows: list[Row], start: int, steps: list[EventStep]) -> list[int]:
        """For each step the earliest time at which any chain of distinct events has done it."""
        earliest: dict[int, int] = {}

        def go(used: frozenset[int], at: int, step: int) -> None:
            if step == len(steps):
                return
            for number, row in enumerate(rows):
                fits = row["ts"] >= at if step else row["ts"] == start
                if number in used or not fits or not matches(steps[step], row):
                    continue
                earliest[step] = min(earliest.get(step, row["ts"]), row["ts"])
                go(used | {number}, row["ts"], step + 1)

        go(frozenset(), start, 0)
        return [earliest[step] for step in range(len(earliest))]

    def _excluded_times(self, exclusion: EventStep, rows: Sequence[Row]) -> list[int]:
        return [
            row["ts"]
            for row in rows
            if matches(exclusion, row) and not any(matches(each, row) for each in self.steps)
        ]

    def _allowed(self, times: list[int], kept: list[int], rows: list[Row], deadline: int) -> int:
        """How many of the steps are within the window and before an exclusion that stops."""
        depth = sum(at <= deadline for at in times)
        if self.document.exclusion_mode != "stop":
            return depth
        for exclusion in self.document.exclusions:
            begin, end = (kept.index(each) for each in self.document.span(exclusion))
            for step in range(begin + 1, min(end + 1, len(times))):
                if any(
                    times[begin] < at < times[step] for at in self._excluded_times(exclusion, rows)
                ):
                    depth = min(depth, step)
        return depth

    def _strict(
        self, rows: list[Row], start: int, deadline: int
    ) -> Iterator[tuple[int | None, ...]]:
        ties = [list(group) for _, group in groupby(rows, key=lambda row: row["ts"])]
        for order in product(*(permutations(group) for group in ties)):
            line = [row for group in order for row in group]
            for begin, row in enumerate(line):
                if row["ts"] != start or not matches(self.steps[0], row):
                    continue
                times: list[int] = []
                for step, here in zip(self.steps, line[begin:], strict=False):
                    if not matches(step, here) or here["ts"] > deadline:
                        break
                    times.append(here["ts"])
                yield (*times, *[None] * (len(self.steps) - len(times)))

    def _any_order(
        self, rows: list[Row], start: int, deadline: int
    ) -> Iterator[tuple[int | None, ...]]:
        within = [row for row in rows if row["ts"] <= deadline]
        if not any(
            row["ts"] == start and matches(step, row) for row in rows for step in self.steps
        ):
            return
        times: list[int] = []
        for at in sorted({row["ts"] for row in within}):
            done = self._most_steps([row for row in within if row["ts"] <= at], 0, frozenset())
            times += [at] * (done - len(times))
        if self.document.exclusion_mode == "stop":
            for exclusion in self.document.exclusions:
                cut = [at for at in self._excluded_times(exclusion, rows) if at > start]
                times = [at for at in times if not cut or at <= min(cut)]
        if times:
            yield (*times, *[None] * (len(self.steps) - len(times)))

    def _most_steps(self, rows: list[Row], step: int, used: frozenset[int]) -> int:
        if step == len(self.steps):
            return 0
        best = self._most_steps(rows, step + 1, used)
        for at, row in enumerate(rows):
            if at not in used and matches(self.steps[step], row):
                best = max(best, 1 + self._most_steps(rows, step + 1, used | {at}))
        return best

    # ---- figures ------------------------------------------------------------------------------

    def dropped_out(self, attempt: Attempt) -> bool:
        """Whether an exclusion leaves the user out altogether."""
        if self.document.exclusion_mode != "drop":
            return False
        for exclusion in self.document.exclusions:
            begin, end = self.document.span(exclusion)
            since, finish = attempt.done[begin], attempt.done[end]
            if since is None:
                continue
            for at in self._excluded_times(exclusion, attempt.events):
                if at > since and (at < finish if finish is not None else at <= attempt.deadline):
                    return True
        return False

    def total(self) -> tuple[dict[Any, Attempt], set[Any]]:
        """The attempts that count by owner, and the owners left out."""
        found = {owner: self.best(owner, self.starts(owner)) for owner in self.units}
        known = {owner: each for owner, each in found.items() if each is not None}
        out = {owner for owner, each in known.items() if self.dropped_out(each)}
        return {owner: each for owner, each in known.items() if owner not in out}, out

    def on_day(self, day: date) -> dict[Any, Attempt]:
        """The same for the attempts that start on one local day."""
        result = {}
        for owner in self.units:
            starts = [
                at
                for at in self.starts(owner)
                if datetime.fromtimestamp(at / 1000, self.zone).date() == day
            ]
            attempt = self.best(owner, starts)
            if attempt is not None and not self.dropped_out(attempt):
                result[owner] = attempt
        return result

    def value_at(self, attempt: Attempt, name: str) -> str | None:
        """The event property at the step of the breakdown; None when that step was not done."""
        place = self.document.breakdown_at
        done = [at for at, when in enumerate(attempt.done) if when is not None]
        step = {"first": 0, "last": done[-1]}.get(
            str(place), int(place) - 1 if place not in ("first", "last") else 0
        )
        if attempt.done[step] is None:
            return None
        steps = self.steps if self.document.order == "any_order" else self.steps[step : step + 1]
        return max(
            value_of(row, name)
            for row in attempt.events
            if row["ts"] == attempt.done[step] and any(matches(each, row) for each in steps)
        )
