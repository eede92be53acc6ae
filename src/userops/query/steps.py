"""Event steps and breakdowns: the nouns that every document shares."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from userops.query.filters import Filters, Of, condition_sql, describe_filters, text_sql
from userops.query.naming import event_shown, shown
from userops.query.sql import Values, all_of
from userops.words import Words

ANY_EVENT = "*"
EventName = Annotated[str, Field(min_length=1, max_length=200)]


class EventStep(BaseModel):
    """`{"event": "pay_success", "filters": […], "name": "支付成功"}`; `"*"` means any event."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)]
    filters: Filters = ()
    name: str | None = Field(default=None, max_length=100)

    @property
    def events(self) -> tuple[str, ...]:
        """The event names; empty when any event will do."""
        names = self.event if isinstance(self.event, tuple) else (self.event,)
        return () if ANY_EVENT in names else names

    @property
    def label(self) -> str:
        return self.name or " / ".join(self.events) or ANY_EVENT

    def sql(self, values: Values, person: str) -> str:
        """The condition on a row of `events` for being this step."""
        conditions = [condition_sql(each, values, person) for each in self.filters]
        if self.events:
            conditions.insert(0, f"event in {values.texts(self.events)}")
        return all_of(conditions)

    def describe(self) -> Words:
        names = [event_shown(name) for name in self.events]
        zh = self.name or "、".join(each.zh for each in names) or "任意事件"
        en = self.name or ", ".join(each.en for each in names) or "any event"
        if not self.filters:
            return Words(f"“{zh}”", f"“{en}”")
        condition = describe_filters(self.filters)
        return Words(f"“{zh}”({condition.zh})", f"“{en}” ({condition.en})")


class Breakdown(BaseModel):
    """`"city"` or `{"property": "city", "of": "user"}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: str = Field(min_length=1, max_length=200)
    of: Of = "event"

    def sql(self, values: Values) -> str:
        """The value on a row of `events` (event property), or of `profiles` (user property)."""
        return text_sql(self.property, self.of, values)

    def describe(self) -> Words:
        owner = Words("用户的", "user ") if self.of == "user" else Words("", "")
        name = shown(self.property, self.of)
        return Words(f"{owner.zh}“{name.zh}”", f"{owner.en}“{name.en}”")


def _breakdown(value: object) -> object:
    return {"property": value} if isinstance(value, str) else value


BreakdownField = Annotated[Breakdown, BeforeValidator(_breakdown)]
OTHERS = "$others"
"""The value that stands for all beyond the top ones; shown as 其他."""
