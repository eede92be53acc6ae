"""One dimension of a change: its values with their parts of the change, and how much it tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

from userops.analyses.figures import Figure, Parts, Split
from userops.query.steps import OTHERS, Breakdown
from userops.stats.adtributor import (
    Telling,
    powers,
    surprises,
    surprises_of_ratio,
    telling,
)
from userops.stats.comparisons import moved_alike, same_shares
from userops.stats.decomposition import MixRate, mix_and_rate, shares

OVERLAP = "$overlap"
"""What persons who stand at several values are counted too often; makes the values add up."""


@dataclass(frozen=True, slots=True)
class Limits:
    top: int
    least: int


@dataclass(frozen=True, slots=True)
class Periods:
    """`before`: the period as long before the base as the base is before now. `spread`: variance over
    mean of a count."""

    before: Split
    base: Split
    now: Split
    spread: float


@dataclass(frozen=True, slots=True)
class Dimension:
    """`rows`: one per value, in order; contributions add up to the change. `p`: that it tells nothing."""

    breakdown: Breakdown
    rows: list[dict[str, Any]]
    told: Telling
    usual: float
    p: float | None
    mix: float | None
    rate: float | None


def folded(
    before: Mapping[str, Parts], after: Mapping[str, Parts], figure: Figure, limits: Limits
) -> list[tuple[str, Parts, Parts]]:
    """The largest values with their parts in both periods; the small and the many as one, last."""
    nothing: Parts = (0.0,) * len(figure.parts)
    pairs = {
        value: (before.get(value, nothing), after.get(value, nothing))
        for value in dict.fromkeys([*before, *after])
    }
    size = {value: max(pair[0][-1], pair[1][-1]) for value, pair in pairs.items()}
    ranked = sorted(pairs, key=lambda value: (-size[value], value))
    counted = figure.ratio or figure.type == "whole"
    told = [each for each in ranked if not counted or size[each] >= limits.least][: limits.top]
    rest = [value for value in ranked if value not in set(told)]
    rows = [(value, *pairs[value]) for value in told]
    if rest:
        sums = [
            tuple(
                fsum(column) for column in zip(*(pairs[value][at] for value in rest), strict=True)
            )
            for at in (0, 1)
        ]
        rows.append((OTHERS, sums[0], sums[1]))
    return rows


def dimension(
    breakdown: Breakdown, at: int, figure: Figure, periods: Periods, limits: Limits
) -> Dimension | None:
    """None where fewer than two values are told apart."""
    before, base, now = periods.before, periods.base, periods.now
    rows = folded(base.values[at], now.values[at], figure, limits)
    if len(rows) < 2:
        return None
    usual = usual_surprise(folded(before.values[at], base.values[at], figure, limits), figure)
    if figure.ratio:
        return _of_ratio(breakdown, rows, figure, usual)
    return _of_sum(breakdown, rows, figure, periods, usual)


def usual_surprise(rows: list[tuple[str, Parts, Parts]], figure: Figure) -> float:
    """The surprise of all values from the period before the base to the base; 0 where it is not known."""
    before, after = [b for _, b, _ in rows], [a for _, _, a in rows]
    if not rows or any(fsum(each[-1] for each in side) <= 0 for side in (before, after)):
        return 0.0
    if not figure.ratio:
        return fsum(surprises([b[0] for b in before], [a[0] for a in after]))
    pairs0, pairs1 = [(b[0], b[1]) for b in before], [(a[0], a[1]) for a in after]
    mixes = [each.mix for each in mix_and_rate(pairs0, pairs1)]
    return fsum(surprises_of_ratio(pairs0, pairs1, mixes))


def _of_sum(
    breakdown: Breakdown,
    rows: list[tuple[str, Parts, Parts]],
    figure: Figure,
    periods: Periods,
    usual: float,
) -> Dimension:
    base, now = periods.base, periods.now
    before, after = [b[0] for _, b, _ in rows], [a[0] for _, _, a in rows]
    told = telling(powers(before, after), surprises(before, after))
    p = same_shares(before, after, periods.spread) if figure.type == "whole" else None
    over = (base.whole[0] - fsum(before), now.whole[0] - fsum(after))
    if figure.persons and any(over):
        rows = [*rows, (OVERLAP, (over[0],), (over[1],))]
    moves = [a[0] - b[0] for _, b, a in rows]
    found = [
        {
            "value": value,
            "before": b[0],
            "after": a[0],
            "contribution": move,
            **_share(share),
            "named": place in told.places,
        }
        for place, ((value, b, a), move, share) in enumerate(
            zip(rows, moves, shares(moves), strict=True)
        )
    ]
    return Dimension(breakdown, found, told, usual, p, None, None)


def _share(share: Any) -> dict[str, Any]:
    return {"share": share.value if share else None, "share_of": share.of if share else None}


def _of_ratio(
    breakdown: Breakdown, rows: list[tuple[str, Parts, Parts]], figure: Figure, usual: float
) -> Dimension:
    before = [(b[0], b[1]) for _, b, _ in rows]
    after = [(a[0], a[1]) for _, _, a in rows]
    parts = mix_and_rate(before, after)
    change = fsum(each.total for each in parts)
    power = [each.total / change if change else 0.0 for each in parts]
    told = telling(power, surprises_of_ratio(before, after, [each.mix for each in parts]))
    found = [
        _ratio_row(value, b, a, part, figure.scale) | {"named": place in told.places}
        for place, ((value, b, a), part) in enumerate(zip(rows, parts, strict=True))
    ]
    for row, share in zip(found, shares([each.total for each in parts]), strict=True):
        row |= _share(share)
    mix, rate = fsum(each.mix for each in parts), fsum(each.rate for each in parts)
    p = _chance(before, after)
    return Dimension(breakdown, found, told, usual, p, mix * figure.scale, rate * figure.scale)


def _ratio_row(value: str, b: Parts, a: Parts, part: MixRate, scale: float) -> dict[str, Any]:
    return {
        "value": value,
        "before": b[0] / b[1] * scale if b[1] else None,
        "after": a[0] / a[1] * scale if a[1] else None,
        "before_parts": list(b),
        "after_parts": list(a),
        "contribution": part.total * scale,
        "mix": part.mix * scale,
        "rate": part.rate * scale,
        "state": part.state,
    }


def _chance(before: list[tuple[float, float]], after: list[tuple[float, float]]) -> float | None:
    """That neither rates nor weights differ by value: the smaller p of both, doubled; None for ratios
    that are no proportions, whose spread is not known."""
    if any(not 0 <= x <= n for x, n in [*before, *after]):
        return None
    weights = same_shares([n for _, n in before], [n for _, n in after])
    return min(1.0, 2 * min(moved_alike(before, after), weights))
