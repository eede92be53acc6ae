"""A KPI against its target: value and certainty together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from userops.words import Words

State = Literal["met", "met_weak", "missed_weak", "missed", "too_few"]
STATES: dict[State, Words] = {
    "met": Words("达成", "met"),
    "met_weak": Words("达成（证据弱）", "met (weak evidence)"),
    "missed_weak": Words("未达成（证据弱）", "missed (weak evidence)"),
    "missed": Words("未达成", "missed"),
    "too_few": Words("数据不足", "too few to conclude"),
}
TONES: dict[State, str] = {
    "met": "good", "met_weak": "weak", "missed_weak": "weak", "missed": "bad", "too_few": "weak",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with its 95% interval and how many it is of."""

    value: float
    low: float | None
    high: float | None
    n: int


def judged(measured: Measured, target: float, minimum: int) -> State:
    """Met when the value reaches the target; weak while the interval holds the target, or there is none."""
    if measured.n < minimum:
        return "too_few"
    if measured.value >= target:
        return "met" if measured.low is not None and measured.low >= target else "met_weak"
    return "missed" if measured.high is not None and measured.high < target else "missed_weak"
