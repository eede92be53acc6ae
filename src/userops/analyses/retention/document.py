"""The retention document: who starts, who comes back, counted how."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from userops.query.document import Document
from userops.query.steps import BreakdownField, EventStep
from userops.words import Words

MAX_PERIODS = 1_000
MAX_CELLS = 200_000

RetentionUnit = Literal["hour", "day", "week", "month"]

PROBLEMS: dict[str, Words] = {
    "retention_brackets": Words(
        f"区间应为互不重叠、从小到大的 [起，止]，起不小于 1，止不大于 {MAX_PERIODS}",
        f"brackets are [from, to] in rising order without overlap, from 1 to {MAX_PERIODS}",
    ),
    "retention_brackets_value": Words(
        "LTV 按期累计，不能与 brackets 同用", "LTV accumulates period by period: leave out brackets"
    ),
}


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


Bracket = Annotated[tuple[int, ...], Field(min_length=2, max_length=2)]
"""First and last period of a column."""
Step = Annotated[EventStep, BeforeValidator(_step)]


class Value(BaseModel):
    """LTV: the property of return events that is added up, as a sum or per member of the cohort."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: str = Field(min_length=1, max_length=200)
    measure: Literal["sum", "average"] = "average"


class RetentionDocument(Document):
    """Of those who start in a period, how many come back later. The law is in this folder's README."""

    kind: Literal["retention"] = "retention"
    unit: RetentionUnit = "day"
    start: Step
    return_: Step | None = Field(default=None, alias="return")
    periods: int = Field(default=7, ge=1, le=MAX_PERIODS)
    entry: Literal["first", "first_ever", "recurring"] = "first"
    criterion: Literal["on", "on_or_after"] = "on"
    clock: Literal["calendar", "rolling"] = "calendar"
    brackets: tuple[Bracket, ...] = Field(default=(), max_length=100)
    min_occurrences: int = Field(default=1, ge=1, le=1_000_000)
    reference: Literal["cohort", "previous"] = "cohort"
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    breakdown_limit: int = Field(default=10, ge=1, le=200)
    value: Value | None = None

    @property
    def returning(self) -> EventStep:
        """The return event; the start event when none is named."""
        return self.return_ or self.start

    @property
    def columns(self) -> tuple[tuple[int, int], ...]:
        """First and last period of each column; the first column is period 0."""
        if self.brackets:
            return ((0, 0), *((begin, end) for begin, end in self.brackets))
        return tuple((period, period) for period in range(self.periods + 1))

    @property
    def last_period(self) -> int:
        return self.columns[-1][1]

    @model_validator(mode="after")
    def possible(self) -> Self:
        before = 0
        for begin, end in self.brackets:
            if not before < begin <= end <= MAX_PERIODS:
                raise ValueError("retention_brackets")
            before = end
        if self.brackets and self.value is not None:
            raise ValueError("retention_brackets_value")
        return self

    def as_json(self) -> dict[str, Any]:
        """With `return` always said, so that equal questions have equal hashes."""
        return {
            **super().as_json(),
            "return": self.returning.model_dump(mode="json", by_alias=True, exclude_none=True),
        }
