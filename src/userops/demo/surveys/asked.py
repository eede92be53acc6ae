"""Who is asked by a survey, and how far each comes: sent, shown, dismissed, started, completed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from userops.demo.surveys.drawing import Generator, later
from userops.demo.surveys.people import Member
from userops.demo.world import PERSONAS

RESTS = timedelta(days=7)
"""The fatigue budget of all surveys together: one in so many days."""
OPTS_OUT = 0.004
EXPLORER = len(PERSONAS) - 1
EXPLORERS_ANSWER = 0.5
"""One-time explorers answer half as often as the others."""


@dataclass(frozen=True, slots=True)
class Way:
    """Chances of each step after the one before it; `hours`: mean time from asking to answering."""

    name: str
    shown: float
    started: float
    completed: float
    hours: float


MAIL = Way("mail", 0.46, 0.72, 0.86, 20.0)
IN_APP = Way("in_app", 1.0, 0.40, 0.85, 0.02)
AFTER_REFUND = Way("in_app", 1.0, 0.62, 0.90, 0.02)
"""Whoever has just asked for a refund has something to say."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """A moment at which a survey could ask somebody. `before`: until then it takes answers."""

    survey: str
    member: Member
    way: Way
    at: datetime
    before: datetime
    wave: int = 0


@dataclass(slots=True)
class Asked:
    """What came of an occasion. `reason`: why not asked, if so; what did not happen has no moment."""

    on: Occasion
    reason: str = ""
    shown: datetime | None = None
    dismissed: datetime | None = None
    started: datetime | None = None
    completed: datetime | None = None
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass
class Desk:
    """What is remembered over all surveys: when each person was asked last, and who wants no more."""

    rng: Generator
    until: datetime
    """Nothing is told of what lies after."""
    last: dict[int, datetime] = field(default_factory=dict)
    out: dict[int, datetime] = field(default_factory=dict)
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    """Survey → whom it asked, in the order of time."""

    def ask(self, on: Occasion) -> Asked:
        """Ask one person, or say why not. Occasions come in the order of time."""
        person, way = on.member.person, on.way
        asked = Asked(on, self._reason(person, on.at))
        if asked.reason:
            return asked
        self.last[person] = on.at
        before = min(on.before, self.until)
        if self.rng.random() >= way.shown:
            return asked
        asked.shown = later(on.at, way.hours, self.rng, before) if way is MAIL else on.at
        keen = EXPLORERS_ANSWER if on.member.persona == EXPLORER else 1.0
        if self.rng.random() >= way.started * keen:
            self._left(asked)
            return asked
        asked.started = min(asked.shown + timedelta(seconds=float(self.rng.uniform(3, 30))), before)
        if self.rng.random() < way.completed:
            took = timedelta(seconds=float(self.rng.uniform(10, 120)))
            asked.completed = min(asked.started + took, before)
        return asked

    def _reason(self, person: int, at: datetime) -> str:
        if person in self.out and self.out[person] < at:
            return "opted_out"
        last = self.last.get(person)
        return "budget" if last is not None and at - last < RESTS else ""

    def _left(self, asked: Asked) -> None:
        if asked.on.way is not MAIL:
            asked.dismissed = asked.shown
        if asked.shown is not None and self.rng.random() < OPTS_OUT:
            self.out.setdefault(asked.on.member.person, asked.shown)
