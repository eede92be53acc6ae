"""Where the next value of a series is expected: a robust seasonal band. Pure numbers.

The model is *level + season + noise* on a scale on which the noise is even (the square root, for what cannot
be negative). Every part is a median, so that a past anomaly, or a fifth of them, moves nothing:

1. *season*: the median of the detrended values of each phase (the same weekday, the same hour of the week);
   the trend is a running median over one season (the robust cousin of the classical decomposition:
   Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §3.4 and §3.6).
2. *level* of a value: the median of the deseasonalised values of the `SPAN` periods before it, and never of
   itself. So each value of the history has a forecast that was possible one step before.
3. *noise*: median and MAD of the errors of these forecasts. The band is the median error ± a quantile of
   Student's t × the scaled MAD. A MAD of n errors has the efficiency of a standard deviation of 0.37 n
   (Rousseeuw & Croux, JASA 88, 1993, table 1), hence t with 0.37 n degrees of freedom; the median of c
   seasons has its own error of 1.57 / c of the variance (π/2c), which in-sample errors do not show.

`false_alarms` is the share of ordinary values that fall outside; `test_bands.py` measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Side = Literal["both", "above", "below"]

SPAN = 14
"""Periods of which the level is the median."""
FEWEST_SEASONS = 4
"""Full seasons of history that a band needs."""
FEWEST = 28
"""Values of history that a band needs in any case."""
_MAD = 1.4826
_EFFICIENCY = 0.37
_HALF_PI = 1.5708
_POISSON = 0.5
"""Standard deviation of the square root of a count (Anscombe 1948)."""


@dataclass(frozen=True, slots=True)
class Bands:
    """For each value of a series what was expected of it; NaN where nothing could be."""

    expected: Floats
    low: Floats
    high: Floats
    season: int
    """Length of the season that was used; 1 without one."""


@dataclass(frozen=True, slots=True)
class TooLittleHistory:
    """How many values a band needs, and how many there are before the last one."""

    needed: int
    got: int


def seasonal_bands(
    values: Sequence[float | None],
    *,
    seasons: Sequence[int],
    false_alarms: float,
    counts: bool = True,
    side: Side = "both",
) -> Bands | TooLittleHistory:
    """The band of each value; the last one's is a forecast from the others alone.

    `seasons`: lengths to try, the longest first; the first of which there is enough history is used.
    `counts`: whole numbers of things, whose noise is at least Poisson's. Undefined values are None.
    """
    series = np.array([np.nan if value is None else float(value) for value in values])
    known = int(np.isfinite(series[:-1]).sum())
    needed = needed_history(seasons)
    if known < needed:
        return TooLittleHistory(needed, known)
    season = next((each for each in seasons if known >= each * FEWEST_SEASONS), 1)
    rooted = bool(np.nanmin(series[:-1]) >= 0)
    scaled = np.sqrt(np.maximum(series, 0.0)) if rooted else series
    phases = _season(scaled[:-1], season)
    ahead = phases[np.arange(series.size) % season] if season > 1 else np.zeros(series.size)
    level = _levels(scaled - ahead)
    errors = (scaled - ahead - level)[:-1]
    centre, half = _noise(errors, false_alarms, side, max(1, known // season) if season > 1 else 0)
    floor = _POISSON if counts and rooted else 0.0
    half = max(half, floor * _quantile(false_alarms, side, np.inf))
    middle = level + centre + ahead
    return _unscaled(middle, half, rooted=rooted, side=side, season=season)


def needed_history(seasons: Sequence[int]) -> int:
    """The fewest finished values before the one that is judged."""
    return max(FEWEST, FEWEST_SEASONS * min(seasons, default=1))


def _season(history: Floats, season: int) -> Floats:
    """The median of each phase, detrended, centred on zero."""
    if season == 1:
        return np.zeros(1)
    rest = history - _running_median(history, season)
    phases = np.array([_median(rest[at::season]) for at in range(season)])
    phases = np.where(np.isfinite(phases), phases, 0.0)
    return np.asarray(phases - np.median(phases))


def _running_median(series: Floats, length: int) -> Floats:
    """Centred, over an odd window of at least `length`; at the ends over what there is of it."""
    half = length // 2
    padded = np.concatenate([np.full(half, np.nan), series, np.full(half, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return _medians(windows)


def _levels(series: Floats) -> Floats:
    """The median of the `SPAN` values before each; NaN for the first ones."""
    padded = np.concatenate([np.full(SPAN, np.nan), series[:-1]])
    found = _medians(np.lib.stride_tricks.sliding_window_view(padded, SPAN))
    found[: SPAN // 2] = np.nan
    return found


def _medians(windows: npt.NDArray[np.float64]) -> Floats:
    """Of each row, whatever is undefined left out; NaN where all is."""
    ordered = np.sort(windows, axis=1)  # NaN stand last
    count = np.isfinite(windows).sum(axis=1)
    rows = np.arange(len(windows))
    low, high = np.maximum((count - 1) // 2, 0), count // 2
    high = np.minimum(high, windows.shape[1] - 1)
    return np.where(count > 0, (ordered[rows, low] + ordered[rows, high]) / 2, np.nan)


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else float("nan")


def _noise(errors: Floats, false_alarms: float, side: Side, seasons: int) -> tuple[float, float]:
    """The middle of the errors, and half the width of the band."""
    known = errors[np.isfinite(errors)]
    centre = float(np.median(known))
    spread = _MAD * float(np.median(np.abs(known - centre)))
    if seasons:  # the phases were fitted to these very values
        spread *= float(np.sqrt((seasons + _HALF_PI) / max(seasons - _HALF_PI, 1.0)))
    return centre, spread * _quantile(false_alarms, side, _EFFICIENCY * known.size)


def _quantile(false_alarms: float, side: Side, freedom: float) -> float:
    """Of Student's t, by the expansion of Cornish and Fisher (Abramowitz & Stegun 26.7.5)."""
    z = NormalDist().inv_cdf(1 - (false_alarms / 2 if side == "both" else false_alarms))
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _unscaled(middle: Floats, half: float, *, rooted: bool, side: Side, season: int) -> Bands:
    low, high = middle - half, middle + half
    if rooted:
        middle, low, high = (np.maximum(each, 0.0) ** 2 for each in (middle, low, high))
    if side == "above":
        low = np.full_like(low, -np.inf)
    if side == "below":
        high = np.full_like(high, np.inf)
    return Bands(middle, low, high, season)
