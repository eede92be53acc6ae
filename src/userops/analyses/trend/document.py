"""The question of a trend."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from userops.analyses import breakdown
from userops.analyses.trend.formulas import LETTERS, MAX_LENGTH, Computation, parse
from userops.analyses.trend.measures import MEASURE, Measure, MeasureName
from userops.query.comparison import Comparison, compared_range
from userops.query.dates import DateRange, Unit
from userops.query.document import Document
from userops.query.steps import BreakdownField, EventStep
from userops.words import Words

MAX_SERIES = 20

PROBLEMS: dict[str, Words] = {
    "measure_property_missing": Words(
        "这个指标需要 property（属性名）", "this measure needs a `property` (the name of one)"
    ),
    "measure_property_extra": Words(
        "这个指标不需要 property（属性名）", "this measure takes no `property`"
    ),
    "trailing_unit": Words(
        "wau 与 mau 为按日滚动的指标，unit 应为 day",
        "wau and mau are trailing daily measures: unit must be day",
    ),
    "formula_syntax": Words(
        "公式只能由序列字母、数字、+ - * / 和括号组成，如 A/B*100",
        "a formula is made of series letters, numbers, + - * / and brackets, such as A/B*100",
    ),
    "formula_series": Words(
        "公式引用了不存在的序列；A 为第一个序列",
        "the formula names a series that is not there; A is the first",
    ),
    **breakdown.PROBLEMS,
}


class Series(EventStep):
    """`{"event": "pay_success", "measure": "sum", "property": "amount"}`: one line of the trend."""

    measure: MeasureName = "total"
    property: str | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def fitting_property(self) -> Self:
        if self.measured().needs_property and self.property is None:
            raise ValueError("measure_property_missing")
        if self.property is not None and not self.measured().needs_property:
            raise ValueError("measure_property_extra")
        return self

    def measured(self) -> Measure:
        return MEASURE[self.measure]


class Formula(BaseModel):
    """`{"formula": "A/B*100", "name": "转化率"}`: a line that is computed from the series."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    formula: str = Field(min_length=1, max_length=MAX_LENGTH)
    name: str | None = Field(default=None, max_length=100)

    @model_validator(mode="after")
    def readable(self) -> Self:
        parse(self.formula, LETTERS)
        return self

    @property
    def label(self) -> str:
        return self.name or self.formula


class Trend(Document):
    """How often, how many, how much, over time."""

    kind: Literal["trend"] = "trend"
    unit: Unit = "day"
    series: tuple[Series, ...] = Field(min_length=1, max_length=MAX_SERIES)
    formulas: tuple[Formula, ...] = Field(default=(), max_length=MAX_SERIES)
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    limit: int = Field(default=200, ge=1, le=1000)
    compare: Comparison | None = None

    @model_validator(mode="after")
    def fitting_parts(self) -> Self:
        if self.unit != "day" and any(each.measured().window for each in self.series):
            raise ValueError("trailing_unit")
        breakdown.check_once(self.breakdown)
        self.parsed_formulas()
        return self

    def parsed_formulas(self) -> list[Computation]:
        return [parse(each.formula, len(self.series)) for each in self.formulas]

    def breakdown_names(self) -> list[str]:
        """The keys of a breakdown in the result; `user.` in front where a name is asked twice."""
        return breakdown.names_of(self.breakdown)

    def compared_range(self) -> DateRange | None:
        """What a resolved range is compared with. Whole calendar units are moved by whole units."""
        if self.compare is None:
            return None
        return compared_range(self.range, self.unit, self.compare)
