"""Grows the topics of a product from its newest tickets, and finds the old topics again among the new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import transaction

from userops.events.models import Product
from userops.feedback.tickets.models import Status, Ticket
from userops.feedback.topics.models import Topic, TopicState, TopicTicket
from userops.feedback.understanding.words_of import masked_words
from userops.text.problems import TooFewTexts
from userops.text.storing import topics_from_bytes, topics_to_bytes
from userops.text.topics import Topics, find_topics

MOST = 100_000
SAME = 0.3
"""An old topic lives on in the new one that shares at least so much of its tickets (Jaccard)."""
State = TopicState.State


class Cancelled(Exception):  # noqa: N818
    """Somebody asked to stop; the topics stay as they were."""


def state_of(product: Product) -> TopicState:
    return TopicState.objects.get_or_create(product=product)[0]


def tickets_of(product: Product, days: int) -> list[Ticket]:
    """Of the last days, without spam and without what was merged into another; the newest so many."""
    since = datetime.now(UTC) - timedelta(days=days)
    rows = Ticket.objects.filter(product=product, opened__gte=since, merged_into=None)
    return list(rows.exclude(status=Status.SPAM).order_by("-opened", "-pk")[:MOST])


def grow(product: Product) -> TopicState:
    """Find topics now. Too few tickets leave the reason in the state."""
    state = state_of(product)
    _note(state, state=State.RUNNING, share=0.0, cancelled=False)
    tickets = tickets_of(product, state.days)
    try:
        found = find_topics(
            [masked_words(ticket) for ticket in tickets],
            count=state.count,
            progress=lambda share: _go_on(state, share),
        )
    except TooFewTexts as few:
        _note(state, state=State.IDLE, problem=few.words.as_dict())
        return state
    except Cancelled:
        _note(state, state=State.IDLE)
        return state
    keep(product, state, tickets, found)
    return state


def _go_on(state: TopicState, share: float) -> None:
    if TopicState.objects.filter(pk=state.pk, cancelled=True).exists():
        raise Cancelled
    _note(state, share=share)


def _note(row: TopicState, /, **fields: object) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


@transaction.atomic
def keep(product: Product, state: TopicState, tickets: Sequence[Ticket], found: Topics) -> None:
    """Write what was found; topics that live on keep their row, name, and history."""
    now = datetime.now(UTC)
    keys = np.array([ticket.pk for ticket in tickets])
    rows = _matched(product, [set(keys[found.group == at]) for at in range(len(found.topics))])
    Topic.objects.filter(product=product).update(place=None)
    near = found.model.nearest([masked_words(ticket) for ticket in tickets])[1]
    TopicTicket.objects.filter(ticket__in=keys.tolist()).delete()
    for at, own in enumerate(found.topics):
        row = rows.get(at) or Topic(product=product, found=now)
        if row.named_by_id is None:
            row.name = own.name or "–"
        row.terms, row.quotes, row.place = list(own.terms), keys[list(own.quotes)].tolist(), at
        row.stability, row.coherence = own.stability, own.coherence
        row.save()
        TopicTicket.objects.bulk_create(
            [
                TopicTicket(ticket_id=int(keys[one]), topic=row, near=float(near[one]))
                for one in np.flatnonzero(found.group == at)
            ],
            batch_size=2_000,
        )
    _note(
        state,
        state=State.IDLE,
        share=1.0,
        grown=now,
        tickets=len(tickets),
        unclear=int((found.group < 0).sum()),
        stability=found.stability,
        problem=None,
        model=topics_to_bytes(found.model),
    )


def _matched(product: Product, groups: Sequence[set[int]]) -> dict[int, Topic]:
    """New place → the old topic that lives on in it; the most alike first, each only once."""
    likeness = []
    for old in Topic.objects.filter(product=product, place__isnull=False):
        own = set(old.members.values_list("ticket", flat=True))
        for at, group in enumerate(groups):
            either = len(own | group)
            if either and len(own & group) / either >= SAME:
                likeness.append((len(own & group) / either, at, old))
    found: dict[int, Topic] = {}
    for _alike, at, old in sorted(likeness, key=lambda each: (-each[0], each[1], each[2].pk)):
        if at not in found and old not in found.values():
            found[at] = old
    return found


def place_ticket(ticket: Ticket) -> TopicTicket | None:
    """Put a new ticket into the topic nearest to it."""
    state = TopicState.objects.filter(product=ticket.product_id).exclude(model=None).first()
    if state is None or state.model is None:
        return None
    group, near = topics_from_bytes(bytes(state.model)).nearest([masked_words(ticket)])
    topic = Topic.objects.filter(product=ticket.product_id, place=int(group[0])).first()
    if topic is None:
        return None
    values = {"topic": topic, "near": float(near[0])}
    return TopicTicket.objects.update_or_create(ticket=ticket, defaults=values)[0]
