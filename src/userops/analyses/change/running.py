"""Where a figure moved: both periods, its factors, and what each property tells of the change."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any

from userops.analyses.change.candidates import alike, candidates
from userops.analyses.change.document import Change
from userops.analyses.change.noise import noise
from userops.analyses.change.segments import Dimension, Limits, Periods, dimension
from userops.analyses.change.when import filled, history_of, when
from userops.analyses.figures import Figure, Split
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.query.steps import Breakdown
from userops.stats.comparisons import adjusted
from userops.stats.decomposition import shapley_of_product

CHANCE = 0.05
"""The false discovery rate above which a dimension may be one of many by chance."""
ALIKE = 0.5
"""Cramér's V from which two properties tell one story."""
TOLD = 3
"""Dimensions that are compared with each other."""


def run(document: Change, scope: Scope) -> dict[str, Any]:
    figure = document.chosen()
    periods = (document.before_base(), document.base(), document.range)
    dimensions = () if figure.product else tuple(candidates(document, scope, periods[1:]))
    before, base, now = (
        document.explaining.split(document.over(each, scope, dimensions=dimensions))
        for each in periods
    )
    days = history_of(document, scope)
    spread = _spread(base)
    result: dict[str, Any] = {
        "figure": {"name": figure.name, **figure.words.as_dict(), "type": figure.type},
        "base": _period(periods[1], base),
        "now": _period(periods[2], now),
        "change": _difference(base, now),
        "relative": _relative(base, now),
        "unfinished": _unfinished(document, scope),
        "noise": noise(figure, base, now, _before(document, days), _lengths(periods[1:]), spread),
        "factors": _factors(base, now),
        "looked_at": len(dimensions),
        "dimensions": [],
        "same_story": None,
        "when": when(days),
    }
    if _divisible(figure, base, now):
        limits = Limits(document.top, document.min_size)
        found = [
            dimension(each, at, figure, Periods(before, base, now, spread), limits)
            for at, each in enumerate(dimensions)
        ]
        ranked = _ranked([each for each in found if each is not None])
        result["dimensions"] = ranked
        result["same_story"] = _same_story(document, scope, ranked)
    return result


def _spread(base: Split) -> float:
    """Variance over mean of a count: about the events of one person, who does not come once by chance."""
    per_user = base.factors[1].value if len(base.factors) > 1 else None
    return max(1.0, float(per_user or 1.0))


def _period(range_: DateRange, split: Split) -> dict[str, Any]:
    return {
        "from": str(range_.first),
        "to": str(range_.last_day),
        "value": split.value,
        "parts": list(split.whole),
    }


def _difference(base: Split, now: Split) -> float | None:
    return None if base.value is None or now.value is None else now.value - base.value


def _relative(base: Split, now: Split) -> float | None:
    change = _difference(base, now)
    return None if change is None or not base.value else change / abs(base.value)


def _unfinished(document: Change, scope: Scope) -> bool:
    """Whether the period still grows, as the base does not."""
    open_days = document.explaining.open_days(document.question)
    end = document.range.last_day + timedelta(days=open_days)
    return end >= scope.now.astimezone(scope.zone).date()


def _before(document: Change, history: list[tuple[str, Any]]) -> list[float]:
    """The days before the period, from which its usual variation is known."""
    first = str(document.range.first)
    known = [value for day, value in history if day < first]
    return filled(known) if any(value is not None for value in known) else []


def _lengths(periods: tuple[DateRange, DateRange]) -> tuple[int, int]:
    return periods[0].days, periods[1].days


def _factors(base: Split, now: Split) -> list[dict[str, Any]]:
    """Each factor's part in the change of their product; empty where one is not known."""
    before, after = [each.value for each in base.factors], [each.value for each in now.factors]
    if not before or len(before) != len(after) or None in (*before, *after):
        return []
    effects = shapley_of_product(before, after)  # type: ignore[arg-type]
    return [
        {"name": each.name, **each.words.as_dict(), "before": b, "after": a, "contribution": effect}
        for each, b, a, effect in zip(base.factors, before, after, effects, strict=True)
    ]


def _divisible(figure: Figure, base: Split, now: Split) -> bool:
    if figure.product or base.value is None or now.value is None:
        return False
    return not figure.ratio or bool(base.whole[1] and now.whole[1])


def _ranked(found: list[Dimension]) -> list[dict[str, Any]]:
    """The dimensions that tell most first; those that may be chance, by the false discovery rate over
    all that were looked at, behind the others."""
    rates = adjusted([1.0 if each.p is None else each.p for each in found])
    rows = [
        {
            **each.breakdown.model_dump(),
            "power": each.told.power,
            "surprise": each.told.beyond(each.usual),
            "enough": each.told.enough,
            "q": None if each.p is None else rate,
            "chance": each.p is not None and rate > CHANCE,
            "mix": each.mix,
            "rate": each.rate,
            "values": each.rows,
        }
        for each, rate in zip(found, rates, strict=True)
    ]
    return sorted(rows, key=lambda each: (each["chance"], -each["surprise"], each["property"]))


def _same_story(
    document: Change, scope: Scope, ranked: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """The first two of the leading properties that tell one story, if any."""
    leading = [each for each in ranked[:TOLD] if not each["chance"]]
    for first, second in combinations(leading, 2):
        pair = [Breakdown(property=each["property"], of=each["of"]) for each in (first, second)]
        v = alike(document, scope, document.range, *pair)
        if v is not None and v >= ALIKE:
            return {
                "first": pair[0].model_dump(),
                "second": pair[1].model_dump(),
                "v": v,
            }
    return None
