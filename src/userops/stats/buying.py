"""Who buys again, and for how long: BG/NBD and its modified form, for customers who leave without a word.

While a customer is alive they buy as a Poisson process of rate λ, which varies among customers as
Gamma(r, α); after each purchase they leave with chance p, which varies as Beta(a, b). In BG/NBD (Fader,
Hardie & Lee 2005, Marketing Science 24, 275–284) nobody leaves after the first purchase, so that whoever
never bought again is alive for certain. MBG/NBD (Batislam, Denizel & Filiztekin 2007, IJRM 24, 201–209) lets
them leave after the first one too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from userops.stats.likelihood import Fitted, NotFitted, fit

Floats = npt.NDArray[Any]
Parameters = tuple[float, ...]
"""r, α, a, b; α in the unit of time of the histories."""
_NEAR = 1e-9
STAY = (0.0, 1.0)
"""a and b where nobody leaves."""


@dataclass(frozen=True, eq=False)
class Histories:
    """Customers as the model sees them; equal ones may be counted once.

    - `repeats`: purchases after the first.
    - `last`: time from the first to the last purchase, 0 without repeats.
    - `watched`: time from the first purchase to the end of what is known.
    - `customers`: how many have this history.
    """

    repeats: Floats
    last: Floats
    watched: Floats
    customers: Floats

    def __len__(self) -> int:
        return len(self.repeats)

    @cached_property
    def distinct(self) -> tuple[Floats, Floats]:
        """The numbers of repeats that there are, and the place of each history's among them: they are few,
        and what is slow depends on them alone."""
        often, place = np.unique(self.repeats, return_inverse=True)
        return often, place.reshape(-1)


def log_likelihood(parameters: Parameters, of: Histories, *, modified: bool) -> float:
    betaln, gammaln = scipy.special.betaln, scipy.special.gammaln
    r, alpha, a, b = parameters
    x, last, watched = of.repeats, of.last, of.watched
    often, place = of.distinct
    counted = (gammaln(r + often) - gammaln(r) + r * np.log(alpha))[place]
    lasting = -(r + x) * np.log(alpha + watched)
    if a == 0:
        return float(((counted + lasting) * of.customers).sum())
    alive = (betaln(a, b + often + modified) - betaln(a, b))[place] + lasting
    # left right after the last purchase: after the first only in the modified form
    could = (x > 0) | modified
    earlier = often if modified else np.maximum(often - 1, 0)
    gone = (betaln(a + 1, b + earlier) - betaln(a, b))[place] - (r + x) * np.log(alpha + last)
    each = counted + np.where(could, np.logaddexp(alive, gone), alive)
    return float((each * of.customers).sum())


def fit_buying(of: Histories, *, modified: bool) -> Fitted:
    """The parameters of the largest likelihood. Where leaving explains nothing (by Akaike's criterion), a is 0
    and b is 1: nobody leaves, and the model is the negative binomial one. Raises `NotFitted`."""
    scale = float(np.average(of.watched, weights=of.customers)) / 10 or 1.0
    scaled = Histories(of.repeats, of.last / scale, of.watched / scale, of.customers)

    def negative(logs: Floats) -> float:
        parameters = (*np.exp(logs), *(STAY if len(logs) == len(STAY) else ()))
        return -log_likelihood(parameters, scaled, modified=modified)

    found = fit(negative, [(1, 1)])
    found = replace(found, values=(*found.values, *STAY))
    try:
        leaving = fit(negative, [(1, 1, 1, 1), (0.25, 2, 0.5, 3)])
    except NotFitted:
        leaving = found
    if leaving.log_likelihood > found.log_likelihood + len(STAY):
        found = leaving
    r, alpha, a, b = found.values
    # a density per unit of time: each repeat brings the unit once
    shift = float((of.repeats * of.customers).sum()) * math.log(scale)
    return Fitted((r, alpha * scale, a, b), found.log_likelihood - shift, found.covariance)


def _odds_gone(parameters: Parameters, of: Histories, *, modified: bool) -> Floats:
    r, alpha, a, b = parameters
    x = of.repeats
    bottom = b + x if modified else b + np.maximum(x, 1) - 1
    ratio = np.exp((r + x) * (np.log(alpha + of.watched) - np.log(alpha + of.last)))
    return np.where((x > 0) | modified, a / bottom * ratio, 0.0)


def alive(parameters: Parameters, of: Histories, *, modified: bool) -> Floats:
    """The chance that each customer still buys. In BG/NBD it is 1 for who never bought again."""
    return np.asarray(1 / (1 + _odds_gone(parameters, of, modified=modified)))


def expected(parameters: Parameters, of: Histories, time: float, *, modified: bool) -> Floats:
    """How many purchases each customer is expected to make in the time that follows.

    Equation 10 of Fader, Hardie & Lee, with the hypergeometric function in the form that stays finite for
    many repeats (Abramowitz & Stegun 15.3.3); the modified form is that of b + 1.
    """
    r, alpha, a, b = parameters
    if a == 0:
        return np.asarray((r + of.repeats) * time / (alpha + of.watched))
    a = a + _NEAR if abs(a - 1) < _NEAR else a
    x, b = of.repeats, b + modified
    c = a + b + x - 1
    z = time / (alpha + of.watched + time)
    with np.errstate(all="ignore"):  # beyond what a float holds, the caller finds no number
        rest = (1 - z) ** (a - 1) * scipy.special.hyp2f1(a + b - 1 - r, a - 1, c, z)
    return np.asarray(
        c / (a - 1) * (1 - rest) / (1 + _odds_gone(parameters, of, modified=modified))
    )
