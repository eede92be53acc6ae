"""The question of a predicted value: what a purchase is, and how far ahead to look."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from userops.analyses.meaning import AMOUNT
from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.steps import EventStep
from userops.words import Words

PROBLEMS: dict[str, Words] = {}
MAX_WEEKS = 520


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


class Purchase(EventStep):
    """`{"event": "pay_success", "property": "amount"}`: an event and the property that holds money."""

    property: str = Field(default=AMOUNT, min_length=1, max_length=200)


class CustomerValue(Document):
    """What customers are expected to buy and bring. The law is in this folder's README."""

    kind: Literal["value"] = "value"
    range: DateRange = DateRange(preset="all_time")
    purchase: Annotated[Purchase, BeforeValidator(_step)]
    model: Literal["bg_nbd", "mbg_nbd"] = "bg_nbd"
    horizon: int = Field(default=12, ge=1, le=MAX_WEEKS)
    discount: float = Field(default=0.1, ge=0, le=10, allow_inf_nan=False)
    margin: float = Field(default=1.0, gt=0, le=1, allow_inf_nan=False)
    holdout: int | None = Field(default=None, ge=1, le=MAX_WEEKS)
    view: Literal["forecast", "backtest", "classes"] = "forecast"

    @property
    def modified(self) -> bool:
        return self.model == "mbg_nbd"

    def step(self) -> EventStep:
        return EventStep(event=self.purchase.event, filters=(*self.purchase.filters, *self.filters))
