"""From what each cohort spent in each period to the cumulative figures of an LTV."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.analyses.breakdown import Value, columns_sql, names_of, others, values_of
from userops.analyses.ltv.asking import SQL, spending_pieces, starts_sql
from userops.analyses.ltv.calendar import Calendar, calendar
from userops.analyses.ltv.document import Ltv
from userops.analyses.pricing import currency_of
from userops.query.scope import Scope
from userops.query.sql import statement

Floats = npt.NDArray[np.float64]
_EPOCH = date(1970, 1, 1)


@dataclass(eq=False)
class Sums:
    """By cohort its size; by cohort and period what was spent by then, and how many had paid."""

    size: Floats
    total: Floats
    payers: Floats

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.size + other.size, self.total + other.total, self.payers + other.payers)


@dataclass(eq=False)
class Tally:
    """What the engine answered, by value of the breakdown."""

    cohorts: int
    periods: int
    by_value: dict[Value, Sums] = field(default_factory=dict)

    def of(self, value: Value) -> Sums:
        shape = (self.cohorts, self.periods)
        nothing = Sums(np.zeros(self.cohorts), np.zeros(shape), np.zeros(shape))
        return self.by_value.setdefault(value, nothing)

    def joined(self, parts: Iterable[Sums]) -> Sums:
        whole = Tally(self.cohorts, self.periods).of(())
        return sum(parts, start=whole)


def run(document: Ltv, scope: Scope) -> dict[str, Any]:
    days = calendar(document, scope)
    tally = _asked(document, scope, days)
    result: dict[str, Any] = {
        "unit": document.unit,
        "currency": currency_of(document.purchase.property, scope),
        "columns": [{"from": n, "to": n} for n in range(document.periods + 1)],
        "cost": document.cost,
        **_figures(document, days, tally.joined(tally.by_value.values())),
        "breakdown": [],
    }
    for value, sums in _groups(document, tally):
        named = dict(zip(names_of(document.breakdown), value, strict=True))
        result["breakdown"].append({"breakdown": named, **_figures(document, days, sums)})
    return result


def groups_of(document: Ltv, scope: Scope, days: Calendar) -> list[Value]:
    """The values told apart."""
    groups = _groups(document, _sized(document, scope, days))
    return [value for value, _ in groups[: document.limit]]


def _sized(document: Ltv, scope: Scope, days: Calendar) -> Tally:
    tally, width = Tally(len(days.cohorts), document.periods + 1), len(document.breakdown)
    place = {cohort.start: number for number, cohort in enumerate(days.cohorts)}
    values = scope.values()
    starts = starts_sql(document, scope, days, values)
    pieces = {"starts": starts, "columns": columns_sql(width)}
    sizes = scope.ask(statement(SQL / "sizes.sql", pieces), values).to_pydict()
    keys = values_of(sizes, width, len(sizes["day"]))
    for day, value, size in zip(sizes["day"], keys, sizes["size"], strict=True):
        tally.of(value).size[place[_EPOCH + timedelta(days=day)]] = size
    return tally


def _asked(document: Ltv, scope: Scope, days: Calendar) -> Tally:
    tally, width = _sized(document, scope, days), len(document.breakdown)
    place = {cohort.start: number for number, cohort in enumerate(days.cohorts)}
    values = scope.values()
    values.parameters["last"] = document.periods
    pieces = {**spending_pieces(document, scope, days, values), "columns": columns_sql(width)}
    spent = scope.ask(statement(SQL / "spent.sql", pieces), values).to_pydict()
    keys = values_of(spent, width, len(spent["day"]))
    rows = zip(spent["day"], keys, spent["amounts"], spent["payers"], strict=True)
    for day, value, amounts, payers in rows:
        sums, cohort = tally.of(value), place[_EPOCH + timedelta(days=day)]
        sums.total[cohort] = _running(amounts, tally.periods)
        sums.payers[cohort] = _running(payers, tally.periods)
    return tally


def _running(pairs: Any, periods: int) -> Floats:
    """A map of periods to numbers as what had come together by the end of each period."""
    keys, numbers = pairs.values() if isinstance(pairs, dict) else pairs
    found = np.zeros(periods)
    found[list(keys)] = list(numbers)
    return np.asarray(found.cumsum(), np.float64)


def _groups(document: Ltv, tally: Tally) -> list[tuple[Value, Sums]]:
    """The values with the most users, and the others as one."""
    if not document.breakdown:
        return []
    ranked = sorted(tally.by_value.items(), key=lambda each: (-each[1].size.sum(), each[0]))
    shown = ranked[: document.limit]
    rest = [sums for _, sums in ranked[document.limit :]]
    return [*shown, *([(others(len(document.breakdown)), tally.joined(rest))] if rest else [])]


def _figures(document: Ltv, days: Calendar, sums: Sums) -> dict[str, Any]:
    begun, over = np.array(days.begun), np.array(days.over)
    cohorts = []
    for at, bucket in enumerate(days.cohorts):
        size, here = float(sums.size[at]), begun[at]
        figures = _shown(np.full(len(here), size), sums.total[at], sums.payers[at], here)
        cohorts.append(
            {
                "start": bucket.key(),
                "size": int(size),
                **figures,
                "unfinished": np.flatnonzero(here & ~over[at]).tolist(),
                "payback": _payback(document, figures["per_user"]),
            }
        )
    size = np.where(over, sums.size[:, None], 0).sum(axis=0)
    total = np.where(over, sums.total, 0).sum(axis=0)
    payers = np.where(over, sums.payers, 0).sum(axis=0)
    average = {"size": size.astype(int).tolist(), **_shown(size, total, payers, over.any(axis=0))}
    return {
        "size": int(sums.size.sum()),
        "cohorts": cohorts,
        "average": average,
        "payback": _payback(document, average["per_user"]),
    }


def _shown(size: Floats, total: Floats, payers: Floats, here: Any) -> dict[str, list[Any]]:
    """The five figures of each period; None for a period that has not begun, or by which nobody is."""
    return {
        "total": [float(t) if h else None for t, h in zip(total, here, strict=True)],
        "payers": [int(p) if h else None for p, h in zip(payers, here, strict=True)],
        "per_user": _quotients(total, size, here),
        "per_payer": _quotients(total, payers, here),
        "pay_rate": _quotients(payers, size, here),
    }


def _quotients(above: Floats, below: Floats, here: Any) -> list[float | None]:
    rows = zip(above, below, here, strict=True)
    return [float(a / b) if h and b else None for a, b, h in rows]


def _payback(document: Ltv, per_user: list[float | None]) -> int | None:
    """The first period by whose end a user has brought in their cost."""
    cost = document.cost
    if cost is None:
        return None
    return next((n for n, v in enumerate(per_user) if v is not None and v >= cost), None)
