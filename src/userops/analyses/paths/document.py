"""The question of paths: which events, from where to where, how far."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from userops.analyses.vocabulary import Source
from userops.query.document import Document
from userops.query.durations import Span, span_ms
from userops.query.steps import ANY_EVENT, EventStep

MAX_STEPS = 20
START, END = "start", "end"
"""The families of a start and of an end that are no node of their own."""


class Node(EventStep):
    """`{"event": "page_view", "property": "page"}`: events that are nodes, called by a property's value,
    or by their own name."""

    property: str | None = Field(default=None, min_length=1, max_length=200)


def _step(value: object) -> object:
    return {"event": value} if isinstance(value, str) else value


Step = Annotated[EventStep, BeforeValidator(_step)]
Nodes = Annotated[Node, BeforeValidator(_step)]


class PathsDocument(Document):
    """Which ways people take. The law of each field is in this folder's README."""

    kind: Literal["paths"] = "paths"
    events: tuple[Nodes, ...] = Field(default=(Node(event=ANY_EVENT),), min_length=1, max_length=20)
    exclude: tuple[Step, ...] = Field(default=(), max_length=20)
    start: Step | None = None
    end: Step | None = None
    within: Literal["session", "window"] = "session"
    span: Span = "1d"
    max_steps: int = Field(default=5, ge=2, le=MAX_STEPS)
    collapse: Literal["repeats", "loops", "none"] = "repeats"
    count: Literal["paths", "users"] = "paths"
    top: int = Field(default=8, ge=1, le=50)
    min_share: float = Field(default=0, ge=0, le=1)
    view: Literal["flow", "common", "matrix"] = "flow"

    @model_validator(mode="before")
    @classmethod
    def without_idle_span(cls, given: Any) -> Any:
        """A session has no span: equal questions are equal documents."""
        if isinstance(given, dict) and given.get("within", "session") == "session":
            return {name: value for name, value in given.items() if name != "span"}
        return given

    @property
    def span_ms(self) -> int:
        return span_ms(self.span)

    @property
    def backward(self) -> bool:
        """Whether paths are read from their end: the first step is the last event."""
        return self.end is not None and self.start is None

    @property
    def between(self) -> bool:
        return self.end is not None and self.start is not None

    @property
    def sources(self) -> tuple[Source, ...]:
        """What is a node, and what it is called: the first that fits."""
        nodes = [
            Source(str(place), each, each.property, self.exclude)
            for place, each in enumerate(self.events)
        ]
        ends = [
            Source(family, step) for family, step in ((START, self.start), (END, self.end)) if step
        ]
        return (*nodes, *ends)
