"""The slow, obvious attribution in plain Python and exact fractions that tests hold the product against.
Not in the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

Row = dict[str, Any]
"""An event: `person`, `ts` (UTC ms), `channel` (None for no touch), `rank` of the channel, `goal`, `value`."""
Journey = tuple[Row, list[Row]]
"""A goal and the touches before it."""
Shares = list[Fraction]
START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"


@dataclass(frozen=True)
class Rules:
    begin: int
    end: int
    lookback: int
    half_life: int
    first_only: bool
    direct: tuple[str, ...] = field(default=())


def journeys(rows: list[Row], rules: Rules) -> tuple[list[Journey], list[list[Row]]]:
    """Each goal with its touches; and of each person the touches in the range that led to no goal."""
    rows = sorted(rows, key=lambda r: (r["ts"], r["rank"], r["goal"], r["value"]))
    found: list[Journey] = []
    lost: list[list[Row]] = []
    for person in sorted({row["person"] for row in rows}):
        mine = [row for row in rows if row["person"] == person]
        touches = [row for row in mine if row["channel"] is not None]
        goals = [row for row in mine if row["goal"] and rules.begin <= row["ts"] < rules.end]
        all_of_them = [
            (
                goal,
                [
                    t
                    for t in touches
                    if t is not goal and 0 <= goal["ts"] - t["ts"] <= rules.lookback
                ],
            )
            for goal in goals
        ]
        led = {id(touch) for _goal, before in all_of_them for touch in before}
        left = [t for t in touches if rules.begin <= t["ts"] < rules.end and id(t) not in led]
        found += all_of_them[:1] if rules.first_only else all_of_them
        if left:
            lost.append(left)
    return found, lost


def weights(model: str, goal: Row, touches: list[Row], rules: Rules) -> Shares:
    """What each touch of one goal is owed."""
    count = len(touches)
    alone = [Fraction(at == 0) for at in range(count)]
    if model == "first":
        return alone
    if model == "last":
        return alone[::-1]
    if model == "last_non_direct":
        known = [at for at, t in enumerate(touches) if not _is_direct(t, rules)]
        chosen = known[-1] if known else count - 1
        return [Fraction(at == chosen) for at in range(count)]
    if model == "linear":
        return [Fraction(1, count)] * count
    if model == "position":
        if count <= 2:
            return [Fraction(1, count)] * count
        middle = Fraction(1, 5) / (count - 2)
        return [Fraction(2, 5), *[middle] * (count - 2), Fraction(2, 5)]
    decayed = [Fraction(0.5 ** ((goal["ts"] - touch["ts"]) / rules.half_life)) for touch in touches]
    return [each / sum(decayed) for each in decayed]


def _is_direct(touch: Row, rules: Rules) -> bool:
    name = touch["channel"].partition(":")[2]
    return name == "" or name in rules.direct


def credits_of(
    model: str, found: list[Journey], lost: list[list[Row]], rules: Rules, *, valued: bool = False
) -> dict[str, Fraction]:
    """By channel, `$none` for goals without touch."""
    result: dict[str, Fraction] = {}
    reached = Fraction(0)
    for goal, touches in found:
        worth = Fraction(goal["value"]) if valued else Fraction(1)
        if not touches:
            result["$none"] = result.get("$none", Fraction(0)) + worth
            continue
        reached += worth
        if model == "markov":
            continue
        for touch, share in zip(touches, weights(model, goal, touches, rules), strict=True):
            channel = touch["channel"]
            result[channel] = result.get(channel, Fraction(0)) + share * worth
    if model == "markov":
        paths = [([t["channel"] for t in touches], True) for _goal, touches in found if touches]
        paths += [([t["channel"] for t in touches], False) for touches in lost]
        effects = removal_effects(paths)
        whole = sum(effects.values())
        for channel, effect in effects.items():
            result[channel] = effect / whole * reached if whole else Fraction(0)
    return result


def removal_effects(paths: list[tuple[list[str], bool]]) -> dict[str, Fraction]:
    """The share of conversions lost without each channel: the chain is solved anew without it."""
    counts: dict[str, dict[str, int]] = {}
    for channels, converts in paths:
        states = [START, *channels, CONVERSION if converts else NULL]
        for one, other in pairwise(states):
            counts.setdefault(one, {}).setdefault(other, 0)
            counts[one][other] += 1
    whole = conversion(counts, removed=None)
    names = sorted(set(counts) - {START})
    if not whole:
        return dict.fromkeys(names, Fraction(0))
    return {name: 1 - conversion(counts, removed=name) / whole for name in names}


def conversion(counts: dict[str, dict[str, int]], removed: str | None) -> Fraction:
    """The chance to convert from the start, by Gaussian elimination; the removed channel leads to null."""
    states = [state for state in counts if state != removed]
    place = {state: at for at, state in enumerate(states)}
    size = len(states)
    rows = []
    for state in states:
        row = [Fraction(0)] * (size + 1)
        row[place[state]] += 1
        whole = sum(counts[state].values())
        for target, count in counts[state].items():
            if target == CONVERSION:
                row[size] += Fraction(count, whole)
            elif target in place:
                row[place[target]] -= Fraction(count, whole)
        rows.append(row)
    for column in range(size):
        pivot = next(at for at in range(column, size) if rows[at][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [each / rows[column][column] for each in rows[column]]
        for other in range(size):
            if other != column and rows[other][column]:
                factor = rows[other][column]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[column], strict=True)
                ]
    return rows[place[START]][size] if START in place else Fraction(0)
