"""The tickets of a pain point, and who complained in them on which day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from pyroaring import BitMap

from userops.events.identity import Forest
from userops.evidence.linking import Thing, links_of
from userops.experience.pain_points.impact.hits import ByDay
from userops.experience.pain_points.models import PainPoint
from userops.feedback.sorting.branches import Branches
from userops.feedback.tickets.models import Sentiment, Status, Ticket

WEIGHTS = {"low": 0.25, "normal": 0.5, "high": 0.75, "urgent": 1.0}
"""How severe a ticket of each severity is, from 0 to 1."""


def thing(point: PainPoint) -> Thing:
    return Thing("pain_point", str(point.number))


def linked_numbers(point: PainPoint) -> list[int]:
    """The numbers of the tickets that were linked by hand."""
    found = links_of(point.product, thing(point))
    return [int(other.key) for _relation, other, _from in found if other.kind == "ticket"]


def tickets_of(point: PainPoint) -> QuerySet[Ticket]:
    """Those of its topic, of its category with the branches below, and those linked; without spam, and merged ones
    only as what they were merged into."""
    which = Q(number__in=linked_numbers(point))
    if point.topic_id is not None:
        which |= Q(topic__topic=point.topic_id)
    if point.category_id is not None:
        which |= Q(category__in=Branches(point.product).within([point.category_id]))
    rows = Ticket.objects.filter(which, product=point.product, merged_into=None)
    return rows.exclude(status=Status.SPAM)


@dataclass(frozen=True, slots=True)
class Complaints:
    """The tickets of a range. `speakers`: distinct users; a ticket whose user nobody knows counts as one."""

    by_day: ByDay
    tickets_by_day: dict[date, int]
    tickets: int
    speakers: int
    known: int
    negative: int
    severities: dict[str, int]

    @property
    def severity(self) -> float | None:
        """The mean weight of their severities; None without tickets."""
        if not self.tickets:
            return None
        return sum(WEIGHTS[name] * count for name, count in self.severities.items()) / self.tickets

    def as_dict(self) -> dict[str, Any]:
        return {
            "tickets": self.tickets, "speakers": self.speakers, "known": self.known,
            "negative": self.negative, "severities": self.severities, "severity": self.severity,
        }  # fmt: skip


def complaints(point: PainPoint, first: datetime, after: datetime) -> Complaints:
    """Of the tickets opened from `first` to before `after`."""
    zone = ZoneInfo(point.product.timezone)
    rows = list(
        tickets_of(point)
        .filter(opened__gte=first, opened__lt=after)
        .values_list(
            "pk", "opened", "severity", "sentiment", "person", "distinct_id", "email", "phone"
        )
    )
    forest = Forest(point.product_id)
    forest.load([row[4] for row in rows if row[4] is not None])
    by_day: dict[date, BitMap] = {}
    days: Counter[date] = Counter()
    speakers: set[Any] = set()
    known: set[int] = set()
    for key, opened, _severity, _sentiment, person, *contacts in rows:
        day = opened.astimezone(zone).date()
        days[day] += 1
        if person is None:
            speakers.add(next((each for each in contacts if each), ("ticket", key)))
            continue
        root = forest.root(person)
        known.add(root)
        speakers.add(root)
        by_day.setdefault(day, BitMap()).add(root)
    return Complaints(
        by_day=by_day,
        tickets_by_day=dict(days),
        tickets=len(rows),
        speakers=len(speakers),
        known=len(known),
        negative=sum(row[3] == Sentiment.NEGATIVE for row in rows),
        severities=dict(Counter(row[2] for row in rows)),
    )
