"""Those who asked are told that it shipped: in the background, in parts, each user once whatever happens.

A part is one transaction that holds the requirement: who waits is asked anew in it, so neither a second
announcement, nor a second ticket of a user, nor a merge, nor a stop of the server tells anybody twice.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.urls import reverse

from userops.events.tasks import stopping
from userops.feedback.requirements.asking import Asker, Askers
from userops.feedback.requirements.models import (
    Announcement,
    Answer,
    Happening,
    Requirement,
    Status,
)
from userops.feedback.telling.following import filled, template
from userops.feedback.telling.models import Moment, Told
from userops.feedback.tickets.history import record
from userops.feedback.tickets.models import TicketEvent
from userops.notices.telling import Message, tell
from userops.words import Words

PART = 50


def carry_out(announcement: Announcement) -> Announcement:
    """Tell everybody who still waits. A stop of the server leaves the rest to the next."""
    while not stopping.is_set() and _part(announcement):
        pass
    announcement.refresh_from_db()
    return announcement


@transaction.atomic
def _part(announcement: Announcement) -> bool:
    """The next users; whether there are more."""
    rows = Requirement.objects.select_for_update(of=("self",)).select_related("product", "owner")
    requirement = rows.get(pk=announcement.requirement_id)
    announcement.refresh_from_db()
    if announcement.finished is not None:
        return False
    waiting: list[Asker] = []
    if requirement.status == Status.SHIPPED:
        waiting = [
            each
            for each in Askers(requirement.product).of(requirement)
            if _meant(each, announcement)
        ]
    for each in waiting[:PART]:
        _tell(requirement, announcement, each)
    announcement.told += len(waiting[:PART])
    more = len(waiting) > PART
    if not more:
        _finish(requirement, announcement)
    announcement.save(update_fields=["told", "finished"])
    return more


def _meant(asker: Asker, announcement: Announcement) -> bool:
    only = announcement.ticket_id
    return asker.state == "waiting" and (
        only is None or any(each.pk == only for each in asker.tickets)
    )


def _tell(requirement: Requirement, announcement: Announcement, asker: Asker) -> None:
    ticket, language = asker.ticket, asker.language
    ticket.product = requirement.product
    subject, text = worded(requirement, announcement, asker)
    words = Words(
        f"需求 R{requirement.number}“{requirement.words.zh}”已上线，已告知用户",
        f"Requirement R{requirement.number} “{requirement.words.en}” shipped: the user is told",
    )
    data = {"requirement": requirement.number, "language": language, "words": words.as_dict()}
    event = record(ticket, TicketEvent.Kind.SHIPPED, by=announcement.by, data=data)
    told = Told.objects.create(
        event=event, ticket=ticket, moment=Moment.SHIPPED, subject=subject[:400], text=text,
        state=Told.State.PAGE if asker.way == "page" else Told.State.WAITING, due=datetime.now(UTC),
    )  # fmt: skip
    Answer.objects.create(
        requirement=requirement, ticket=ticket, announcement=announcement, told=told
    )
    if told.state == Told.State.WAITING:
        from userops.feedback.telling.tasks import tell_users

        transaction.on_commit(lambda: tell_users() and None)


def worded(requirement: Requirement, announcement: Announcement, asker: Asker) -> tuple[str, str]:
    """(subject, text) as this user reads it."""
    language = asker.language
    own = announcement.texts.get(language)
    # a language that is switched off has nobody who waits (`asking.py`)
    subject, text = (
        (own["subject"], own["text"])
        if own
        else template(requirement.product_id, Moment.SHIPPED, language) or ("", "")
    )
    version = requirement.version
    short = Words(f"（版本 {version}）", f" (version {version})").text(language) if version else ""
    more = {
        "requirement": requirement.words.text(language), "version": version, "in_version": short,
    }  # fmt: skip
    line = " ".join(filled(subject, asker.ticket, **more).split())
    return line, filled(text, asker.ticket, **more)


def _finish(requirement: Requirement, announcement: Announcement) -> None:
    announcement.finished = datetime.now(UTC)
    count = announcement.told
    Happening.objects.create(
        requirement=requirement, kind=Happening.Kind.TOLD, by=announcement.by, data={"users": count}
    )
    members = {each.pk: each for each in (requirement.owner, announcement.by) if each is not None}
    title = Words(
        f"需求 R{requirement.number}：已告知 {count} 位用户",
        f"Requirement R{requirement.number}: {count} users are told",
    )
    link = reverse("requirements:one", args=[requirement.product.slug, requirement.number])
    message = Message(
        f"announcement-{announcement.pk}", title, requirement.words, link, tone="good"
    )
    tell(requirement.product, message, members=members.values())
