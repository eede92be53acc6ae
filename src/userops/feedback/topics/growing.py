"""Grows the topics of a product from its newest tickets, and finds the old topics again among the new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import transaction

from userops.events.models import Product
from userops.feedback.tickets.models import Status, Ticket
from userops.feedback.topics.carrying import carry, finish
from userops.feedback.topics.matching import matched
from userops.feedback.topics.models import Topic, TopicState, TopicTicket
from userops.feedback.understanding.words_of import masked_words
from userops.text.storing import topics_to_bytes
from userops.text.topics import Progress, Topics, find_topics

MOST = 100_000
State = TopicState.State


def state_of(product: Product) -> TopicState:
    """Without the model, which is large."""
    row = TopicState.objects.filter(product=product).defer("model").first()
    return row or TopicState.objects.get_or_create(product=product)[0]


def tickets_of(product: Product, days: int) -> list[Ticket]:
    """Of the last days, without spam and without what was merged into another; the newest so many."""
    since = datetime.now(UTC) - timedelta(days=days)
    rows = Ticket.objects.filter(product=product, opened__gte=since, merged_into=None)
    return list(rows.exclude(status=Status.SPAM).order_by("-opened", "-pk")[:MOST])


def grow(product: Product) -> TopicState:
    """Find topics now (`carry`)."""
    carry(state_of(product), _grow)
    return state_of(product)


def _grow(state: TopicState, progress: Progress) -> None:
    tickets = tickets_of(state.product, state.days)
    texts = [masked_words(ticket) for ticket in tickets]
    found = find_topics(texts, count=state.count, progress=progress)
    progress(0.95)
    keep(state.product, state, tickets, found)


@transaction.atomic
def keep(product: Product, state: TopicState, tickets: Sequence[Ticket], found: Topics) -> None:
    """Write what was found; topics that live on keep their row, name, and history."""
    now = datetime.now(UTC)
    keys = np.array([ticket.pk for ticket in tickets])
    rows = matched(product, [set(keys[found.group == at]) for at in range(len(found.topics))])
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
        shown = row.merged_into or row
        TopicTicket.objects.bulk_create(
            [
                TopicTicket(ticket_id=int(keys[one]), topic=shown, near=float(near[one]), place=at)
                for one in np.flatnonzero(found.group == at)
            ],
            batch_size=2_000,
        )
    finish(
        state,
        grown=now,
        tickets=len(tickets),
        unclear=int((found.group < 0).sum()),
        stability=found.stability,
        model=topics_to_bytes(found.model),
    )
