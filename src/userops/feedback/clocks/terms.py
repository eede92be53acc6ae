"""What is promised: policies in their order, the first that fits holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from userops.feedback.clocks.lifeline import Attributes, Kind, Stretch
from userops.feedback.clocks.steps import STANDARD, Step
from userops.feedback.conditions import Condition
from userops.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Terms:
    """One promise: working minutes of each kind (none: nothing is promised), by whose calendar.

    `policy`, `calendar_key` and the versions say which rows it comes from.
    """

    targets: Mapping[Kind, int | None]
    calendar: Calendar
    policy: int | None = None
    policy_version: int = 0
    calendar_key: int | None = None
    calendar_version: int = 0
    steps: tuple[Step, ...] = STANDARD

    def target(self, kind: Kind) -> timedelta | None:
        minutes = self.targets.get(kind)
        return None if not minutes else timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Case:
    """When a policy fits: all its conditions hold. Categories stand in them with all below them."""

    terms: Terms
    conditions: tuple[Condition, ...] = ()

    def fits(self, given: Attributes) -> bool:
        seen = asdict(given)
        return all(each.holds(seen) for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Promises:
    """All that a product promises; `teams` by key."""

    cases: Sequence[Case]
    nothing: Terms
    teams: Mapping[int, Terms] = field(default_factory=dict)

    def of(self, stretch: Stretch) -> Terms:
        """What holds for a clock. A team without terms of its own has what the ticket's policy says."""
        if stretch.team is not None and stretch.team in self.teams:
            return self.teams[stretch.team]
        fitting = (case.terms for case in self.cases if case.fits(stretch.attributes))
        return next(fitting, self.nothing)
