"""The question of an interval."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from userops.analyses import breakdown
from userops.query.comparison import Comparison, compared_range
from userops.query.dates import DateRange, Unit
from userops.query.document import Document
from userops.query.durations import MAX_DAYS, UNIT_MS, milliseconds_in
from userops.query.steps import BreakdownField, EventStep
from userops.words import Words

PROBLEMS: dict[str, Words] = {
    **breakdown.PROBLEMS,
    "interval_within": Words(
        f"间隔上限应形如 30m、24h、7d，且不超过 {MAX_DAYS} 天",
        f"the upper limit is like 30m, 24h or 7d, and at most {MAX_DAYS} days",
    ),
}


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


def _property(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Step = Annotated[EventStep, BeforeValidator(_step)]
Property = Annotated[str, Field(min_length=1, max_length=200)]


class Interval(Document):
    """How long it takes from one event to the next other one."""

    kind: Literal["interval"] = "interval"
    unit: Unit = "day"
    start: Step
    end: Step
    within: str = "7d"
    hold_constant: Annotated[
        tuple[Property, ...], BeforeValidator(_property), Field(max_length=3)
    ] = ()
    chained: bool = False
    view: Literal["box", "histogram", "periods"] = "box"
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    limit: int = Field(default=10, ge=1, le=200)
    compare: Comparison | None = None

    @model_validator(mode="after")
    def possible(self) -> Self:
        breakdown.check_once(self.breakdown)
        limit = milliseconds_in(self.within)
        if limit is None or limit > MAX_DAYS * UNIT_MS["d"]:
            raise ValueError("interval_within")
        return self

    @property
    def within_ms(self) -> int:
        found = milliseconds_in(self.within)
        assert found is not None
        return found

    def compared_range(self) -> DateRange | None:
        if self.compare is None:
            return None
        return compared_range(self.range, self.unit, self.compare)
