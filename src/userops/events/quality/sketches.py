"""Summaries of any number of values in bounded memory. All of them add up, in any order."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from dataclasses import field as part

import numpy as np
import numpy.typing as npt
import polars as pl

EXACT_VALUES = 50_000
"""Up to so many different values of a field are counted exactly, each by itself."""
KEPT_VALUES = 1_000
_REGISTER_BITS = 12
_REGISTERS = 1 << _REGISTER_BITS
_GAMMA = 1.02


@dataclass(frozen=True, slots=True)
class ValueCounts:
    """Counts by value. Once there are more than `EXACT_VALUES` different ones, `exact` is False
    and only the most frequent are kept: their counts are then lower bounds."""

    counts: pl.DataFrame = part(
        default_factory=lambda: pl.DataFrame(schema={"value": pl.String, "count": pl.Int64})
    )
    exact: bool = True

    @classmethod
    def of(cls, values: pl.Series) -> ValueCounts:
        counted = values.drop_nulls().rename("value").value_counts(name="count")
        return cls.counted(counted.with_columns(pl.col("count").cast(pl.Int64)))

    @classmethod
    def counted(cls, counts: pl.DataFrame) -> ValueCounts:
        """`counts`: each value once, with its count (Int64)."""
        return cls(counts)._bounded()

    def __add__(self, other: ValueCounts) -> ValueCounts:
        if not len(other.counts):
            return ValueCounts(self.counts, self.exact and other.exact)
        both = pl.concat([self.counts, other.counts])
        summed = both.group_by("value").agg(pl.col("count").sum())
        return ValueCounts(summed, self.exact and other.exact)._bounded()

    def _bounded(self) -> ValueCounts:
        if len(self.counts) <= EXACT_VALUES:
            return self
        return ValueCounts(self._top(KEPT_VALUES), exact=False)

    def _top(self, count: int) -> pl.DataFrame:
        """The first of the values in order of count, then of value; the rest is not sorted."""
        if len(self.counts) > count:
            least = self.counts["count"].top_k(count).min()
            more = self.counts.filter(pl.col("count") > least)
            equal = self.counts.filter(pl.col("count") == least)
            kept = pl.concat([more, equal.bottom_k(count - len(more), by="value")])
        else:
            kept = self.counts
        return kept.sort(["count", "value"], descending=[True, False])

    def top(self, count: int) -> tuple[tuple[str, int], ...]:
        """The most frequent values, ties in the order of the values."""
        return tuple((str(value), int(n)) for value, n in self._top(count).iter_rows())


@dataclass(frozen=True, slots=True)
class DistinctSketch:
    """HyperLogLog with 4,096 registers: the number of different values within about 1.6%
    (Flajolet et al. 2007)."""

    registers: npt.NDArray[np.uint8] = part(
        default_factory=lambda: np.zeros(_REGISTERS, dtype=np.uint8)
    )

    @classmethod
    def of(cls, values: pl.Series) -> DistinctSketch:
        """`values` without nulls; repeated ones change nothing."""
        registers = np.zeros(_REGISTERS, dtype=np.uint8)
        if len(values):
            hashes = values.hash(seed=20).to_numpy()
            places = (hashes >> np.uint64(64 - _REGISTER_BITS)).astype(np.int64)
            rest = hashes & np.uint64((1 << (64 - _REGISTER_BITS)) - 1)
            bits = np.frexp(rest.astype(np.float64))[1]
            ranks = (64 - _REGISTER_BITS - bits + 1).astype(np.uint8)
            np.maximum.at(registers, places, ranks)
        return cls(registers)

    def __add__(self, other: DistinctSketch) -> DistinctSketch:
        return DistinctSketch(np.maximum(self.registers, other.registers))

    @property
    def estimate(self) -> int:
        powers = float(np.power(2.0, -self.registers.astype(np.float64)).sum())
        raw = 0.7213 / (1 + 1.079 / _REGISTERS) * _REGISTERS**2 / powers
        empty = int((self.registers == 0).sum())
        if raw <= 2.5 * _REGISTERS and empty:
            return round(_REGISTERS * math.log(_REGISTERS / empty))
        return round(raw)


@dataclass(frozen=True, slots=True)
class NumberSketch:
    """Count, sum, extremes, signs, and quantiles within 1% of their value (bins that grow by 2%,
    as in DDSketch, Masson et al. 2019)."""

    count: int = 0
    total: float = 0.0
    low: float = math.inf
    high: float = -math.inf
    negative: int = 0
    zero: int = 0
    bins: Counter[int] = part(default_factory=Counter)
    """±(1 + bin) → count; 0 for zero."""

    @classmethod
    def of(cls, numbers: npt.NDArray[np.float64], weights: npt.NDArray[np.int64]) -> NumberSketch:
        """Finite numbers, each standing for `weights` rows."""
        if not len(numbers):
            return cls()
        magnitude = np.abs(numbers)
        safe = np.where(magnitude > 0, magnitude, 1.0)
        steps = np.floor(np.log(safe) / math.log(_GAMMA)).astype(np.int64) + _OFFSET
        keys = np.where(magnitude > 0, np.sign(numbers).astype(np.int64) * steps, 0)
        unique, places = np.unique(keys, return_inverse=True)
        sums = np.bincount(places, weights=weights).astype(np.int64)
        return cls(
            count=int(weights.sum()),
            total=float(math.fsum((numbers * weights).tolist())),
            low=float(numbers.min()),
            high=float(numbers.max()),
            negative=int(weights[numbers < 0].sum()),
            zero=int(weights[numbers == 0].sum()),
            bins=Counter(dict(zip(unique.tolist(), sums.tolist(), strict=True))),
        )

    def __add__(self, other: NumberSketch) -> NumberSketch:
        return NumberSketch(
            count=self.count + other.count,
            total=self.total + other.total,
            low=min(self.low, other.low),
            high=max(self.high, other.high),
            negative=self.negative + other.negative,
            zero=self.zero + other.zero,
            bins=self.bins + other.bins,
        )

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None

    def quantile(self, share: float) -> float | None:
        """The value below which `share` of the numbers lie; None without numbers."""
        if not self.count:
            return None
        reached = 0
        for key in sorted(self.bins):
            reached += self.bins[key]
            if reached >= share * self.count:
                return min(max(_middle(key), self.low), self.high)
        return self.high

    def outliers(self) -> int:
        """Numbers beyond Tukey's outer fences: more than three interquartile ranges outside the
        quartiles. 0 when the quartiles are equal."""
        lower, upper = self.quantile(0.25), self.quantile(0.75)
        if lower is None or upper is None or upper <= lower:
            return 0
        reach = 3 * (upper - lower)
        return sum(
            n for k, n in self.bins.items() if not lower - reach <= _middle(k) <= upper + reach
        )


_OFFSET = 40_000
"""Makes all steps positive: the smallest double is about 1.02 to the power of −37,600."""


def _middle(key: int) -> float:
    """The number that stands for a bin."""
    if key == 0:
        return 0.0
    size = 2 * _GAMMA / (1 + _GAMMA) * math.pow(_GAMMA, abs(key) - _OFFSET)
    return math.copysign(size, key)
