"""What is promised: policies in their order, the first that fits holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from userops.feedback.clocks.lifeline import Attributes, Kind, Stretch
from userops.feedback.clocks.steps import STANDARD, Step
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
    """When a policy fits: each list that is not empty must hold the ticket's value.

    `categories` hold the keys of whole branches.
    """

    terms: Terms
    severities: frozenset[str] = frozenset()
    categories: frozenset[int] = frozenset()
    tiers: frozenset[str] = frozenset()

    def fits(self, given: Attributes) -> bool:
        return (
            (not self.severities or given.severity in self.severities)
            and (not self.categories or given.category in self.categories)
            and (not self.tiers or given.tier.casefold() in self.tiers)
        )


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
