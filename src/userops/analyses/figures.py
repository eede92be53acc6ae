"""What an analysis lets others explain: its figures, and how each divides by a property.

Analyses do not know each other. One whose numbers can be explained says so here, in terms that hold for
all: a figure is made of parts (a count; a numerator and a denominator), and each part divides by the
values of a property without rest. The registry hands the analyses with such a record to `change`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from userops.analyses.table import People
from userops.query.scope import Scope
from userops.query.steps import Breakdown, EventStep
from userops.words import Words

Standing = Literal["first", "last", "every"]
"""Where a person with several values of a property is counted: at the first or the last event of the
period, or at each of the values."""
Number = int | float | None
Parts = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of an analysis's answer over the whole range.

    - `name`: how a document names it, such as `A`, `step_3`, `period_7`.
    - `parts`: one (the figure is their sum over all values), or numerator and denominator.
    - `scale`: what a ratio is multiplied by, such as 100.
    - `persons`: whether a part counts persons, so that `Standing` matters.
    - `proportion`: whether the ratio is of persons who did among persons who could, k of n.
    - `product`: whether it only divides into factors, not by a property.
    """

    name: str
    words: Words
    type: Literal["whole", "number", "share"]
    parts: tuple[Words, ...]
    scale: float = 1.0
    persons: bool = False
    proportion: bool = False
    product: bool = False

    @property
    def ratio(self) -> bool:
        return len(self.parts) == 2


@dataclass(frozen=True, slots=True)
class Factor:
    name: str
    words: Words
    value: Number


@dataclass(frozen=True, slots=True)
class Split:
    """A figure in one period.

    - `value`: as the analysis itself answers it.
    - `whole`: its parts.
    - `values`: by dimension, the parts of each value; "" where it is not set. They add up to `whole`,
      except with `Standing` every.
    - `factors`: numbers whose product is the value; empty where there are none.
    """

    value: Number
    whole: Parts
    values: tuple[dict[str, Parts], ...]
    factors: tuple[Factor, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of a resolved document, and by which properties it divides."""

    document: Any
    scope: Scope
    figure: Figure
    dimensions: tuple[Breakdown, ...] = ()
    standing: Standing = "first"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a split: a part of the whole, or of a value of the first dimension."""

    part: int = 0
    value: str | None = field(default=None)


@dataclass(frozen=True)
class Explaining:
    """- `figures(document)`: those that can be explained, the main one first.
    - `split(asked)`: the figure and its parts over the document's range.
    - `people(asked, cell, limit, offset)`: who is behind one number of a split.
    - `history(asked)`: the figure by day over the document's range.
    - `steps(document, figure)`: the events whose properties divide the figure.
    - `open_days(document)`: for how many days after its last day a period still grows.
    """

    figures: Callable[[Any], list[Figure]]
    split: Callable[[Asked], Split]
    people: Callable[[Asked, Cell, int, int], People]
    history: Callable[[Asked], list[tuple[str, Number]]]
    steps: Callable[[Any, Figure], tuple[EventStep, ...]]
    open_days: Callable[[Any], int] = lambda _document: 0
