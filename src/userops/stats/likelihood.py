"""The largest likelihood of a model with positive parameters, and how sure it is of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
BOUND = 12.0
"""Logarithms of parameters are sought within these bounds: beyond, the data says nothing of them."""
_STEP = 1e-3


class NotFitted(ValueError):  # noqa: N818 — a state of the data, not of the program
    """The data does not tell the parameters of the model: the likelihood has no top within reach."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """`values`: the parameters. `covariance`: of the logarithms of the first ones; the rest is given, not
    fitted. None where the likelihood is flat."""

    values: tuple[float, ...]
    log_likelihood: float
    covariance: Floats | None

    def draws(self, count: int, seed: int) -> Floats | None:
        """Parameters that are as likely as these, one set in each row: the normal approximation on the
        scale of logarithms."""
        if self.covariance is None:
            return None
        generator = np.random.default_rng(seed)
        free = len(self.covariance)
        centre = np.log(self.values[:free])
        logs = generator.multivariate_normal(centre, self.covariance, size=count)
        # α and γ may be far from 1 in their unit, but not far from what was found
        drawn = np.exp(np.clip(logs, centre - BOUND, centre + BOUND))
        given = np.broadcast_to(self.values[free:], (count, len(self.values) - free))
        return np.hstack([drawn, given])


def fit(negative: Callable[[Floats], float], starts: Sequence[Sequence[float]]) -> Fitted:
    """Minimise a negative log-likelihood of the logarithms of the parameters, from several starts.
    Raises `NotFitted` at the edge of what is sought."""
    from scipy.optimize import minimize

    best: Any = None
    bounds = [(-BOUND, BOUND)] * len(starts[0])
    for start in starts:
        found = minimize(negative, np.log(start), method="L-BFGS-B", bounds=bounds)
        found = minimize(
            negative, found.x, method="Nelder-Mead", bounds=bounds,
            options={"xatol": 1e-6, "fatol": 1e-7, "maxiter": 2_000},
        )  # fmt: skip
        if np.isfinite(found.fun) and (best is None or found.fun < best.fun):
            best = found
    if best is None or np.any(np.abs(best.x) > BOUND - _STEP):
        raise NotFitted
    return Fitted(tuple(np.exp(best.x).tolist()), -float(best.fun), _covariance(negative, best.x))


def _covariance(negative: Callable[[Floats], float], at: Floats) -> Floats | None:
    """The inverse of the matrix of second differences."""
    size = len(at)
    steps = np.eye(size) * _STEP
    second = np.empty((size, size))
    for i in range(size):
        for j in range(i + 1):
            corners = [
                negative(at + one * steps[i] + other * steps[j]) * one * other
                for one in (1, -1)
                for other in (1, -1)
            ]
            second[i, j] = second[j, i] = sum(corners) / (4 * _STEP**2)
    try:
        np.linalg.cholesky(second)
        return np.asarray(np.linalg.inv(second))
    except np.linalg.LinAlgError:
        return None
