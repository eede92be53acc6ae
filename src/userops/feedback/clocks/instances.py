"""A clock with its promise: when it is due, and how it stands. Pure: events, calendar and policy in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from userops.feedback.clocks.lifeline import Attributes, Happening, Stretch, stretches
from userops.feedback.clocks.terms import Promises, Terms
from userops.worktime.clock import due, next_open, worked

State = Literal["running", "paused", "met", "late", "cancelled"]
OPEN: tuple[State, ...] = ("running", "paused")


@dataclass(frozen=True, slots=True)
class Instance:
    """One clock of one ticket. `due`: none without a target, and while it is paused before its time;
    `taken`: working time up to its end or to now."""

    stretch: Stretch
    terms: Terms
    target: timedelta | None
    due: datetime | None
    state: State

    def overdue(self, now: datetime) -> bool:
        """Whether it runs on beyond its time."""
        return self.state in OPEN and self.due is not None and self.due < now

    def taken(self, now: datetime) -> timedelta:
        """Working time so far, pauses left out."""
        end = self.stretch.ended or now
        pauses = list(self.stretch.pauses)
        if self.stretch.paused_since is not None:
            pauses.append((self.stretch.paused_since, end))
        return worked(self.terms.calendar, self.stretch.started, end, pauses)


def instances(
    happenings: Sequence[Happening], status: str, attributes: Attributes, promises: Promises
) -> tuple[Instance, ...]:
    """All clocks of a ticket with their promises."""
    return tuple(
        _instance(each, promises.of(each)) for each in stretches(happenings, status, attributes)
    )


def _instance(stretch: Stretch, terms: Terms) -> Instance:
    target = terms.target(stretch.kind)
    found = _due(stretch, terms, target)
    return Instance(stretch, terms, target, found, _state(stretch, found))


def _due(stretch: Stretch, terms: Terms, target: timedelta | None) -> datetime | None:
    if target is None:
        return None
    found = due(terms.calendar, stretch.started, target, stretch.pauses)
    paused = stretch.paused_since
    return None if paused is not None and found > paused else found


def _state(stretch: Stretch, found: datetime | None) -> State:
    if stretch.cancelled:
        return "cancelled"
    if stretch.ended is not None:
        return "met" if found is None or stretch.ended <= found else "late"
    return "running" if stretch.paused_since is None else "paused"


def step_moments(instance: Instance) -> dict[int, datetime]:
    """Percent of the target → when somebody is told of it: only in working time, so what falls on closing is
    told at the next opening. Nothing for a clock that does not run or has no target."""
    if instance.state != "running" or instance.target is None:
        return {}
    stretch, calendar = instance.stretch, instance.terms.calendar
    return {
        step.percent: next_open(
            calendar,
            due(calendar, stretch.started, instance.target * step.percent / 100, stretch.pauses),
        )
        for step in instance.terms.steps
    }
