"""Silences: from a day on which a person was there to the next one, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.stats.survival import Survival, kaplan_meier

Ints = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
NEVER = 2**31 - 1
"""The end of a silence that has none so far."""


@dataclass(frozen=True, eq=False)
class Silences:
    """One entry for each day on which a person was there, by person and day.

    - `begin`: that day, in days since 1970; `end`: the next one, or `NEVER`.
    - `code`: the group that the person was in on that day.
    """

    person: Ints
    begin: Ints
    end: Ints
    code: Ints

    def __len__(self) -> int:
        return len(self.person)

    def of(self, which: Flags) -> Silences:
        return Silences(self.person[which], self.begin[which], self.end[which], self.code[which])

    def survival(self, first: int, last: int) -> Survival:
        """How long silences that began between two days last, as known at the end of the later one."""
        begun = (self.begin >= first) & (self.begin <= last)
        begin, end = self.begin[begun], self.end[begun]
        over = end <= last
        size = max(last - first, 0) + 1
        ended = np.bincount((end - begin)[over], minlength=size)
        censored = np.bincount((last - begin)[~over], minlength=size)
        return kaplan_meier(ended, censored)

    def present(self, day: int, window: int) -> Flags:
        """The silence that each person who is not gone on the morning of a day is in then."""
        return (self.begin < day) & (self.end >= day) & (self.begin >= day - window)

    def gone_between(self, first: int, last: int, window: int) -> Flags:
        """The silences that reach the window on one of these days."""
        day = self.begin + window
        return (self.end > day) & (day >= first) & (day <= last)

    def back_between(self, first: int, last: int, window: int) -> Flags:
        """The silences longer than the window that end on one of these days."""
        return (self.end - self.begin > window) & (self.end >= first) & (self.end <= last)


def silences(person: Ints, day: Ints, code: Ints) -> Silences:
    """From the days on which each person was there, in any order."""
    order = np.lexsort((day, person))
    person, day, code = person[order], day[order], code[order]
    end = np.full(len(day), NEVER, np.int64)
    if len(day):
        same = person[1:] == person[:-1]
        end[:-1][same] = day[1:][same]
    return Silences(person, day, end, code)
