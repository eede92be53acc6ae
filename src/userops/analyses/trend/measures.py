"""What a series of a trend measures: one record owns the SQL, the label and the sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from userops.words import Words

MeasureName = Literal[
    "total", "users", "per_user", "sum", "avg", "min", "max", "median", "p90", "p99", "distinct",
    "wau", "mau",
]  # fmt: skip
Argument = Literal["", "person", "number", "text"]
Figure = int | float | None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One aggregate function of the engine over a row's person, number or text."""

    function: str
    argument: Argument = ""
    parameters: str = ""

    def sql(self, combinator: str, argument: str) -> str:
        """The call with a combinator such as `State`, `Merge` or `If`."""
        return f"{self.function}{combinator}{self.parameters}({argument})"


def _first(parts: Sequence[Figure]) -> Figure:
    return parts[0]


def _ratio(parts: Sequence[Figure]) -> Figure:
    above, below = parts
    return None if above is None or not below else above / below


@dataclass(frozen=True, slots=True)
class Measure:
    """`empty` is the figure of an interval without a row: 0 for counts and sums, none for the rest.

    `window` is the number of days that a trailing measure looks back over, its own day included.
    """

    name: MeasureName
    words: Words
    sentence: Words
    aggregates: tuple[Aggregate, ...]
    empty: Figure = None
    type: Literal["whole", "number"] = "number"
    finish: Callable[[Sequence[Figure]], Figure] = _first
    window: int = 0

    @property
    def counts_events(self) -> bool:
        """Whether the figure is how many events there are: it adds up over values and intervals."""
        return self.aggregates == (_COUNT,)

    @property
    def needs_property(self) -> bool:
        return any(each.argument in ("number", "text") for each in self.aggregates)

    def figure(self, parts: Sequence[Figure]) -> Figure:
        """From the engine's aggregates to the figure; never NaN or infinite."""
        value = self.finish(parts)
        if value is None or not math.isfinite(value):
            return self.empty
        return value


_COUNT = Aggregate("count")
_PERSONS = Aggregate("uniqExact", "person")


def _quantile(level: str) -> tuple[Aggregate, ...]:
    return (Aggregate("quantileExactInclusive", "number", f"({level})"),)


# `{p}` is the property's name
MEASURES: tuple[Measure, ...] = (
    Measure(
        "total",
        Words("总次数", "Total"),
        Words("的总次数", "number of events"),
        (_COUNT,),
        0,
        "whole",
    ),
    Measure(
        "users",
        Words("用户数", "Users"),
        Words("的用户数（去重）", "distinct users"),
        (_PERSONS,),
        0,
        "whole",
    ),
    Measure(
        "per_user",
        Words("人均次数", "Per user"),
        Words("的人均次数（总次数 ÷ 用户数）", "events per user (events ÷ distinct users)"),
        (_COUNT, _PERSONS),
        finish=_ratio,
    ),
    Measure(
        "sum",
        Words("总和", "Sum"),
        Words("的“{p}”总和", "sum of “{p}”"),
        (Aggregate("sumKahan", "number"),),
        0,
    ),
    Measure(
        "avg",
        Words("均值", "Average"),
        Words("的“{p}”均值", "average of “{p}”"),
        (Aggregate("avg", "number"),),
    ),
    Measure(
        "min",
        Words("最小值", "Minimum"),
        Words("的“{p}”最小值", "minimum of “{p}”"),
        (Aggregate("min", "number"),),
    ),
    Measure(
        "max",
        Words("最大值", "Maximum"),
        Words("的“{p}”最大值", "maximum of “{p}”"),
        (Aggregate("max", "number"),),
    ),
    Measure(
        "median",
        Words("中位数", "Median"),
        Words("的“{p}”中位数（线性插值）", "median of “{p}” (linear interpolation)"),
        _quantile("0.5"),
    ),
    Measure(
        "p90",
        Words("90 分位数", "90th percentile"),
        Words("的“{p}”90 分位数（线性插值）", "90th percentile of “{p}” (linear interpolation)"),
        _quantile("0.9"),
    ),
    Measure(
        "p99",
        Words("99 分位数", "99th percentile"),
        Words("的“{p}”99 分位数（线性插值）", "99th percentile of “{p}” (linear interpolation)"),
        _quantile("0.99"),
    ),
    Measure(
        "distinct",
        Words("去重数", "Distinct values"),
        Words("的“{p}”去重数（不含空值）", "distinct values of “{p}”, empty ones left out"),
        (Aggregate("uniqExact", "text"),),
        0,
        "whole",
    ),
    Measure(
        "wau",
        Words("周活跃（7 日滚动）", "WAU (trailing 7 days)"),
        Words(
            "的周活跃用户数（截至当日 7 天内去重）", "distinct users of the 7 days up to each day"
        ),
        (_PERSONS,),
        0,
        "whole",
        window=7,
    ),
    Measure(
        "mau",
        Words("月活跃（30 日滚动）", "MAU (trailing 30 days)"),
        Words(
            "的月活跃用户数（截至当日 30 天内去重）", "distinct users of the 30 days up to each day"
        ),
        (_PERSONS,),
        0,
        "whole",
        window=30,
    ),
)
MEASURE: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
