"""The desk of the demo company has been taught by its members; its tickets are read and its topics grown in the
background, so that the company opens at once and the first look shows both under way or done."""

from __future__ import annotations

from userops.events.models import Product
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.actions import grow_topics
from userops.feedback.understanding.actions import learn_again, start_batch
from userops.feedback.understanding.models import BatchRun, Lesson, Target
from userops.workspace.models import User

DAYS = 60
MOST_LESSONS = 400
"""At most so many of the newest solved tickets are lessons: enough to learn from in seconds."""


def understand_desk(product: Product, owner: User) -> None:
    """Lessons of what was solved, then learning, reading and growing, unless that was asked for before."""
    if BatchRun.objects.filter(product=product).exists():
        return
    solved = Ticket.objects.filter(product=product, category__isnull=False).exclude(solved=None)
    Lesson.objects.bulk_create(
        [
            Lesson(
                ticket=ticket, target=target, label=label, by=owner, at=ticket.updated
            )
            for ticket in solved.order_by("-opened")[:MOST_LESSONS]
            for target, label in (
                (Target.CATEGORY, str(ticket.category_id)),
                (Target.SENTIMENT, ticket.sentiment),
            )
            if label
        ],
        ignore_conflicts=True,
        batch_size=500,
    )  # fmt: skip
    grow_topics(product, days=DAYS, acting_user=owner)
    start_batch(product, acting_user=owner)
    learn_again(product, acting_user=owner)
