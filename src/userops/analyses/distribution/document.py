"""The question of a distribution."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from userops.analyses import breakdown
from userops.analyses.distribution.measures import MEASURE, Measure, MeasureName
from userops.query.comparison import Comparison, compared_range
from userops.query.dates import DateRange, Unit
from userops.query.document import Document
from userops.query.steps import BreakdownField, EventName, EventStep
from userops.words import Words

DistributionUnit = Literal["range", "day", "week", "month", "quarter", "year"]
Cut = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]

PROBLEMS: dict[str, Words] = {
    **breakdown.PROBLEMS,
    "measure_property_missing": Words(
        "这个指标需要 property（属性名）", "this measure needs a `property` (the name of one)"
    ),
    "measure_property_extra": Words(
        "这个指标不需要 property（属性名）", "this measure takes no `property`"
    ),
    "distribution_cuts": Words(
        "分段点应从小到大、互不相同", "cuts stand in rising order, each once"
    ),
    "distribution_buckets": Words(
        "cuts 与 quantiles 只能选一种", "give either cuts or quantiles, not both"
    ),
}


class Distribution(Document):
    """How users spread by what each of them did: how often, on how many days, how much."""

    kind: Literal["distribution"] = "distribution"
    unit: DistributionUnit = "range"
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = "*"
    measure: MeasureName = "times"
    property: str | None = Field(default=None, min_length=1, max_length=200)
    cuts: tuple[Cut, ...] = Field(default=(), max_length=50)
    quantiles: int | None = Field(default=None, ge=2, le=20)
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    limit: int = Field(default=10, ge=1, le=200)
    compare: Comparison | None = None

    @model_validator(mode="after")
    def possible(self) -> Self:
        breakdown.check_once(self.breakdown)
        if self.measured().needs_property and self.property is None:
            raise ValueError("measure_property_missing")
        if self.property is not None and not self.measured().needs_property:
            raise ValueError("measure_property_extra")
        if any(later <= earlier for earlier, later in pairwise(self.cuts)):
            raise ValueError("distribution_cuts")
        if self.cuts and self.quantiles:
            raise ValueError("distribution_buckets")
        return self

    def measured(self) -> Measure:
        return MEASURE[self.measure]

    def step(self) -> EventStep:
        """The events that are looked at."""
        return EventStep(event=self.event, filters=self.filters)

    def period(self) -> Unit | None:
        """The unit of the periods; none when the range is looked at as a whole."""
        return None if self.unit == "range" else self.unit

    def compared_range(self) -> DateRange | None:
        if self.compare is None:
            return None
        return compared_range(self.range, self.period() or "day", self.compare)
