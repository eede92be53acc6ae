"""The question of a correlation: who starts, what they do early, what is hoped for later."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.steps import EventName, EventStep
from userops.words import Words

HOUR_MS = 3_600_000
UNIT_MS = {"hour": HOUR_MS, "day": 24 * HOUR_MS, "week": 7 * 24 * HOUR_MS}
MAX_EARLY_DAYS = 60

PROBLEMS: dict[str, Words] = {
    "correlation_leak": Words(
        "早期窗口必须在目标窗口开始之前结束，否则目标会混入早期行为：缩短早期窗口，或推迟目标窗口",
        "the early window must end before the goal's window begins, or the goal leaks into what comes "
        "before it: shorten the early window or let the goal begin later",
    ),
    "correlation_goal_order": Words(
        "目标窗口的结束应不早于开始", "the goal's window must not end before it begins"
    ),
    "correlation_early": Words(
        f"早期窗口至多 {MAX_EARLY_DAYS} 天", f"the early window is at most {MAX_EARLY_DAYS} days"
    ),
    "correlation_property_twice": Words("同一属性只需列出一次", "a property is named only once"),
}


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


def _property(value: object) -> object:
    return {"property": value} if isinstance(value, str) else value


class Goal(EventStep):
    """`{"event": "app_open", "from": 7, "to": 13, "unit": "day"}`: did it in one of these periods after
    the own start; period 0 begins with it."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: int = Field(default=7, ge=1, le=1_000, alias="from")
    to: int = Field(default=13, ge=1, le=1_000)
    unit: Literal["day", "week"] = "day"
    least: int = Field(default=1, ge=1, le=10_000)

    @property
    def begin_ms(self) -> int:
        return self.from_ * UNIT_MS[self.unit]

    @property
    def end_ms(self) -> int:
        return (self.to + 1) * UNIT_MS[self.unit]


class EarlyProperty(BaseModel):
    """A property of early events whose values are candidates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: str = Field(min_length=1, max_length=200)


class Correlation(Document):
    """What those who reach a goal did early, beside those who do not. Never a cause."""

    kind: Literal["correlation"] = "correlation"
    range: DateRange = DateRange(last=60)
    start: Annotated[EventStep, BeforeValidator(_step)]
    early: int = Field(default=7, ge=1, le=1_440)
    early_unit: Literal["hour", "day"] = "day"
    goal: Annotated[Goal, BeforeValidator(_step)] = Goal(event="*")
    events: tuple[EventName, ...] = Field(default=(), max_length=200)
    active_days: bool = True
    properties: tuple[Annotated[EarlyProperty, BeforeValidator(_property)], ...] = Field(
        default=(), max_length=5
    )
    max_times: int = Field(default=10, ge=1, le=50)
    min_support: int = Field(default=30, ge=1, le=1_000_000)

    @property
    def early_ms(self) -> int:
        return self.early * UNIT_MS[self.early_unit]

    @model_validator(mode="after")
    def possible(self) -> Self:
        if self.goal.to < self.goal.from_:
            raise ValueError("correlation_goal_order")
        if self.early_ms > MAX_EARLY_DAYS * UNIT_MS["day"]:
            raise ValueError("correlation_early")
        if self.early_ms > self.goal.begin_ms:
            raise ValueError("correlation_leak")
        if len(set(self.properties)) < len(self.properties):
            raise ValueError("correlation_property_twice")
        return self
