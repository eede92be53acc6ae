"""The slow, obvious division of a figure in plain Python that tests hold the SQL against. Not in the
product."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Row = dict[str, Any]
"""An event that counts: `person`, `ts` (UTC ms), `counts` (names of the series it counts in) and its
properties."""


def value_of(rows: list[Row], read: Callable[[Row], str], last: bool) -> str:
    """The value of a person's first or last event; of simultaneous ones the first or last in text."""
    found = [(row["ts"], read(row)) for row in rows]
    return (max(found) if last else min(found))[1]


def grouped(rows: list[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def divided(rows: list[Row], read: Callable[[Row], str], standing: str) -> dict[str, list[Row]]:
    """The events under each value. With `first` and `last` all of a person's events stand at one value,
    with `own` each at the value that it carries."""
    if standing == "own":
        return grouped(rows, read)
    found: dict[str, list[Row]] = {}
    for mine in grouped(rows, lambda row: row["person"]).values():
        found.setdefault(value_of(mine, read, standing == "last"), []).extend(mine)
    return found


def part(rows: list[Row], kind: str, series: str) -> float:
    """A part of a figure over some events."""
    mine = [row for row in rows if series in row["counts"]]
    if kind == "events":
        return len(mine)
    if kind == "persons":
        return len({row["person"] for row in mine})
    numbers = [row["amount"] for row in mine if row["amount"] is not None]
    return sum(numbers) if kind == "sum" else len(numbers)


def midpoint(
    before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """Mix and rate of each value, straight from the definition, from (above, below) of each."""
    whole = []
    for side in (before, after):
        above, below = sum(x for x, _ in side.values()), sum(n for _, n in side.values())
        whole.append((above / below, below))
    found = {}
    for value in {*before, *after}:
        (x0, n0), (x1, n1) = before.get(value, (0, 0)), after.get(value, (0, 0))
        w0, w1 = n0 / whole[0][1], n1 / whole[1][1]
        total = x1 / whole[1][1] - x0 / whole[0][1] - (w1 - w0) * (whole[0][0] + whole[1][0]) / 2
        rate = (w0 + w1) / 2 * (x1 / n1 - x0 / n0) if n0 and n1 else 0.0
        found[value] = (total - rate, rate)
    return found
