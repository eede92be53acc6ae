"""What people may have done early, and how many of those who did, and did not, reached the goal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from userops.stats.association import expected_counts, fisher_p, phi_coefficient, two_proportion_p
from userops.stats.multiplicity import benjamini_hochberg

Kind = Literal["event", "active_days", "property"]
LEAST_EXPECTED = 5
"""With less in one of the four cells the normal approximation does not hold (Cochran 1954)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everyone whose time for the goal is over, and how many of them reached it."""

    users: int
    reached: int


@dataclass(slots=True)
class Candidate:
    """`users` and `reached` by the number of times, the last one for that often or more."""

    kind: Kind
    name: str
    value: str | None = None
    users: dict[int, int] = field(default_factory=dict)
    reached: dict[int, int] = field(default_factory=dict)

    def note(self, times: int, users: int, reached: bool) -> None:
        self.users[times] = self.users.get(times, 0) + users
        if reached:
            self.reached[times] = self.reached.get(times, 0) + users

    def at_least(self, times: int) -> tuple[int, int]:
        """How many did it at least so often, and how many of them reached the goal."""
        did = sum(users for n, users in self.users.items() if n >= times)
        return did, sum(users for n, users in self.reached.items() if n >= times)


@dataclass(frozen=True, slots=True)
class Split:
    """One candidate at one threshold: a table of two by two."""

    candidate: Candidate
    times: int
    did: int
    did_reached: int
    not_: int
    not_reached: int
    phi: float
    p: float
    q: float = 1.0


def splits(candidate: Candidate, whole: Whole, least: int) -> list[Split]:
    """Every threshold with enough persons on both sides."""
    found = []
    for times in sorted(candidate.users):
        did, did_reached = candidate.at_least(times)
        counts = (did, did_reached, whole.users - did, whole.reached - did_reached)
        if min(counts[0], counts[2]) < least:
            continue
        phi = phi_coefficient(*counts)
        if phi is not None:
            found.append(Split(candidate, times, *counts, phi, _p(*counts)))
    return found


def _p(did: int, did_reached: int, not_: int, not_reached: int) -> float:
    """Fisher's exact test for few, the pooled z test for many."""
    counts = (did, did_reached, not_, not_reached)
    if min(expected_counts(*counts)) < LEAST_EXPECTED:
        return fisher_p(*counts)
    p = two_proportion_p(*counts)
    assert p is not None, "phi exists, so does p"
    return p


def ranked(candidates: list[Candidate], whole: Whole, least: int) -> tuple[list[Split], int]:
    """The best threshold of each candidate, strongest first, and how many tests were made.

    The search for thresholds is paid for: q (Benjamini–Hochberg) is over all tests made, not only over
    those shown.
    """
    tested = [splits(candidate, whole, least) for candidate in candidates]
    every = [split for of_one in tested for split in of_one]
    qs = dict(zip(map(id, every), benjamini_hochberg([s.p for s in every]), strict=True))
    best = [max(of_one, key=lambda s: (abs(s.phi), -s.times)) for of_one in tested if of_one]
    best.sort(
        key=lambda s: (-abs(s.phi), s.candidate.kind, s.candidate.name, s.candidate.value or "")
    )
    return [replace(split, q=qs[id(split)]) for split in best], len(every)
