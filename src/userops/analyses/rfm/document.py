"""The question of an RFM: what is a purchase, how it is counted, and how scores become groups."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.steps import EventName, EventStep
from userops.words import Words

Dimension = Literal["recency", "frequency", "monetary"]
DIMENSIONS: tuple[Dimension, ...] = ("recency", "frequency", "monetary")
CutPoint = Annotated[float, Field(ge=-1e15, le=1e15, allow_inf_nan=False)]
CutPoints = Annotated[tuple[CutPoint, ...], Field(max_length=4)]
USUAL_ORDER, USUAL_DAYS = "order_id", 30

PROBLEMS: dict[str, Words] = {
    "rfm_cuts_order": Words(
        "分割点应从小到大且互不相同", "cut points rise from each one to the next"
    ),
}


class Property(BaseModel):
    """`{"property": "amount"}`"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: str = Field(min_length=1, max_length=200)


class Cuts(BaseModel):
    """Given cut points, rising; n of them make n + 1 scores. Without them scores are quantiles."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recency: CutPoints = ()
    frequency: CutPoints = ()
    monetary: CutPoints = ()

    @model_validator(mode="after")
    def rising(self) -> Self:
        for name in DIMENSIONS:
            points = self.of(name)
            if any(after <= before for before, after in pairwise(points)):
                raise ValueError("rfm_cuts_order")
        return self

    def of(self, dimension: Dimension) -> tuple[float, ...]:
        found: tuple[float, ...] = getattr(self, dimension)
        return found


class Rfm(Document):
    """Users by recency, frequency and monetary value. The law is in this folder's README."""

    kind: Literal["rfm"] = "rfm"
    range: DateRange = DateRange(last=12, unit="month")
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)]
    monetary: Property = Property(property="amount")
    frequency: Literal["times", "days", "orders"] = "times"
    order_id: Property = Property(property=USUAL_ORDER)
    scores: int = Field(default=5, ge=2, le=5)
    cuts: Cuts = Cuts()
    high: Literal["middle", "mean"] = "middle"
    view: Literal["groups", "matrix", "movement"] = "groups"
    movement_days: int = Field(default=USUAL_DAYS, ge=1, le=3660)

    def step(self) -> EventStep:
        """What counts as a purchase."""
        return EventStep(event=self.event, filters=self.filters)

    def scale(self, dimension: Dimension) -> int:
        """How many scores a dimension has; the highest is the best."""
        points = self.cuts.of(dimension)
        return len(points) + 1 if points else self.scores
