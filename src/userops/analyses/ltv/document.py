"""The question of an LTV: who starts, what is bought, counted over which periods."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from userops.analyses.breakdown import PROBLEMS as BREAKDOWN_PROBLEMS
from userops.analyses.breakdown import check_once
from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.steps import BreakdownField, EventStep
from userops.words import Words

MAX_PERIODS = 400
MAX_CELLS = 100_000
PROBLEMS: dict[str, Words] = {**BREAKDOWN_PROBLEMS}

LtvUnit = Literal["day", "week", "month"]
Shown = Literal["per_user", "per_payer", "pay_rate", "payers", "total"]


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


class Paid(EventStep):
    """`{"event": "pay_success", "property": "amount"}`: an event and the property that holds money."""

    property: str = Field(default="amount", min_length=1, max_length=200)


class Ltv(Document):
    """Cumulative value of the users who start in a period. The law is in this folder's README."""

    kind: Literal["ltv"] = "ltv"
    range: DateRange = DateRange(last=12, unit="week")
    unit: LtvUnit = "week"
    start: Annotated[EventStep, BeforeValidator(_step)]
    purchase: Annotated[Paid, BeforeValidator(_step)]
    refund: Annotated[Paid, BeforeValidator(_step)] | None = None
    periods: int = Field(default=12, ge=1, le=MAX_PERIODS)
    clock: Literal["calendar", "rolling"] = "calendar"
    show: Shown = "per_user"
    cost: float | None = Field(default=None, gt=0, le=1e12, allow_inf_nan=False)
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    limit: int = Field(default=10, ge=1, le=200)

    @model_validator(mode="after")
    def possible(self) -> Self:
        check_once(self.breakdown)
        return self
