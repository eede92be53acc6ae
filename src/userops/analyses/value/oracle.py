"""The slow, obvious customers in plain Python that tests hold the engine against. Not in the product."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""A purchase: `person`, `ts` (UTC ms), `amount` (a number or None)."""


def histories(
    rows: list[Row], zone: ZoneInfo, first: date, day: date
) -> dict[int, tuple[int, int, int, Fraction]]:
    """Of each customer whose first purchase lies between two days: repeats, days from the first to the
    last purchase, days from the first to `day`, and what was spent on repeats."""
    days: dict[int, dict[date, Fraction]] = {}
    for row in rows:
        on = datetime.fromtimestamp(row["ts"] / 1000, zone).date()
        if on <= day:
            own = days.setdefault(row["person"], {})
            own[on] = own.get(on, Fraction(0)) + Fraction(str(row["amount"] or 0))
    found = {}
    for person, own in days.items():
        begin = min(own)
        if begin >= first:
            spent = sum((amount for on, amount in own.items() if on > begin), Fraction(0))
            found[person] = (len(own) - 1, (max(own) - begin).days, (day - begin).days, spent)
    return found
