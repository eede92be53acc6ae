"""By what users are spread: one record owns the SQL, the label and the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from userops.words import Words

MeasureName = Literal["times", "days", "hours", "sum", "avg", "max", "min", "distinct"]


@dataclass(frozen=True, slots=True)
class Measure:
    """`sql` is an aggregate over a person's rows; `{number}`, `{text}` and `{places}` stand for the property
    as a number or text, and for the number of distinct places on an axis. `whole`: the figure is a count.
    `{p}` in a sentence is the property's name.
    """

    name: MeasureName
    words: Words
    sentence: Words
    sql: str
    whole: bool = False
    needs_property: bool = False
    places: Literal["day", "hour"] | None = None


MEASURES: tuple[Measure, ...] = (
    Measure(
        "times",
        Words("次数", "Times"),
        Words("发生次数", "number of events"),
        "count()",
        whole=True,
    ),
    Measure(
        "days",
        Words("天数", "Days"),
        Words("发生的天数（去重）", "number of distinct days with an event"),
        "{places}",
        whole=True,
        places="day",
    ),
    Measure(
        "hours",
        Words("小时数", "Hours"),
        Words("发生的小时数（去重）", "number of distinct hours with an event"),
        "{places}",
        whole=True,
        places="hour",
    ),
    Measure(
        "sum",
        Words("总和", "Sum"),
        Words("“{p}”总和", "sum of “{p}”"),
        "sumKahan({number})",
        needs_property=True,
    ),
    Measure(
        "avg",
        Words("均值", "Average"),
        Words("“{p}”均值", "average of “{p}”"),
        "avg({number})",
        needs_property=True,
    ),
    Measure(
        "max",
        Words("最大值", "Maximum"),
        Words("“{p}”最大值", "maximum of “{p}”"),
        "max({number})",
        needs_property=True,
    ),
    Measure(
        "min",
        Words("最小值", "Minimum"),
        Words("“{p}”最小值", "minimum of “{p}”"),
        "min({number})",
        needs_property=True,
    ),
    Measure(
        "distinct",
        Words("去重数", "Distinct values"),
        Words("“{p}”去重数（不含空值）", "distinct values of “{p}”, empty ones left out"),
        "nullIf(uniqExact(nullIf({text}, '')), 0)",
        whole=True,
        needs_property=True,
    ),
)
MEASURE: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
