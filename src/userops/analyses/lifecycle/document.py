"""The question of a lifecycle."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from userops.query.document import Document
from userops.query.steps import EventName, EventStep

LifecycleUnit = Literal["day", "week", "month", "quarter", "year"]
NewBy = Literal["event", "any_event"]


class Lifecycle(Document):
    """How the active users of each period came about: new, returning, resurrected; and who left."""

    kind: Literal["lifecycle"] = "lifecycle"
    unit: LifecycleUnit = "week"
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = "*"
    new_by: NewBy = "event"

    def step(self) -> EventStep:
        """What counts as being active."""
        return EventStep(event=self.event, filters=self.filters)
