"""What is done to single end users: export, erase, merge by hand and its undo. Each leaves a log entry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from userops.audience.facts.reading import of_person
from userops.audience.people import Identity, identity_of
from userops.errors import NotFound, Refused
from userops.events import identity, people, profiles, timeline
from userops.events.erasure import erase
from userops.events.mentions import rows_that_mention
from userops.events.models import Erasure, Merge, Product, QuarantinedRow, UserId
from userops.events.store import Store
from userops.events.timeline import Moment
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import LogEntry, User
from userops.workspace.roles import Permission


def export_person(store: Store, product: Product, uid: int, *, acting_user: User) -> dict[str, Any]:
    """Everything that is kept about a person, JSON-ready: ids, profile, merges, events, refused rows."""
    check(acting_user, product, Permission.EXPORT_PEOPLE)
    who = identity_of(product, uid)
    names = {row.uid: row.distinct_id for row in who.ids}
    refused = rows_that_mention(product.pk, [row.distinct_id for row in who.ids])
    record = {
        "product": product.slug,
        "exported": datetime.now(UTC).isoformat(timespec="seconds"),
        "ids": [
            {"id": row.distinct_id, "known": row.known, "first_seen": row.created.isoformat()}
            for row in who.ids
        ],
        "merges": [
            {
                "id": names.get(merge.uid),
                "into": names.get(merge.into),
                "how": merge.how,
                "at": merge.merged.isoformat(),
            }
            for merge in who.merges
        ],
        "profile": profiles.of_person(product.pk, who.uids),
        "facts": {
            each.name: {"value": each.value, "computed": each.computed.isoformat()}
            for each in of_person(store, product, who.uids)
        },
        "events": [
            _told(moment) for moment in timeline.all_moments(store.engine, product.pk, who.uids)
        ],
        "refused_rows": list(
            QuarantinedRow.objects.filter(pk__in=refused).values_list("raw", flat=True)
        ),
    }
    note(
        acting_user,
        "person.exported",
        product=product,
        target=who.id,
        events=len(record["events"]),
    )
    return record


def _told(moment: Moment) -> dict[str, Any]:
    return {
        "time": moment.ts.isoformat(timespec="milliseconds"),
        "event": moment.event,
        "properties": {**moment.properties, **moment.fields},
    }


def erase_person(
    store: Store, product: Product, uid: int, *, confirm: str, acting_user: User
) -> Erasure:
    """Erase a person for good. `confirm` must be one of their ids: nobody erases by a slip."""
    check(acting_user, product, Permission.ERASE)
    who = identity_of(product, uid)
    ids = {row.distinct_id for row in who.ids}
    if confirm.strip() not in ids:
        raise Refused(
            Words(
                f"请输入该用户的 ID 以确认；实际输入为 {confirm!r}。",
                f"Type an id of this user to confirm; got {confirm!r}.",
            ),
            code="confirmation_wrong",
        )
    done = erase(store, product, who.uid, acting_user.email)
    # the log keeps that it happened, not to whom
    LogEntry.objects.filter(product=product, target__in=ids).update(target="")
    LogEntry.objects.filter(product=product, details__other__in=list(ids)).update(details={})
    note(acting_user, "person.erased", product=product, events=done.proof["before"]["events"])
    return done


def merge_people(
    store: Store, product: Product, uid: int, *, other_id: str, acting_user: User
) -> Identity:
    """Make the person of `other_id` part of this one; their events and profile count as one from now."""
    check(acting_user, product, Permission.MANAGE_SOURCES)
    who = identity_of(product, uid)
    other = UserId.objects.filter(product=product, distinct_id=other_id.strip()).first()
    if other is None:
        raise NotFound(
            Words(
                f"没有 ID 为 {other_id!r} 的用户。", f"There is no user with the id {other_id!r}."
            ),
            code="user_not_found",
        )
    with store.batches.begin() as batch:
        forest = identity.merge_by_hand(product.pk, other.uid, who.uid)
        people.mirror(store.engine, forest, set(), batch)
    note(acting_user, "person.merged", product=product, target=who.id, other=other.distinct_id)
    return identity_of(product, uid)


def undo_merge(store: Store, product: Product, merge: int, *, acting_user: User) -> Identity:
    """Take a merge back: both persons have their own events and profiles again."""
    check(acting_user, product, Permission.MANAGE_SOURCES)
    row = Merge.objects.filter(product=product, pk=merge, undone=None).first()
    with store.batches.begin() as batch:
        forest = identity.undo(product.pk, merge, acting_user.email)
        people.mirror(store.engine, forest, set(), batch)
    assert row is not None
    who = identity_of(product, row.into)
    note(acting_user, "person.unmerged", product=product, target=who.id)
    return who
