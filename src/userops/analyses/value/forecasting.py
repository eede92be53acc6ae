"""The models, fitted; and what they expect of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from userops.analyses.value.customers import Customers, Floats
from userops.analyses.value.document import CustomerValue
from userops.stats.buying import Histories, alive, expected, fit_buying
from userops.stats.likelihood import Fitted, NotFitted
from userops.stats.spending import expected_spend, fit_spending
from userops.words import Words

FEWEST_CUSTOMERS, FEWEST_REPEATERS = 100, 50
SLICES = 12
"""Money of the horizon is discounted in so many parts of equal length."""
DRAWS, SAMPLE, SEED = 120, 500, 7
"""The interval comes from so many draws of the parameters, over a sample of so many customers."""
WEEKS_A_YEAR = 365.25 / 7


@dataclass(frozen=True, eq=False)
class Models:
    """`spending` is None where nothing can be said of money."""

    buying: Fitted
    spending: Fitted | None
    modified: bool

    def purchases(self, of: Histories, weeks: float) -> Floats:
        return expected(self.buying.values, of, weeks, modified=self.modified)

    def alive(self, of: Histories) -> Floats:
        return alive(self.buying.values, of, modified=self.modified)

    def spend(self, of: Customers) -> Floats | None:
        """Expected of each customer at a purchase."""
        if self.spending is None:
            return None
        return expected_spend(self.spending.values, of.repeats, of.mean)


class TooLittle(Exception):  # noqa: N818
    """Why there is no forecast."""

    def __init__(self, words: Words):
        super().__init__(words.en)
        self.words = words


def fitted(document: CustomerValue, of: Customers) -> Models:
    """Raises `TooLittle`, which says why not."""
    again = int((of.repeats > 0).sum())
    if len(of) < FEWEST_CUSTOMERS or again < FEWEST_REPEATERS:
        raise TooLittle(
            Words(
                f"数据不足，不作预测：至少需要 {FEWEST_CUSTOMERS} 名客户，其中 {FEWEST_REPEATERS} 名在另一天再次购买；"
                f"实际为 {len(of):,} 名和 {again:,} 名。",
                f"Too little data for a forecast: it needs {FEWEST_CUSTOMERS} customers of whom "
                f"{FEWEST_REPEATERS} bought again on another day; there are {len(of):,} and {again:,}.",
            )
        )
    try:
        buying = fit_buying(of.grouped(), modified=document.modified)
    except NotFitted:
        raise TooLittle(
            Words(
                "购买记录不符合该模型的假设（参数无法确定，例如几乎没有人停止购买，或所有人的节奏相同），不作预测。"
                "可换一个模型，或加长日期范围。",
                "The purchases do not tell the parameters of the model (hardly anybody stops, or all have the "
                "same rhythm), so there is no forecast. Try the other model, or a longer range.",
            )
        ) from None
    return Models(buying, _spending(of), document.modified)


def _spending(of: Customers) -> Fitted | None:
    paid = (of.repeats > 0) & (of.mean > 0)
    if int(paid.sum()) < FEWEST_REPEATERS:
        return None
    try:
        found = fit_spending(of.repeats[paid].astype(float), of.mean[paid])
    except NotFitted:
        return None
    # below 1 the model has no mean
    return found if found.values[1] > 1 else None


def correlation(of: Customers) -> float | None:
    """Of how often and how much at a time, among those who bought again."""
    paid = (of.repeats > 0) & (of.mean > 0)
    often, much = of.repeats[paid].astype(float), of.mean[paid]
    if len(often) < 3 or not often.std() or not much.std():
        return None
    return float(np.corrcoef(often, much)[0, 1])


@dataclass(frozen=True, eq=False)
class Forecast:
    """Of each customer: the chance to be alive, purchases in the horizon, and their discounted margin."""

    alive: Floats
    purchases: Floats
    value: Floats | None


def forecast(document: CustomerValue, models: Models, of: Customers) -> Forecast:
    rows = np.stack([of.repeats, of.last, of.watched], axis=1)
    _, at, place = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    place = place.reshape(-1)
    every = of.weeks()
    parts = (every.repeats, every.last, every.watched, every.customers)
    unique = Histories(*(part[at] for part in parts))
    times = np.linspace(0, document.horizon, SLICES + 1)[1:]
    reached = [np.zeros(len(at)), *(models.purchases(unique, time) for time in times)]
    middle = (times - document.horizon / SLICES / 2) / WEEKS_A_YEAR
    worth = sum(
        (after - before) / (1 + document.discount) ** years
        for before, after, years in zip(reached, reached[1:], middle, strict=False)
    )
    spend = models.spend(of)
    value = None if spend is None else np.asarray(worth)[place] * spend * document.margin
    return Forecast(models.alive(unique)[place], reached[-1][place], value)


def spread(document: CustomerValue, models: Models, of: Customers) -> dict[str, Any]:
    """By what factor the totals may be lower or higher, as far as the parameters are unsure (95%)."""
    buying = models.buying.draws(DRAWS, SEED)
    if buying is None:
        return {"purchases": None, "value": None}
    some = np.random.default_rng(SEED).permutation(len(of))[:SAMPLE]
    sample = Customers(
        of.person[some], of.repeats[some], of.last[some], of.watched[some], of.spent[some]
    )
    weeks = sample.weeks()
    totals, values = [], []
    spending = None if models.spending is None else models.spending.draws(DRAWS, SEED + 1)
    for number, drawn in enumerate(buying):
        often = expected(tuple(drawn), weeks, document.horizon, modified=models.modified)
        totals.append(often.sum())
        if spending is not None:
            much = expected_spend(tuple(spending[number]), sample.repeats, sample.mean)
            values.append(np.nan if much is None else (often * much).sum())
    centre = models.purchases(weeks, document.horizon)
    spend = models.spend(sample)
    return {
        "purchases": _factors(totals, float(centre.sum())),
        "value": None
        if spend is None or not values
        else _factors(values, float((centre * spend).sum())),
    }


def _factors(drawn: list[Any], centre: float) -> tuple[float, float] | None:
    found = np.array(drawn)
    found = found[np.isfinite(found)]
    if len(found) < DRAWS / 2 or not centre > 0:
        return None
    low, high = np.quantile(found / centre, [0.025, 0.975])
    return float(low), float(high)
