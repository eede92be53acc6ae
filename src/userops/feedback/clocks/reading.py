"""Rows as the pure part takes them: a product's promises, a ticket's history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from userops.calendars.models import WorkCalendar
from userops.events.models import Product
from userops.feedback.clocks.instances import Instance, instances
from userops.feedback.clocks.lifeline import Attributes, Happening
from userops.feedback.clocks.models import Policy, TeamTerms
from userops.feedback.clocks.steps import steps_of
from userops.feedback.clocks.terms import Case, Promises, Terms
from userops.feedback.conditions import Condition
from userops.feedback.passing import once_in_a_pass
from userops.feedback.sorting.branches import Branches
from userops.feedback.tickets.models import Ticket
from userops.worktime.calendar import Calendar


class _Calendars:
    """The calendars of a product; each is read once."""

    def __init__(self, product: Product):
        self.rows = {row.pk: row for row in WorkCalendar.objects.filter(product=product)}
        self.standard = next((row for row in self.rows.values() if row.standard), None)
        self.read: dict[int, Calendar] = {}
        self.otherwise = Calendar(ZoneInfo(product.timezone))

    def terms(self, key: int | None, **more: Any) -> Terms:
        """Terms by a calendar; None: the standard one."""
        row = self.rows.get(key, self.standard) if key else self.standard
        if row is None:
            return Terms(calendar=self.otherwise, **more)
        if row.pk not in self.read:
            self.read[row.pk] = row.calendar()
        return Terms(
            calendar=self.read[row.pk], calendar_key=row.pk, calendar_version=row.version, **more
        )


@once_in_a_pass
def promises_of(product: Product) -> Promises:
    """All policies and terms of teams, with their calendars."""
    calendars, branches = _Calendars(product), Branches(product)
    cases = []
    for policy in Policy.objects.filter(product=product, active=True).prefetch_related(
        "categories"
    ):
        targets = {
            "first": policy.first, "next": policy.next, "resolution": policy.resolution,
            "team": policy.team,
        }  # fmt: skip
        terms = calendars.terms(
            policy.calendar_id,
            targets=targets,
            policy=policy.pk,
            policy_version=policy.version,
            steps=steps_of(policy.steps),
        )
        cases.append(Case(terms, _conditions(policy, branches)))
    teams = {
        each.team_id: calendars.terms(each.calendar_id, targets={"team": each.minutes})
        for each in TeamTerms.objects.filter(team__product=product, minutes__isnull=False)
    }
    return Promises(cases, calendars.terms(None, targets={}), teams)


def _conditions(policy: Policy, branches: Branches) -> tuple[Condition, ...]:
    """Each list of a policy that is not empty must hold the ticket's value."""
    heads = [each.pk for each in policy.categories.all()]
    given = (
        ("severity", "in", policy.severities),
        ("category", "in", branches.within(heads)),
        ("tier", "is", policy.tiers),
    )
    return tuple(Condition(name, test, tuple(values)) for name, test, values in given if values)


def happenings_of(ticket: Ticket) -> list[Happening]:
    """The history of a ticket. One that was split off brings its answer along; one that a file brought begins when
    it was taken in, whenever it was said."""
    rows = ticket.events.order_by("at", "pk").values_list("at", "kind", "data")
    found = [Happening(_begun(at, data), kind, data) for at, kind, data in rows]
    if ticket.answered and not any(each.kind == "answered" for each in found):
        found.append(Happening(ticket.answered, "answered"))
        found.sort(key=lambda each: each.at)
    return found


def _begun(at: datetime, data: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(data["taken_in"]) if "taken_in" in data else at


def attributes_of(ticket: Ticket) -> Attributes:
    return Attributes(ticket.severity, ticket.category_id, ticket.tier)


def instances_of(ticket: Ticket, promises: Promises | None = None) -> tuple[Instance, ...]:
    """All clocks of a ticket as they are by today's policies and calendars."""
    return instances(
        happenings_of(ticket),
        ticket.status,
        attributes_of(ticket),
        promises or promises_of(ticket.product),
    )
