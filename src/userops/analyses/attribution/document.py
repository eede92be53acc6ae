"""The question of an attribution: which touches share the credit for a goal, and by which rules."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from userops.analyses.vocabulary import Source
from userops.query.document import Document
from userops.query.durations import Span, span_ms
from userops.query.steps import BreakdownField, EventStep

ModelName = Literal[
    "first", "last", "last_non_direct", "linear", "time_decay", "position", "markov"
]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)
DIRECT = ("direct", "(direct)", "(none)", "直接访问")
EVENT, VALUE = "event", "value"
"""The families of channels: called by their event, or by the value of a property."""


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


class Touch(EventStep):
    """`{"event": "app_open", "property": "channel"}`: touches whose channel is the value of a property, or
    the event itself."""

    property: str | None = Field(default=None, min_length=1, max_length=200)


class Goal(EventStep):
    """`{"event": "pay_success", "property": "amount"}`: what is attributed; with a property also its sum."""

    property: str | None = Field(default=None, min_length=1, max_length=200)


class AttributionDocument(Document):
    """Which channels goals are owed to, by seven models side by side. The law is in this folder's README."""

    kind: Literal["attribution"] = "attribution"
    touches: tuple[Annotated[Touch, BeforeValidator(_step)], ...] = Field(
        min_length=1, max_length=20
    )
    goal: Annotated[Goal, BeforeValidator(_step)]
    lookback: Span = "30d"
    goals: Literal["every", "first"] = "every"
    direct: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(
        default=DIRECT, max_length=50
    )
    half_life: Span = "7d"
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=1)
    breakdown_limit: int = Field(default=10, ge=1, le=100)
    view: Literal["credits", "comparison", "lengths", "lags"] = "credits"
    model: ModelName = "last_non_direct"
    baseline: ModelName = "first"

    @property
    def lookback_ms(self) -> int:
        return span_ms(self.lookback)

    @property
    def half_life_ms(self) -> int:
        return span_ms(self.half_life)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is a touch, and what its channel is called: the first that fits."""
        return tuple(
            Source(VALUE if touch.property else EVENT, touch, touch.property)
            for touch in self.touches
        )

    @property
    def by_goal(self) -> bool:
        """Whether a breakdown is by a property of the goal event."""
        return bool(self.breakdown) and self.breakdown[0].of == "event"
