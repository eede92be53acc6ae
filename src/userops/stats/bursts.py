"""Whether something is told more often than before than chance explains."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Burst:
    """`now` counted in the last period, `expected` from the periods before; `chance` of that many or more."""

    now: int
    expected: float
    chance: float

    @property
    def times(self) -> float:
        """How many times as often as expected."""
        return self.now / self.expected if self.expected else float(self.now)


def burst(now: int, before: int, periods: int) -> Burst:
    """`before` counted in `periods` periods as long as this one.

    The rate is not known but estimated: with Jeffreys' prior for a Poisson rate, the count of one more period is
    negative binomial with before + ½ and periods ÷ (periods + 1) (Gelman et al., Bayesian Data Analysis, §2.6).
    """
    from scipy.stats import nbinom

    shape, share = before + 0.5, periods / (periods + 1)
    chance = float(nbinom.sf(now - 1, shape, share)) if now else 1.0
    return Burst(now, shape / periods, chance)
