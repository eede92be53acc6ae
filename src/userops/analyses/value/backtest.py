"""Would the forecast have been right? Fitted on the first part of the range, compared with the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from userops.analyses.value.customers import EPOCH, WEEK, Customers, Purchases, customers
from userops.analyses.value.document import CustomerValue
from userops.analyses.value.forecasting import Models, TooLittle, fitted

OFTEN = 7
"""Those with so many repeats or more are one class."""
_THIRD = 3


def split(document: CustomerValue, bought: Purchases, last: int) -> int | None:
    """How many weeks are held out: as asked, else a third of all; None where there are too few."""
    if not len(bought.day):
        return None
    weeks = (last - int(bought.day.min()) + 1) // WEEK
    held = document.holdout or weeks // _THIRD
    return held if 1 <= held < weeks else None


def run(document: CustomerValue, bought: Purchases, last: int) -> dict[str, Any] | None:
    """None where there is too little before what is held out."""
    held = split(document, bought, last)
    if held is None:
        return None
    until = last - held * WEEK
    then = customers(bought, until)
    try:
        models = fitted(document, then)
    except TooLittle:
        return None
    later = bought.of((bought.day > until) & (bought.first <= until))
    weeks = _weeks(models, then, later, until, held)
    return {
        "from": date.fromordinal(EPOCH + until + 1).isoformat(),
        "to": date.fromordinal(EPOCH + last).isoformat(),
        "weeks": held,
        "customers": len(then),
        "predicted": weeks[-1]["predicted"],
        "actual": weeks[-1]["actual"],
        "ratio": weeks[-1]["actual"] / weeks[-1]["predicted"] if weeks[-1]["predicted"] else None,
        **_money(models, then, later, held),
        "by_week": weeks,
        "classes": _classes(models, then, later, held),
    }


def _weeks(
    models: Models, then: Customers, later: Purchases, until: int, held: int
) -> list[dict[str, Any]]:
    """Purchases up to the end of each week, by those who had bought before."""
    grouped = then.grouped()
    place = (later.day - until - 1) // WEEK
    actual = np.cumsum(np.bincount(place, minlength=held))
    return [
        {
            "week": week,
            "start": date.fromordinal(EPOCH + until + 1 + (week - 1) * WEEK).isoformat(),
            "predicted": float((models.purchases(grouped, week) * grouped.customers).sum()),
            "actual": int(actual[week - 1]),
        }
        for week in range(1, held + 1)
    ]


def _money(models: Models, then: Customers, later: Purchases, held: int) -> dict[str, Any]:
    spend = models.spend(then)
    expected = None
    if spend is not None:
        expected = float((models.purchases(then.weeks(), held) * spend).sum())
    return {"predicted_value": expected, "actual_value": float(later.amount.sum())}


def _classes(models: Models, then: Customers, later: Purchases, held: int) -> list[dict[str, Any]]:
    """By how often customers had bought again: mean purchases in what was held out."""
    ahead = models.purchases(then.weeks(), held)
    bought = np.zeros(len(then))
    np.add.at(bought, np.searchsorted(then.person, later.person), 1)
    found = []
    for repeats in range(OFTEN + 1):
        own = then.repeats >= OFTEN if repeats == OFTEN else then.repeats == repeats
        if own.any():
            found.append(
                {
                    "repeats": repeats,
                    "customers": int(own.sum()),
                    "predicted": float(ahead[own].mean()),
                    "actual": float(bought[own].mean()),
                }
            )
    return found
