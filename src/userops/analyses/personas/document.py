"""The question of personas: by what people are grouped, and who is active enough to be grouped."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.steps import EventName, EventStep
from userops.words import Words

FeatureName = Literal[
    "hours", "weekdays", "events", "taste", "price", "platform", "channel", "value", "activity"
]
USUAL: tuple[FeatureName, ...] = ("hours", "weekdays", "events", "taste", "price", "platform")
Name = Annotated[str, Field(min_length=1, max_length=200)]

PROBLEMS: dict[str, Words] = {
    "personas_features": Words(
        "至少需要两种不同的特征", "at least two different features are needed"
    ),
    "personas_groups": Words(
        "最多分组数应不小于最少分组数", "the most groups must not be fewer than the least"
    ),
}


class Property(BaseModel):
    """`{"property": "category"}`"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: Name


class Personas(Document):
    """Groups of people who are alike in when they come, what they do and what they look at. The law is in this
    folder's README."""

    kind: Literal["personas"] = "personas"
    range: DateRange = DateRange(last=90)
    features: Annotated[tuple[FeatureName, ...], Field(max_length=9)] = USUAL
    taste: Property | None = None
    price: Property | None = None
    purchase: EventName | None = None
    min_days: int = Field(default=3, ge=1, le=60)
    min_groups: int = Field(default=2, ge=2, le=12)
    max_groups: int = Field(default=8, ge=2, le=12)
    seed: int = Field(default=0, ge=0, le=1_000_000)
    view: Literal["groups", "features", "rhythm", "criterion"] = "groups"

    @model_validator(mode="after")
    def sensible(self) -> Self:
        if len(set(self.features)) < 2 or len(set(self.features)) < len(self.features):
            raise ValueError("personas_features")
        if self.max_groups < self.min_groups:
            raise ValueError("personas_groups")
        return self

    def step(self) -> EventStep:
        """The events that are looked at."""
        return EventStep(event="*", filters=self.filters)
