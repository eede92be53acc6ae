"""The question of a churn analysis: what counts as coming back, and after how long a silence one is gone."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from userops.analyses.breakdown import PROBLEMS as BREAKDOWN_PROBLEMS
from userops.analyses.breakdown import check_once
from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.durations import MAX_DAYS
from userops.query.steps import BreakdownField, EventName, EventStep
from userops.words import Words

PROBLEMS: dict[str, Words] = {**BREAKDOWN_PROBLEMS}

ChurnUnit = Literal["day", "week", "month", "quarter", "year"]


class Churn(Document):
    """How likely people return after a silence, and how many are lost. The law is in this folder's
    README."""

    kind: Literal["churn"] = "churn"
    range: DateRange = DateRange(last=90)
    unit: ChurnUnit = "week"
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = "*"
    window: int | None = Field(default=None, ge=1, le=MAX_DAYS)
    threshold: float = Field(default=0.05, gt=0, lt=1, allow_inf_nan=False)
    horizon: int = Field(default=14, ge=1, le=MAX_DAYS)
    min_support: int = Field(default=30, ge=1, le=1_000_000)
    view: Literal["curve", "periods"] = "curve"
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    limit: int = Field(default=7, ge=1, le=200)

    @model_validator(mode="after")
    def possible(self) -> Self:
        check_once(self.breakdown)
        return self

    def step(self) -> EventStep:
        """The core action: whoever does it is there."""
        return EventStep(event=self.event, filters=self.filters)
