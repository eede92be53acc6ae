"""Members are told how far a requirement is: its owner, and those whose tickets ask for it."""

from __future__ import annotations

from django.urls import reverse

from userops.events.identity import chunks
from userops.feedback.requirements.linking import linked_numbers
from userops.feedback.requirements.models import STATUS_WORDS, Requirement
from userops.feedback.tickets.models import ACTIVE, Ticket
from userops.notices.telling import Message, tell
from userops.words import Words
from userops.workspace.models import User


def tell_of_status(requirement: Requirement, by: User) -> None:
    """In the transaction of the change. Nobody is told of what he did himself."""
    members: dict[int, User] = {}
    if requirement.owner is not None:
        members[requirement.owner.pk] = requirement.owner
    for chunk in chunks(linked_numbers(requirement)):
        rows = Ticket.objects.filter(
            product=requirement.product, number__in=chunk, status__in=ACTIVE, owner__isnull=False
        )
        for ticket in rows.select_related("owner"):
            if ticket.owner is not None:
                members[ticket.owner.pk] = ticket.owner
    members.pop(by.pk, None)
    status = STATUS_WORDS[requirement.status]
    title = Words(
        f"需求 R{requirement.number}：{status.zh}",
        f"Requirement R{requirement.number}: {status.en}",
    )
    newest = requirement.history.values_list("pk", flat=True).first()
    link = reverse("requirements:one", args=[requirement.product.slug, requirement.number])
    message = Message(f"requirement-{newest}", title, requirement.words, link)
    tell(requirement.product, message, members=members.values())
