"""Limits that somebody set: above or below a value, or a change against an earlier value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Rule = Literal["above", "below", "rise", "fall", "change"]
RELATIVE: tuple[Rule, ...] = ("rise", "fall", "change")


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one value: what it is compared with, and the ends beyond which it is outside.

    None: no such end, or no such base (nothing earlier, undefined, or 0, of which nothing is a share).
    """

    base: float | None
    low: float | None
    high: float | None


def limits(values: Sequence[float | None], rule: Rule, limit: float, lag: int) -> list[Limits]:
    """The limits of each value. For a change, `limit` is a share (0.2: 20%) of the value `lag` before."""
    if rule == "above":
        return [Limits(None, None, limit)] * len(values)
    if rule == "below":
        return [Limits(None, limit, None)] * len(values)
    bases = [values[at - lag] if at >= lag else None for at in range(len(values))]
    return [_relative(base, rule, limit) for base in bases]


def _relative(base: float | None, rule: Rule, limit: float) -> Limits:
    if not base:
        return Limits(None, None, None)
    room = abs(base) * limit
    return Limits(
        base,
        base - room if rule in ("fall", "change") else None,
        base + room if rule in ("rise", "change") else None,
    )


def outside(value: float | None, low: float | None, high: float | None) -> bool:
    """Whether a value is beyond an end. An undefined one is not: there is nothing to compare."""
    if value is None:
        return False
    return (low is not None and value < low) or (high is not None and value > high)
