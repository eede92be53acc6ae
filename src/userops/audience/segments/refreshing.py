"""Keeping segments true: who is in them now, published as facts, and told to who listens."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from pyroaring import BitMap

from userops.audience.people import scope_of
from userops.audience.segments.models import Hook, HookDelivery, Segment, SizeOfDay
from userops.audience.segments.others import SegmentsOf
from userops.audience.segments.past import names_computed, past_of
from userops.errors import UserOpsError
from userops.events import facts
from userops.events.exclusive import exclusive
from userops.events.facts import About
from userops.events.store import Store
from userops.events.tasks import stopping
from userops.query.scope import Scope
from userops.segments import as_of, evaluate, everyone, parse
from userops.words import Words

log = logging.getLogger("userops.audience")
PER_REQUEST = 1_000
"""Users in one request to a hook."""
BACKFILLED = 30
"""Days before the first refresh of which the size is computed too."""
BACKFILLED_USERS = 200_000
"""Of more users, facts are not computed anew for each of those days."""


def members_of(segment: Segment, scope: Scope) -> BitMap:
    """Who is in a segment: by its definition, or who is kept in a frozen one."""
    document = parse(segment.document)
    if segment.frozen and segment.refreshed is not None:
        document = parse(
            {"product": document.product, "where": {"who": "segment", "segment": segment.pk}}
        )
        return evaluate(document, scope, SegmentsOf(segment.product))
    return evaluate(document, scope, SegmentsOf(segment.product), own=segment.pk)


@dataclass(frozen=True, slots=True)
class Members:
    """Who was in a segment at the end of a past day, of how many users, and what that means."""

    persons: BitMap
    everyone: int
    words: Words


def members_at(store: Store, segment: Segment, day: date) -> Members:
    """By its definition of today; of a frozen one, which of its users there were then."""
    past = past_of(store, segment.product, parse(segment.document), day, (segment.pk,))
    words = _kept_until(day) if segment.frozen else past.words
    return Members(members_of(segment, past.scope), len(everyone(past.scope)), words)


def _kept_until(day: date) -> Words:
    return Words(
        f"冻结的分群成员不变：这里是其中截至 {day} 已有记录的用户，谁与谁是同一人按今天所知。",
        f"A frozen segment keeps its users: these are those of them who were known by the end of {day}; "
        "who is one person as known today.",
    )


def refresh_all(store: Store) -> None:
    """Every segment in turn, where the data or the day has changed; one that fails keeps none from theirs."""
    for segment in Segment.objects.select_related("product").order_by("product", "pk"):
        if stopping.is_set():
            return
        try:
            refresh(store, segment)
        except UserOpsError:
            log.exception("segment %s was not refreshed", segment.pk)


def refresh(store: Store, segment: Segment, *, force: bool = False) -> bool:
    """Find who is in it now; answers whether it was looked at. What is wrong is kept as its problem."""
    # one at a time: the difference between two memberships is told once
    with exclusive(f"segments-{segment.product_id}"):
        scope = scope_of(store, segment.product)
        if segment.seen == _mark(scope) and not force and segment.problem is None:
            return False
        since = datetime.now(UTC)
        try:
            found, all_ = members_of(segment, scope), len(everyone(scope))
        except UserOpsError as wrong:
            Segment.objects.filter(pk=segment.pk).update(problem=wrong.words.as_dict())
            raise
        publish(store, segment, found, since)
        # publishing has raised the version itself
        now = scope_of(store, segment.product)
        segment.seen = _mark(now) if now.version == scope.version + 1 else _mark(scope)
        segment.size, segment.everyone = len(found), all_
        segment.refreshed, segment.problem = since, None
        segment.save(update_fields=["seen", "size", "everyone", "refreshed", "problem"])
        keep_size(segment, scope.now.astimezone(scope.zone).date(), len(found), all_)
        return True


def _mark(scope: Scope) -> str:
    return f"{scope.version}@{scope.now.astimezone(scope.zone).date()}"


def about(segment: Segment) -> About:
    """Its fact."""
    return About(segment.fact, "segment", Words(segment.name, segment.name))


def publish(store: Store, segment: Segment, found: BitMap, since: datetime) -> None:
    """Make these its members for every analysis, and queue what the hook is told of it."""
    hook = Hook.objects.filter(segment=segment, active=True).first()
    first = segment.fact not in facts.versions(segment.product_id)
    before = (
        found if hook is None or first else BitMap(facts.read(store, segment.product, segment.fact))
    )

    def told() -> None:
        if hook is not None:
            _queue(hook, found - before, before - found, len(found))

    facts.write(store, segment.product, about(segment), found.to_array(), since=since, then=told)


def _queue(hook: Hook, entered: BitMap, left: BitMap, size: int) -> None:
    now = datetime.now(UTC)
    into, out = list(entered), list(left)
    HookDelivery.objects.bulk_create(
        HookDelivery(
            hook=hook,
            entered=into[at : at + PER_REQUEST],
            left=out[at : at + PER_REQUEST],
            size=size,
            due=now,
        )
        for at in range(0, max(len(into), len(out)), PER_REQUEST)
    )


def keep_size(segment: Segment, day: date, size: int, all_: int) -> None:
    SizeOfDay.objects.update_or_create(
        segment=segment, day=day, defaults={"size": size, "everyone": all_}
    )


def backfill(store: Store, segment: Segment, days: int = BACKFILLED) -> int:
    """The sizes of the days before today that have none; answers how many were computed."""
    if segment.frozen:
        return 0
    scope, document = scope_of(store, segment.product), parse(segment.document)
    if scope.users > BACKFILLED_USERS and names_computed(segment.product, document):
        return 0
    today = scope.now.astimezone(scope.zone).date()
    known = set(segment.sizes.values_list("day", flat=True))
    wanted = [today - timedelta(days=n) for n in range(1, days + 1)]
    done = 0
    for day in wanted:
        if stopping.is_set():
            break
        if day not in known:
            all_ = len(everyone(as_of(scope, day)))
            if not all_:
                break
            past = past_of(store, segment.product, document, day, (segment.pk,))
            keep_size(segment, day, len(members_of(segment, past.scope)), all_)
            done += 1
    return done


def backfill_all(store: Store) -> None:
    """The earlier sizes of segments that are new."""
    for segment in Segment.objects.filter(frozen=False).select_related("product"):
        if segment.sizes.count() < 2 and not stopping.is_set():
            try:
                backfill(store, segment)
            except UserOpsError:
                log.exception("the sizes of segment %s were not computed", segment.pk)
