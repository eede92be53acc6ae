"""How much a customer spends at a purchase: the Gamma-Gamma model of Fader & Hardie (2013).

The mean of a customer's purchases varies about their own level, which varies among customers. It holds where
how much one spends has nothing to do with how often one buys.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from userops.stats.likelihood import Fitted, fit

Floats = npt.NDArray[Any]
Parameters = tuple[float, ...]
"""p, q, γ; γ in money."""


def log_likelihood(parameters: Parameters, purchases: Floats, mean: Floats) -> float:
    gammaln = scipy.special.gammaln
    p, q, gamma = parameters
    x, m = purchases, mean
    each = (
        gammaln(p * x + q)
        - gammaln(p * x)
        - gammaln(q)
        + q * np.log(gamma)
        + (p * x - 1) * np.log(m)
        + p * x * np.log(x)
        - (p * x + q) * np.log(gamma + m * x)
    )
    return float(each.sum())


def fit_spending(purchases: Floats, mean: Floats) -> Fitted:
    """From how many purchases each customer made (at least one) and their mean (above 0)."""
    scale = float(mean.mean())

    def negative(logs: Floats) -> float:
        return -log_likelihood(tuple(np.exp(logs)), purchases, mean / scale)

    found = fit(negative, [(2, 2, 1), (6, 4, 0.5)])
    p, q, gamma = found.values
    return Fitted(
        (p, q, gamma * scale),
        found.log_likelihood - len(mean) * float(np.log(scale)),
        found.covariance,
    )


def expected_spend(parameters: Parameters, purchases: Floats, mean: Floats) -> Floats | None:
    """What each customer is expected to spend at a purchase; without purchases, what all do. None where
    the model has no mean."""
    p, q, gamma = parameters
    if q <= 1:
        return None
    return np.asarray(p * (gamma + purchases * mean) / (p * purchases + q - 1))
