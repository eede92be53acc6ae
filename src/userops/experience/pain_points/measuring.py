"""The figures of a pain point: whom it hits, what they paid, what became of them and of others alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pyroaring import BitMap

from userops.analyses.meaning import meaning
from userops.annotations.models import Annotation
from userops.audience.facts.refreshing import state_of as facts_of
from userops.audience.people import scope_of
from userops.audience.risk.refreshing import state_of as risk_of
from userops.audience.segments.actions import found as find_segment
from userops.audience.segments.others import SegmentsOf
from userops.events.models import EventDefinition
from userops.events.store import Store
from userops.evidence.linking import links_of
from userops.experience.pain_points.definition import BySegment, Definition
from userops.experience.pain_points.impact.cohort import Cohort, Gathering
from userops.experience.pain_points.impact.comparing import compared
from userops.experience.pain_points.impact.hits import ByDay, Hits, days_between, hits_of
from userops.experience.pain_points.impact.ledger import Past, read_past, walk
from userops.experience.pain_points.impact.lifting import lifted
from userops.experience.pain_points.models import PainPoint
from userops.experience.pain_points.tickets import Complaints, complaints, thing
from userops.query.active import ActiveDays
from userops.query.dates import midnight, milliseconds
from userops.query.scope import Scope
from userops.query.steps import EventStep
from userops.segments import parse as parse_segment
from userops.stats.comparisons import of_shares
from userops.stats.proportions import wilson

Progress = Callable[[float], None]
AROUND = 14
"""Days before and after a fix that are compared."""
MOST_EVENTS = 60


@dataclass(frozen=True, slots=True)
class Question:
    """A definition made absolute: what a run is of."""

    definition: Definition
    first: date
    last: date
    after: int
    core: str
    value: str

    def as_json(self) -> dict[str, Any]:
        return {
            **self.definition.as_json(),
            "range": {"from": self.first.isoformat(), "to": self.last.isoformat()},
            "after": self.after,
            "core": self.core,
            "value": self.value,
        }


def question_of(point: PainPoint, scope: Scope) -> Question:
    """Until yesterday; the window and the core event of churn are those of the product."""
    definition, risk = point.definition, risk_of(point.product)
    last = scope.now.astimezone(scope.zone).date() - timedelta(days=1)
    return Question(
        definition,
        last - timedelta(days=definition.days - 1),
        last,
        definition.after or risk.window,
        risk.event,
        facts_of(point.product).value_property,
    )


def evidence_hits(point: PainPoint, scope: Scope, asked: Question) -> Hits | None:
    """Whom the evidence names in the range; None without evidence."""
    evidence = asked.definition.evidence
    if evidence is None:
        return None
    segment = None
    if isinstance(evidence, BySegment):
        segment = parse_segment(find_segment(point.product, evidence.segment).document)
    return hits_of(
        evidence, scope, asked.first, asked.last, segment=segment, others=SegmentsOf(point.product)
    )


def measure(store: Store, point: PainPoint, asked: Question, progress: Progress) -> dict[str, Any]:
    """JSON-ready figures. `progress` is told shares of the work, and may raise to stop it."""
    scope = scope_of(store, point.product)
    progress(0.05)
    hits = evidence_hits(point, scope, asked)
    said = complaints(point, *_bounds(asked, scope))
    progress(0.2)
    past = read_past(scope, asked.first, asked.last, core=asked.core, value=asked.value)
    progress(0.4)
    by_hit = Gathering(past, hits, asked.definition.matched) if hits else None
    by_ticket = Gathering(past, Hits(said.by_day), asked.definition.matched)
    gatherings = [each for each in (by_hit, by_ticket) if each is not None]
    for number, today in enumerate(walk(past, asked.after)):
        for each in gatherings:
            each.take(today)
        progress(0.4 + 0.3 * number / asked.definition.days)
    struck = by_hit.cohort() if by_hit else None
    complained = by_ticket.cohort()
    found = {
        "at": datetime.now(UTC).isoformat(),
        "hit": None if hits is None or struck is None else _reach(hits, past, struck),
        "tickets": said.as_dict(),
        "days": _days(past, asked, hits, said),
        "impact": {
            "hit": None if struck is None else compared(struck),
            "complaint": compared(complained) if said.known else None,
        },
        "fixes": _fixes(point, past, asked, hits.hit if hits else said.by_day),
    }
    progress(0.8)
    events = _events(point, scope, asked) if said.known else {}
    return {**found, "suggested": lifted(complained, past, events)}


def _bounds(asked: Question, scope: Scope) -> tuple[datetime, datetime]:
    after = asked.last + timedelta(days=1)
    return midnight(asked.first, scope.zone), midnight(after, scope.zone)


def _reach(hits: Hits, past: Past, cohort: Cohort) -> dict[str, Any]:
    """Distinct people hit, their share of all who were there, and what they paid before it."""
    users, active = len(hits.persons()), len(_union(past.active, past.first, past.last))
    interval = wilson(users, active) if users <= active else None
    others = cohort.pool.get("value")
    return {
        "users": users,
        "active": active,
        "share": users / active if active else None,
        "interval": list(interval) if interval else None,
        "value": cohort.value,
        "per_person": cohort.value / cohort.cases if cohort.cases else None,
        "others_per_person": others.mean if others else None,
    }


def _union(sets: ByDay, first: date, last: date) -> BitMap:
    found = [each for day, each in sets.items() if first <= day <= last]
    return BitMap.union(*found) if found else BitMap()


def _days(past: Past, asked: Question, hits: Hits | None, said: Complaints) -> dict[str, Any]:
    days = days_between(asked.first, asked.last)
    none = BitMap()
    return {
        "day": [day.isoformat() for day in days],
        "hit": [len(hits.hit.get(day, none)) for day in days] if hits else None,
        "active": [len(past.active.get(day, none)) for day in days],
        "tickets": [said.tickets_by_day.get(day, 0) for day in days],
    }


def _fixes(point: PainPoint, past: Past, asked: Question, hit: ByDay) -> list[dict[str, Any]]:
    """Of each linked annotation in the range: the share of active people hit in the 14 days before its day, and in
    the 14 days after it, as far as they are in the range."""
    keys = [
        int(other.key)
        for _relation, other, _from in links_of(point.product, thing(point))
        if other.kind == "annotation" and other.key.isdecimal()
    ]
    rows = Annotation.objects.filter(product=point.product, pk__in=keys)
    return [
        _around(row, past, asked, hit)
        for row in rows.order_by("first", "pk")
        if asked.first < row.first < asked.last
    ]


def _around(row: Annotation, past: Past, asked: Question, hit: ByDay) -> dict[str, Any]:
    one = timedelta(days=1)
    before = (max(asked.first, row.first - AROUND * one), row.first - one)
    after = (row.first + one, min(asked.last, row.first + AROUND * one))
    counted = [
        (len(_union(hit, *span)), len(_union(past.active, *span))) for span in (before, after)
    ]
    (hit_before, active_before), (hit_after, active_after) = counted
    apart = of_shares(hit_after, active_after, hit_before, active_before)
    return {
        "annotation": row.pk, "text": row.text, "day": row.first.isoformat(),
        "days": [(before[1] - before[0]).days + 1, (after[1] - after[0]).days + 1],
        "before": {"hit": hit_before, "active": active_before},
        "after": {"hit": hit_after, "active": active_after},
        "difference": None if apart is None else
            {"value": apart.value, "low": apart.low, "high": apart.high, "p": apart.p},
    }  # fmt: skip


def _events(point: PainPoint, scope: Scope, asked: Question) -> Mapping[str, ByDay]:
    """The sets of each event that is offered as evidence; complaining itself is none."""
    begin, after = (milliseconds(each) for each in _bounds(asked, scope))
    complaining = meaning(scope, (begin, after), ()).feedback()
    names = EventDefinition.objects.filter(product=point.product, hidden=False)
    names = names.exclude(name=complaining[0]) if complaining else names
    wanted: Iterable[str] = names.order_by("name").values_list("name", flat=True)[:MOST_EVENTS]
    first = asked.first - timedelta(days=6)
    return {
        name: ActiveDays(scope, EventStep(event=name), first, asked.last).sets() for name in wanted
    }
