"""What the demo company promises to whom, and the clocks of its tickets."""

from __future__ import annotations

from django.db import transaction

from userops.events.models import Product
from userops.feedback.clocks.actions import Wanted, create_policy
from userops.feedback.clocks.keeping import keep
from userops.feedback.clocks.reading import promises_of
from userops.feedback.tickets.models import Severity, Ticket
from userops.words import Words
from userops.workspace.models import User

HOUR = 60
PROMISED = (
    (
        Words("紧急与高", "Urgent and high"),
        (Severity.URGENT, Severity.HIGH),
        4 * HOUR,
        8 * HOUR,
        27 * HOUR,
    ),
    (
        Words("普通与低", "Normal and low"),
        (Severity.NORMAL, Severity.LOW),
        9 * HOUR,
        18 * HOUR,
        36 * HOUR,
    ),
)
"""Working time to the first answer, to each further one, to the solution."""


@transaction.atomic
def promise(product: Product, owner: User, language: str) -> None:
    """Policies first, then the clocks of all tickets as their histories have it."""
    for words, severities, first, then, resolution in PROMISED:
        wanted = Wanted(
            words.text(language), severities=[str(each) for each in severities], first=first, next=then,
            resolution=resolution,
        )  # fmt: skip
        create_policy(product, wanted, acting_user=owner)
    promises = promises_of(product)
    for ticket in Ticket.objects.filter(product=product).order_by("pk"):
        ticket.product = product
        keep(ticket, promises)
