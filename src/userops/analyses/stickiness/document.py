"""The question of a stickiness."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from userops.analyses import breakdown
from userops.query.comparison import Comparison, compared_range
from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.steps import BreakdownField, EventName, EventStep
from userops.words import Words

StickinessUnit = Literal["hour", "day", "week", "month"]
StickinessPeriod = Literal["day", "week", "month", "quarter"]
View = Literal["exactly", "at_least", "ratio", "periods"]
MAX_INTERVALS = 1_000

_LENGTHS = ("hour", "day", "week", "month", "quarter")

PROBLEMS: dict[str, Words] = {
    **breakdown.PROBLEMS,
    "stickiness_period": Words(
        "周期 period 应大于统计单位 unit",
        "a `period` is longer than the `unit` that is counted in it",
    ),
}


class Stickiness(Document):
    """In how many intervals of the range each user is active; beside it the share of DAU in MAU."""

    kind: Literal["stickiness"] = "stickiness"
    unit: StickinessUnit = "day"
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = "*"
    min_times: int = Field(default=1, ge=1, le=1_000_000)
    view: View = "exactly"
    period: StickinessPeriod = "week"
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    limit: int = Field(default=10, ge=1, le=200)
    compare: Comparison | None = None

    @model_validator(mode="after")
    def possible(self) -> Self:
        breakdown.check_once(self.breakdown)
        longer = _LENGTHS.index(self.period) > _LENGTHS.index(self.unit)
        if self.view == "periods" and not longer:
            raise ValueError("stickiness_period")
        return self

    def step(self) -> EventStep:
        """What counts as being active."""
        return EventStep(event=self.event, filters=self.filters)

    def compared_range(self) -> DateRange | None:
        if self.compare is None:
            return None
        return compared_range(self.range, self.unit, self.compare)
