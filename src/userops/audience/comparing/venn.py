"""Where the circles of a Venn diagram stand, and the numbers in them. Circles are equal: numbers tell sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 460, 340
_CIRCLES = {
    2: ((170, 160, 120), (290, 160, 120)),
    3: ((170, 120, 105), (290, 120, 105), (230, 210, 105)),
}
_NUMBERS = {
    2: {(0,): (110, 160), (1,): (350, 160), (0, 1): (230, 160)},
    3: {
        (0,): (120, 95), (1,): (340, 95), (2,): (230, 268), (0, 1): (230, 80), (0, 2): (155, 195),
        (1, 2): (305, 195), (0, 1, 2): (230, 152),
    },
}  # fmt: skip
_LABELS = {
    2: ((110, 30), (350, 30)),
    3: ((95, 16), (365, 16), (230, 334)),
}


@dataclass(frozen=True, slots=True)
class Circle:
    """One segment: its circle, and where its name stands."""

    x: int
    y: int
    radius: int
    label_x: int
    label_y: int
    name: str


@dataclass(frozen=True, slots=True)
class Number:
    """The people of one part, at its place."""

    x: int
    y: int
    key: str
    people: int


def circles(names: Sequence[str]) -> list[Circle]:
    """Of two or three segments; none for more."""
    places = zip(_CIRCLES.get(len(names), ()), _LABELS.get(len(names), ()), names, strict=False)
    return [Circle(*circle, *label, name) for circle, label, name in places]


def numbers(sizes: dict[tuple[int, ...], int], count: int) -> list[Number]:
    """By part: how many people, for `count` segments."""
    return [
        Number(x, y, "-".join(map(str, inside)), sizes[inside])
        for inside, (x, y) in _NUMBERS.get(count, {}).items()
    ]
