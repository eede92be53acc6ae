"""The question about sessions."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from userops.analyses import breakdown
from userops.query.comparison import Comparison, compared_range
from userops.query.dates import DateRange, Unit
from userops.query.document import Document
from userops.query.steps import Breakdown, BreakdownField, EventName, EventStep
from userops.words import Words

FigureName = Literal[
    "sessions", "users", "per_user", "median_seconds", "mean_seconds", "p90_seconds", "depth",
    "median_depth", "bounce_rate",
]  # fmt: skip
View = Literal["figures", "length", "depth", "entry", "exit"]
Place = Literal["page", "event"]

PROBLEMS: dict[str, Words] = {
    **breakdown.PROBLEMS,
    "sessions_breakdown": Words(
        "入口与出口视图（entry、exit）不能再拆分",
        "the views entry and exit take no further breakdown",
    ),
}


class Sessions(Document):
    """Sessions: how many, how long, how deep, where they begin and end."""

    kind: Literal["sessions"] = "sessions"
    unit: Unit = "day"
    event: EventName | Annotated[tuple[EventName, ...], Field(min_length=1, max_length=50)] = "*"
    timeout: int = Field(default=30, ge=1, le=1440)
    split: Literal["id_or_gap", "gap"] = "id_or_gap"
    bounce_events: int = Field(default=1, ge=1, le=100)
    view: View = "figures"
    figure: FigureName = "sessions"
    place: Place = "page"
    breakdown: tuple[BreakdownField, ...] = Field(default=(), max_length=3)
    limit: int = Field(default=10, ge=1, le=200)
    compare: Comparison | None = None

    @model_validator(mode="after")
    def possible(self) -> Self:
        breakdown.check_once(self.breakdown)
        if self.at_places and self.breakdown:
            raise ValueError("sessions_breakdown")
        return self

    @property
    def at_places(self) -> bool:
        """Whether sessions are told apart by where they begin or end."""
        return self.view in ("entry", "exit")

    @property
    def width(self) -> int:
        """How many values tell groups apart."""
        return 1 if self.at_places else len(self.breakdown)

    @property
    def names(self) -> list[str]:
        """The keys of a group in the result."""
        return [self.view] if self.at_places else breakdown.names_of(self.breakdown)

    @property
    def timeout_ms(self) -> int:
        return self.timeout * 60_000

    def step(self) -> EventStep:
        """The events that sessions are made of."""
        return EventStep(event=self.event, filters=self.filters)

    def undivided(self) -> Self:
        """The same question about all sessions together."""
        view = "figures" if self.at_places else self.view
        return self.model_copy(update={"breakdown": (), "view": view})

    def told_by(self) -> tuple[Breakdown, ...]:
        """The properties that tell groups apart; none for the names of events."""
        if self.at_places:
            return (Breakdown(property="page"),) if self.place == "page" else ()
        return self.breakdown

    def compared_range(self) -> DateRange | None:
        if self.compare is None:
            return None
        return compared_range(self.range, self.unit, self.compare)
