"""The buckets of a distribution: where they are cut, which are shown, what they are called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from userops.analyses.distribution.document import Distribution
from userops.words import Words, minus

_STEPS = [step * 10**power for power in range(13) for step in (1, 2, 5)]
WHOLE_CUTS: tuple[float, ...] = (1, 2, 3, 4, 5, 6, *(each + 1 for each in _STEPS[3:]))
"""1, 2, 3, 4, 5, 6–10, 11–20, 21–50, 51–100, …"""
NUMBER_CUTS: tuple[float, ...] = (*(-each for each in reversed(_STEPS)), 0, *_STEPS)
"""… −5, −2, −1, 0, 1, 2, 5, 10, …"""

Bucket = dict[str, float | None]
"""`from` ≤ x < `to`; none where it is open."""


def fixed_cuts(document: Distribution) -> tuple[float, ...]:
    """The cuts that do not come from the data."""
    if document.cuts:
        return document.cuts
    return WHOLE_CUTS if document.measured().whole else NUMBER_CUTS


def buckets_of(cuts: tuple[float, ...]) -> list[Bucket]:
    return [
        {"from": _plain(begin), "to": _plain(end)}
        for begin, end in zip([None, *cuts], [*cuts, None], strict=True)
    ]


def _plain(edge: float | None) -> float | None:
    return int(edge) if edge is not None and float(edge).is_integer() else edge


def shown(document: Distribution, cuts: tuple[float, ...], used: Iterable[int]) -> range:
    """Which buckets of all are shown. `used`: the numbers of those that hold anyone."""
    everywhere = len(cuts) + 1
    found = sorted(set(used))
    if document.quantiles:
        return range(everywhere)
    if document.cuts:  # the open ones only where they hold somebody
        return range(int(0 not in found), everywhere - int(len(cuts) not in found))
    return range(found[0], found[-1] + 1) if found else range(0)


def bucket_words(document: Distribution, bucket: dict[str, Any]) -> Words:
    """`3`, `6–10`, `≥ 11`, `< 1`, or `1.5 至不足 2`."""
    begin, end = bucket["from"], bucket["to"]
    if begin is None:
        text = "–" if end is None else f"< {_number(end)}"
    elif end is None:
        text = f"≥ {_number(begin)}"
    elif document.measured().whole and isinstance(begin, int) and isinstance(end, int):
        text = _number(begin) if end == begin + 1 else f"{_number(begin)}–{_number(end - 1)}"
    else:
        low, high = _number(begin), _number(end)
        return Words(f"{low} 至不足 {high}", f"{low} to under {high}")
    return Words(text, text)


def _number(edge: float) -> str:
    return minus(f"{edge:,}" if isinstance(edge, int) else f"{edge:,.6g}")
