"""What an alert thinks of the periods of a reading: their bounds, and whether they are outside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

from userops.alerts.models import FALSE_ALARMS, Alert, Base, Check, Kind, Sensitivity
from userops.alerts.reading import Reading
from userops.query.dates import Bucket
from userops.stats.bands import Side, TooLittleHistory, seasonal_bands
from userops.stats.thresholds import Rule, limits, outside

SEASONS: dict[str, tuple[int, ...]] = {
    "hour": (168, 24),
    "day": (7,),
    "month": (12, 1),
}
"""Lengths of the seasons to try, by the trend's unit; others have none."""
LAG: dict[str, int] = {"hour": 168, "day": 7}
"""How far back the same weekday, or the same hour of it, lies."""
Outcome = Check.Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one period. `base`: what it is compared with, or what was expected."""

    period: Bucket
    value: float | None
    base: float | None
    low: float | None
    high: float | None
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Judgement:
    """All periods of a reading, or how much history is lacking."""

    verdicts: tuple[Verdict, ...]
    lacking: TooLittleHistory | None = None


def judge(alert: Alert, reading: Reading) -> Judgement:
    """Every period, each by what was before it."""
    if alert.kind == Kind.ANOMALY:
        return _anomalies(alert, reading)
    lag = LAG.get(reading.unit, 1) if alert.base == Base.SEASON else 1
    found = limits(reading.values, cast("Rule", alert.rule), alert.limit, lag)
    rows = [
        _verdict(period, value, each.base, each.low, each.high)
        for period, value, each in zip(reading.periods, reading.values, found, strict=True)
    ]
    return Judgement(tuple(rows))


def judge_at(alert: Alert, reading: Reading, at: int) -> Judgement:
    """One period as if it were the newest: what came after has no say."""
    until = Reading(
        unit=reading.unit,
        periods=reading.periods[: at + 1],
        values=reading.values[: at + 1],
        counts=reading.counts,
        words=reading.words,
        answer=reading.answer,
    )
    found = judge(alert, until)
    return Judgement(found.verdicts[-1:], found.lacking)


def _anomalies(alert: Alert, reading: Reading) -> Judgement:
    started = first_activity(reading)
    values = reading.values[started:]
    bands = seasonal_bands(
        values,
        seasons=SEASONS.get(reading.unit, (1,)),
        false_alarms=FALSE_ALARMS[Sensitivity(alert.sensitivity)],
        counts=reading.counts,
        side=cast("Side", alert.side),
    )
    if isinstance(bands, TooLittleHistory):
        return Judgement((), bands)
    rows = [
        _verdict(period, value, _finite(base), _finite(low), _finite(high))
        for period, value, base, low, high in zip(
            reading.periods[started:], values, bands.expected, bands.low, bands.high, strict=True
        )
    ]
    return Judgement(tuple(rows))


def first_activity(reading: Reading) -> int:
    """Periods before the first event are no history: they are 0 because nobody counted."""
    known = (at for at, value in enumerate(reading.values) if value)
    return next(known, max(0, len(reading.values) - 1))


def _finite(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def _verdict(
    period: Bucket, value: float | None, base: float | None, low: float | None, high: float | None
) -> Verdict:
    if value is None or (low is None and high is None):
        outcome = Outcome.UNDEFINED
    else:
        outcome = Outcome.OUTSIDE if outside(value, low, high) else Outcome.INSIDE
    return Verdict(period, value, base, low, high, outcome)
