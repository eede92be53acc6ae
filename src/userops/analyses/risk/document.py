"""The question of a churn risk: who may fall silent, for how long, and what is looked back on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from userops.query.dates import DateRange
from userops.query.document import Document
from userops.query.steps import EventName, EventStep
from userops.words import Words

PROBLEMS: dict[str, Words] = {}
View = Literal["bands", "drivers", "calibration", "lift", "backtest", "models"]


class Risk(Document):
    """How likely each user is to be lost, learnt from the past. The law is in this folder's README."""

    kind: Literal["risk"] = "risk"
    range: DateRange = DateRange(last=120)
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = "*"
    window: int = Field(default=14, ge=1, le=365)
    gap: int = Field(default=1, ge=0, le=90)
    lookback: int = Field(default=21, ge=7, le=365)
    step: int = Field(default=7, ge=1, le=90)
    signals: Annotated[tuple[EventName, ...], Field(max_length=10)] = ()
    view: View = "bands"

    def core(self) -> EventStep:
        """The core action: whoever does it is there."""
        return EventStep(event=self.event, filters=self.filters)
