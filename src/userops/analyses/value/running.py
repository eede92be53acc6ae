"""From customers to the figures of a predicted value."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from userops.analyses.pricing import currency_of
from userops.analyses.value import backtest
from userops.analyses.value.customers import (
    EPOCH,
    WEEK,
    Customers,
    customers,
    last_day,
    number_of,
    purchases,
)
from userops.analyses.value.document import CustomerValue
from userops.analyses.value.forecasting import (
    Forecast,
    Models,
    TooLittle,
    correlation,
    fitted,
    forecast,
    spread,
)
from userops.query.scope import Scope

TENTHS = 10


def run(document: CustomerValue, scope: Scope) -> dict[str, Any]:
    bought = purchases(document, scope)
    last = last_day(document, scope)
    now = customers(bought, number_of(last))
    result: dict[str, Any] = {
        "as_of": last.isoformat(),
        "currency": currency_of(document.purchase.property, scope),
        "customers": len(now),
        "repeaters": int((now.repeats > 0).sum()),
        "purchases": len(now) + int(now.repeats.sum()),
        "weeks": _weeks(now),
        "correlation": correlation(now),
        "reason": None,
        "model": None,
        "spending": None,
        "alive": None,
        "expected": None,
        "tenths": [],
        "backtest": backtest.run(document, bought, number_of(last)),
    }
    try:
        models = fitted(document, now)
    except TooLittle as why:
        return {**result, "reason": why.words.as_dict()}
    ahead = forecast(document, models, now)
    return {
        **result,
        **_fitted(models),
        "alive": float(ahead.alive.sum()),
        "expected": _expected(document, models, now, ahead),
        "tenths": tenths(now, ahead),
    }


def _weeks(now: Customers) -> float:
    """From the first purchase of all to the end."""
    return float(now.watched.max(initial=0)) / WEEK


def _fitted(models: Models) -> dict[str, Any]:
    buying, spending = models.buying, models.spending
    r, alpha, a, b = buying.values
    model = {"r": r, "alpha": alpha, "a": a or None, "b": b if a else None, "leaving": a > 0}
    return {
        "model": {**model, "log_likelihood": buying.log_likelihood},
        "spending": spending
        and {
            **dict(zip(("p", "q", "gamma"), spending.values, strict=True)),
            "log_likelihood": spending.log_likelihood,
        },
    }


def _expected(
    document: CustomerValue, models: Models, now: Customers, ahead: Forecast
) -> dict[str, Any]:
    factors = spread(document, models, now)
    totals = {
        "purchases": float(ahead.purchases.sum()),
        "value": None if ahead.value is None else float(ahead.value.sum()),
    }
    found: dict[str, Any] = {}
    for name, total in totals.items():
        ends = factors[name]
        known = total is not None and ends is not None
        found[name] = total
        found[f"{name}_interval"] = [total * end for end in ends] if known else None
    value = totals["value"]
    found["value_per_customer"] = None if value is None else value / len(now)
    return found


def rank(now: Customers, ahead: Forecast) -> Any:
    """Customers from the most to the least valuable; by expected purchases where there is no money."""
    by = ahead.purchases if ahead.value is None else ahead.value
    return np.lexsort((now.person, -by))


def tenth_of(count: int) -> Any:
    """The tenth that each place of a ranking falls in, from 0."""
    return np.arange(count) * TENTHS // max(count, 1)


def tenths(now: Customers, ahead: Forecast) -> list[dict[str, Any]]:
    order, tenth = rank(now, ahead), tenth_of(len(now))
    total = None if ahead.value is None else float(ahead.value.sum())
    found = []
    for number in range(TENTHS):
        own = order[tenth == number]
        if not len(own):
            continue
        value = None if ahead.value is None else float(ahead.value[own].sum())
        found.append(
            {
                "tenth": number + 1,
                "customers": len(own),
                "repeats": float(now.repeats[own].mean()),
                "alive": float(ahead.alive[own].mean()),
                "purchases": float(ahead.purchases[own].sum()),
                "value": value,
                "value_share": value / total if value is not None and total else None,
            }
        )
    return found


def day_of(number: int) -> str:
    return date.fromordinal(EPOCH + number).isoformat()
