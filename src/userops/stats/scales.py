"""Scales of whole numbers on which people answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest answer that can be given."""

    low: int
    high: int

    @property
    def top(self) -> int:
        """How many of the highest answers say “satisfied”: 1 of 3, 2 of 4 to 7, 3 of more."""
        points = self.high - self.low + 1
        return 1 if points <= 3 else 2 if points <= 7 else 3
