"""The question of unmet needs: whose, and where they show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from userops.query.document import Document
from userops.query.durations import Span, span_ms
from userops.query.filters import And, Condition, Filter, Filters, Not, Or
from userops.query.steps import EventName
from userops.words import Words

Name = Annotated[str, Field(min_length=1, max_length=200)]
PROBLEMS: dict[str, Words] = {
    "needs_group": Words(
        "人群条件只能用用户属性、标签、分群或画像（of 为 user）",
        "conditions of the group are on properties of users, tags, segments or personas (of = user)",
    ),
    "needs_steps": Words(
        "步骤至少两个，且互不相同", "there are at least two steps, no two of them the same"
    ),
}


class Search(BaseModel):
    """What a search is: `{"event": "search", "word": "keyword", "results": "result_count"}`"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: EventName
    word: Name
    results: Name


class Needs(Document):
    """What people look for and do not get. The law is in this folder's README."""

    kind: Literal["needs"] = "needs"
    group: Filters = ()
    search: Search | None = None
    steps: Annotated[tuple[EventName, ...], Field(max_length=8)] = ()
    window: Span = "7d"
    failures: Annotated[tuple[EventName, ...], Field(max_length=10)] = ()
    stayed_days: int = Field(default=7, ge=1, le=60)
    min_support: int = Field(default=5, ge=1, le=1_000_000)
    limit: int = Field(default=10, ge=1, le=50)

    @model_validator(mode="after")
    def of_users(self) -> Self:
        if any(condition.of != "user" for condition in conditions(self.group)):
            raise ValueError("needs_group")
        if len(self.steps) == 1 or len(set(self.steps)) < len(self.steps):
            raise ValueError("needs_steps")
        return self

    @property
    def window_ms(self) -> int:
        return span_ms(self.window)


def conditions(filters: Iterable[Filter]) -> Iterable[Condition]:
    """All conditions in a tree of filters."""
    for each in filters:
        if isinstance(each, Condition):
            yield each
        elif isinstance(each, And):
            yield from conditions(each.and_)
        elif isinstance(each, Or):
            yield from conditions(each.or_)
        elif isinstance(each, Not):
            yield from conditions([each.not_])
