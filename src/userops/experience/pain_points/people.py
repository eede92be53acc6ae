"""The users behind a pain point, and taking them out."""

from __future__ import annotations

from datetime import timedelta

from userops.analyses.table import Column, Table
from userops.audience.people import Person, described, scope_of
from userops.audience.segments.hooks import names_of
from userops.audience.segments.masking import masked
from userops.events.identity import chunks
from userops.events.store import Store
from userops.experience.pain_points.measuring import evidence_hits, question_of
from userops.experience.pain_points.models import PainPoint
from userops.experience.pain_points.tickets import complaints
from userops.query.dates import midnight
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

SIDES = {
    "hit": Words("受影响的用户", "Users hit"),
    "complained": Words("投诉的用户", "Who complained"),
}


def persons_of(store: Store, point: PainPoint, side: str) -> list[int]:
    """Who is hit, or who complained, in the days that end with yesterday, as it is known now."""
    scope = scope_of(store, point.product)
    asked = question_of(point, scope)
    if side == "hit":
        hits = evidence_hits(point, scope, asked)
        return list(hits.persons()) if hits else []
    after = midnight(asked.last + timedelta(days=1), scope.zone)
    said = complaints(point, midnight(asked.first, scope.zone), after)
    return sorted({person for each in said.by_day.values() for person in each})


def page_of(store: Store, point: PainPoint, persons: list[int]) -> list[Person]:
    return described(store, point.product, persons)


def exported(
    store: Store, point: PainPoint, side: str, format_: str, *, acting_user: User
) -> Table:
    """Ids of the users behind; masked for roles that may not take them out."""
    check(acting_user, point.product, Permission.SEE_PEOPLE)
    whole = Permission.EXPORT_PEOPLE in permissions_in(acting_user, point.product)
    persons = persons_of(store, point, side)
    names: dict[int, str] = {}
    for chunk in chunks(persons):
        names |= names_of(point.product_id, chunk)
    rows = [
        (name if whole else masked(name),) for person in persons for name in [names.get(person, "")]
    ]
    note(
        acting_user, "pain_point.people_exported", product=point.product, target=str(point),
        side=side, rows=len(rows), format=format_, masked=not whole,
    )  # fmt: skip
    return Table((Column("user", Words("用户 ID", "User id")),), rows)
