"""Which parts a figure of a trend is made of: columns of rows that add up over any division."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from userops.analyses.trend.document import Trend
from userops.analyses.trend.formulas import letter
from userops.analyses.trend.labels import index_words
from userops.analyses.trend.ratios import linear
from userops.words import Words

Kind = Literal["events", "persons", "sum", "numbers"]
"""Events, distinct persons, the sum of a property, events whose property is a number."""

_SIMPLE: dict[str, Kind] = {"total": "events", "users": "persons", "sum": "sum"}
_RATIOS: dict[str, tuple[Kind, Kind]] = {
    "per_user": ("events", "persons"),
    "avg": ("sum", "numbers"),
}
_KIND_WORDS: dict[Kind, Words] = {
    "events": Words("次数", "events"),
    "persons": Words("用户数", "users"),
    "sum": Words("总和", "sum"),
    "numbers": Words("有数值的次数", "events with a number"),
}


@dataclass(frozen=True, slots=True)
class Column:
    kind: Kind
    series: int


Weighted = tuple[tuple[float, Column], ...]
"""A part: a weighted sum of columns."""


@dataclass(frozen=True, slots=True)
class Division:
    """One part, or numerator and denominator, and what a ratio is multiplied by.

    `window`: of a trailing measure, the days that it looks back over.
    """

    parts: tuple[Weighted, ...]
    words: tuple[Words, ...]
    scale: float = 1.0
    window: int = 0

    @property
    def columns(self) -> list[Column]:
        return list(dict.fromkeys(column for part in self.parts for _, column in part))

    @property
    def persons(self) -> bool:
        return any(column.kind == "persons" for column in self.columns)

    @property
    def series(self) -> list[int]:
        return sorted({column.series for column in self.columns})

    @property
    def type(self) -> Literal["whole", "number"]:
        counts = all(column.kind != "sum" for column in self.columns)
        return "whole" if len(self.parts) == 1 and counts else "number"


def division(document: Trend, index: int) -> Division | None:
    """Of a series or formula by its place; None where the figure does not divide, as a median."""
    if index >= len(document.series):
        return _of_formula(document, index - len(document.series))
    series = document.series[index]
    if series.measure in _RATIOS:
        kinds = _RATIOS[series.measure]
        return Division(
            tuple(((1.0, Column(kind, index)),) for kind in kinds),
            tuple(_KIND_WORDS[kind] for kind in kinds),
        )
    words = (index_words(document, index),)
    window = series.measured().window
    if window and len(document.series) + len(document.formulas) >= 1:
        return Division((((1.0, Column("persons", index)),),), words, window=window)
    if series.measure in _SIMPLE:
        return Division((((1.0, Column(_SIMPLE[series.measure], index)),),), words)
    return None


def _of_formula(document: Trend, place: int) -> Division | None:
    formula = document.formulas[place].formula
    found = linear(formula, len(document.series))
    if found is None:
        return None
    used = [at for at, _ in enumerate(document.series) if found.above[at] or found.below[at]]
    if any(document.series[at].measure not in _SIMPLE for at in used):
        return None
    if not any(found.below[:-1]):
        label = document.formulas[place].label
        return Division(
            (_weighted(document, found.above, found.below[-1]),), (Words(label, label),)
        )
    first = [next(each for each in side if each) for side in (found.above, found.below)]
    parts = (
        _weighted(document, found.above, first[0]),
        _weighted(document, found.below, first[1]),
    )
    return Division(
        parts, tuple(_part_words(document, part) for part in parts), first[0] / first[1]
    )


def _weighted(document: Trend, weights: tuple[float, ...], unit: float) -> Weighted:
    return tuple(
        (weight / unit, Column(_SIMPLE[series.measure], at))
        for at, (series, weight) in enumerate(zip(document.series, weights, strict=False))
        if weight
    )


def _part_words(document: Trend, part: Weighted) -> Words:
    if len(part) == 1 and part[0][0] == 1:
        return index_words(document, part[0][1].series)
    text = " + ".join(f"{weight:g}·{letter(column.series)}" for weight, column in part)
    return Words(text, text)
