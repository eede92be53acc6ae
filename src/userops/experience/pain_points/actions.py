"""Writes: pain points, their status, their links, their figures. Each checks, validates, leaves history and log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from userops.audience.segments.actions import found as find_segment
from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.events.store import Store
from userops.evidence.linking import Thing, link, unlink
from userops.experience.pain_points import tasks
from userops.experience.pain_points.definition import BySegment, Definition, parse
from userops.experience.pain_points.linking import RELATIONS, check_thing
from userops.experience.pain_points.models import LONGEST_TITLE, Happening, PainPoint, Run, Status
from userops.experience.pain_points.running import begin, carry_out
from userops.experience.pain_points.tickets import thing
from userops.feedback.sorting.models import Category
from userops.feedback.topics.models import Topic
from userops.words import Words
from userops.workspace.access import check, owner_of
from userops.workspace.history import changed_fields
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST = 500
LONGEST_NOTE = 4_000
Kind = Happening.Kind


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pain point says. `topic`, `category`, `owner`: their numbers."""

    title: str
    title_en: str = ""
    note: str = ""
    topic: int | None = None
    category: int | None = None
    owner: int | None = None
    document: Mapping[str, Any] | None = None


def found(product: Product, number: int) -> PainPoint:
    """Raises `NotFound`."""
    rows = PainPoint.objects.select_related("product", "topic", "category", "owner")
    row = rows.filter(product=product, number=number).first()
    if row is None:
        raise NotFound(
            Words(f"没有编号为 {number} 的痛点。", f"There is no pain point {number}."),
            code="pain_point_not_found",
        )
    return row


def wanted_of(point: PainPoint) -> Wanted:
    """As it is."""
    return Wanted(
        point.title, point.title_en, point.note, point.topic_id, point.category_id, point.owner_id,
        point.document,
    )  # fmt: skip


@transaction.atomic
def create(product: Product, wanted: Wanted, *, acting_user: User) -> PainPoint:
    """A suspected one; its owner is who makes it, where nobody else is named. Raises `Refused`, `DocumentError`."""
    check(acting_user, product, Permission.RUN_SURVEYS)
    Product.objects.select_for_update().get(pk=product.pk)
    rows = PainPoint.objects.filter(product=product)
    if rows.count() >= MOST:
        raise Refused(
            Words(f"每个产品最多 {MOST} 个痛点。", f"A product has at most {MOST} pain points."),
            code="too_many_pain_points",
        )
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    point = PainPoint(product=product, number=number)
    _set(point, wanted)
    if wanted.owner is None:
        point.owner = acting_user
    point.save()
    if point.topic is not None:
        _draw(point, Thing("topic", str(point.topic.pk)), "about", acting_user)
    _record(point, Kind.CREATED, acting_user)
    note(acting_user, "pain_point.created", product=product, target=str(point))
    return point


@transaction.atomic
def change(point: PainPoint, wanted: Wanted, *, acting_user: User) -> PainPoint:
    """Words, topic, definition, owner. Figures of earlier runs stay with the definition they had."""
    point = _mine(point, acting_user)
    before = wanted_of(point)
    _set(point, wanted)
    point.save()
    if changed := changed_fields(before, wanted_of(point)):
        _record(point, Kind.CHANGED, acting_user, fields=changed)
        note(
            acting_user, "pain_point.changed", product=point.product, target=str(point),
            fields=changed,
        )  # fmt: skip
    return point


@transaction.atomic
def set_status(point: PainPoint, status: str, *, why: str = "", acting_user: User) -> PainPoint:
    """Raises `Refused` for a status that there is not."""
    point = _mine(point, acting_user)
    if status not in Status.values:
        listed = ", ".join(Status.values)
        raise Refused(
            Words(f"没有状态 {status[:40]!r}；可用：{listed}。",
                  f"No status {status[:40]!r}; there are: {listed}."),
            code="pain_point_status_unknown",
        )  # fmt: skip
    before = str(point.status)
    if status == before:
        return point
    point.status = status
    point.save(update_fields=["status", "updated"])
    _record(point, Kind.STATUS, acting_user, **{"from": before, "to": status, "why": why[:400]})
    note(
        acting_user, "pain_point.status", product=point.product, target=str(point),
        before=before, after=status,
    )  # fmt: skip
    return point


@transaction.atomic
def link_thing(point: PainPoint, kind: str, key: str, *, acting_user: User) -> PainPoint:
    """An arrow to a ticket, a topic, an annotation or a report. Raises `Refused`, `NotFound`."""
    point = _mine(point, acting_user)
    other = check_thing(point.product, kind, key)
    _draw(point, other, RELATIONS[kind], acting_user)
    _record(point, Kind.LINKED, acting_user, kind=kind, key=other.key)
    note(
        acting_user, "pain_point.linked", product=point.product, target=str(point),
        kind=kind, key=other.key,
    )  # fmt: skip
    return point


@transaction.atomic
def unlink_thing(point: PainPoint, kind: str, key: str, *, acting_user: User) -> PainPoint:
    point = _mine(point, acting_user)
    relation = RELATIONS.get(kind, "")
    if unlink(point.product, thing(point), Thing(kind, key), relation):
        _record(point, Kind.UNLINKED, acting_user, kind=kind, key=key)
        note(
            acting_user, "pain_point.unlinked", product=point.product, target=str(point),
            kind=kind, key=key,
        )  # fmt: skip
    return point


def ask_for_run(store: Store, point: PainPoint, *, acting_user: User) -> Run:
    """Compute in the background; the run that goes on, where one does."""
    check(acting_user, point.product, Permission.RUN_SURVEYS)
    going = point.runs.going_on().first()
    if going is not None:
        return going
    run = begin(store, point, acting_user)
    note(acting_user, "pain_point.computed", product=point.product, target=str(point))
    transaction.on_commit(lambda: tasks.compute(run.pk) and None)
    return run


def compute_now(store: Store, point: PainPoint, *, acting_user: User) -> Run:
    """Compute and wait for it."""
    check(acting_user, point.product, Permission.RUN_SURVEYS)
    note(acting_user, "pain_point.computed", product=point.product, target=str(point))
    return carry_out(store, begin(store, point, acting_user))


def cancel_run(point: PainPoint, *, acting_user: User) -> None:
    """The figures stay those of the run before."""
    check(acting_user, point.product, Permission.RUN_SURVEYS)
    if point.runs.all().end(Run.State.CANCELLED):
        note(acting_user, "pain_point.cancelled", product=point.product, target=str(point))


def _mine(point: PainPoint, user: User) -> PainPoint:
    """Allowed, and locked as it is now."""
    check(user, point.product, Permission.RUN_SURVEYS)
    rows = PainPoint.objects.select_related("product").select_for_update(of=("self",))
    return rows.get(pk=point.pk)


def _set(point: PainPoint, wanted: Wanted) -> None:
    point.title = name_of(wanted.title, LONGEST_TITLE)
    point.title_en = name_of(wanted.title_en, LONGEST_TITLE) if wanted.title_en.strip() else ""
    point.note = wanted.note.replace("\x00", "").strip()[:LONGEST_NOTE]
    point.topic = _one(Topic, point.product, wanted.topic)
    point.category = _one(Category, point.product, wanted.category)
    point.owner = owner_of(point.product, wanted.owner)
    definition = parse(wanted.document or {})
    _check_segment(point.product, definition)
    point.document = definition.as_json()


def _one(model: Any, product: Product, key: int | None) -> Any:
    if key is None:
        return None
    row = model.objects.filter(product=product, pk=key).first()
    if row is None:
        name = model.__name__.lower()
        raise NotFound(
            Words(f"没有编号为 {key} 的{'话题' if model is Topic else '分类'}。",
                  f"There is no {name} {key}."),
            code=f"{name}_not_found",
        )  # fmt: skip
    return row


def _check_segment(product: Product, definition: Definition) -> None:
    if isinstance(definition.evidence, BySegment):
        find_segment(product, definition.evidence.segment)


def _draw(point: PainPoint, other: Thing, relation: str, user: User) -> None:
    link(point.product, thing(point), other, relation, by=user)


def _record(point: PainPoint, happened: str, user: User, **data: Any) -> None:
    Happening.objects.create(point=point, kind=happened, by=user, data=data)
