"""The slow, obvious RFM in plain Python that tests hold the SQL against. Not in the product."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `person`, `ts` (UTC ms), `amount` (a number or None), `order` (text, may be empty)."""

GROUP_OF = {
    "+++": "key_value", "+-+": "key_develop", "-++": "key_keep", "--+": "key_win_back",
    "++-": "general_value", "+--": "general_develop", "-+-": "general_keep", "---": "general_win_back",
}  # fmt: skip


def values(
    rows: list[Row], zone: ZoneInfo, first: date, last: date, frequency: str
) -> dict[int, tuple[Fraction, Fraction, Fraction]]:
    """Recency, frequency and monetary value of each person with a row in the range."""
    found: dict[int, list[tuple[date, Row]]] = {}
    for row in rows:
        day = datetime.fromtimestamp(row["ts"] / 1000, tz=UTC).astimezone(zone).date()
        if first <= day <= last:
            found.setdefault(row["person"], []).append((day, row))
    result = {}
    for person, own in found.items():
        often = {
            "times": len(own),
            "days": len({day for day, _ in own}),
            "orders": len({row["order"] for _, row in own if row["order"]}),
        }[frequency]
        money = sum((Fraction(str(row["amount"])) for _, row in own if row["amount"] is not None))
        recency = (last - max(day for day, _ in own)).days
        result[person] = (Fraction(recency), Fraction(often), Fraction(money))
    return result


def score(value: Fraction, everyone: list[Fraction], scores: int, lower_is_better: bool) -> int:
    worse = sum((other > value) if lower_is_better else (other < value) for other in everyone)
    result = 1
    while result < scores and Fraction(worse, len(everyone)) >= Fraction(result, scores):
        result += 1
    return result


def score_by_cuts(value: Fraction, cuts: list[float], lower_is_better: bool) -> int:
    points = [Fraction(str(cut)) for cut in cuts]
    return 1 + sum((value <= point) if lower_is_better else (value >= point) for point in points)


def scored(
    found: dict[int, tuple[Fraction, Fraction, Fraction]],
    scores: int,
    cuts: tuple[list[float], list[float], list[float]],
    high: str,
) -> dict[int, tuple[tuple[int, ...], str]]:
    """Of each person the three scores and the group."""
    everyone = [[each[place] for each in found.values()] for place in range(3)]
    marks = {
        person: tuple(
            score_by_cuts(own[place], cuts[place], place == 0)
            if cuts[place]
            else score(own[place], everyone[place], scores, place == 0)
            for place in range(3)
        )
        for person, own in found.items()
    }
    limit = []
    for place in range(3):
        scale = len(cuts[place]) + 1 if cuts[place] else scores
        middle = Fraction(1 + scale, 2)
        mean = Fraction(sum(own[place] for own in marks.values()), max(len(marks), 1))
        limit.append(mean if high == "mean" else middle)
    return {
        person: (own, GROUP_OF["".join("+" if own[p] > limit[p] else "-" for p in range(3))])
        for person, own in marks.items()
    }
