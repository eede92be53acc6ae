"""Grows the topics of a product from its newest tickets, and finds the old topics again among the new."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import transaction

from userops.events.models import Product
from userops.events.tasks import stopping
from userops.feedback.tickets.models import Status, Ticket
from userops.feedback.topics.matching import matched
from userops.feedback.topics.models import Topic, TopicState, TopicTicket
from userops.feedback.understanding.words_of import masked_words
from userops.feedback.understanding.working import PROCESS, is_left, worker
from userops.text.problems import TooFewTexts
from userops.text.storing import topics_to_bytes
from userops.text.topics import Topics, find_topics
from userops.words import Words

MOST = 100_000
State = TopicState.State
log = logging.getLogger("userops.topics")
FAILED = Words(
    "发现话题时出错，详情见服务器日志；原有话题不变，可以重新开始。",
    "Finding topics ended with an error (see the server's log); the topics are as they were. Start again.",
)


class Cancelled(Exception):  # noqa: N818
    """Somebody asked to stop; the topics stay as they were."""


class PutAside(Exception):  # noqa: N818
    """The server stops; the next start begins anew."""


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
    """Find topics now; nothing happens where this process does so already. Too few tickets, and what goes wrong,
    leave the reason in the state."""
    state, own = state_of(product), worker()
    free = TopicState.objects.filter(pk=state.pk).exclude(
        state=State.RUNNING, worker__startswith=PROCESS
    )
    if free.update(state=State.RUNNING, share=0.0, worker=own):
        state.worker = own
        _grow(product, state)
    return state_of(product)


def _grow(product: Product, state: TopicState) -> None:
    try:
        tickets = tickets_of(product, state.days)
        texts = [masked_words(ticket) for ticket in tickets]
        found = find_topics(texts, count=state.count, progress=lambda share: _go_on(state, share))
        _go_on(state, 0.95)
        keep(product, state, tickets, found)
    except TooFewTexts as few:
        _note(state, state=State.IDLE, problem=few.words.as_dict())
    except PutAside:
        _note(state, state=State.WAITING, worker="")
    except Cancelled:
        pass  # who cancelled has said so in the state
    except Exception:
        log.exception("topics of product %s", product.pk)
        _note(state, state=State.IDLE, problem=FAILED.as_dict())


def _go_on(state: TopicState, share: float) -> None:
    if stopping.is_set():
        raise PutAside
    if not _note(state, share=share):
        raise Cancelled


def _note(row: TopicState, /, **fields: object) -> bool:
    """Write where this worker still has the work; whether it has."""
    own = TopicState.objects.filter(pk=row.pk, worker=row.worker)
    return bool(own.update(**fields))


def left() -> list[TopicState]:
    """Growings on which nobody works any more."""
    rows = TopicState.objects.exclude(state=State.IDLE).select_related("product").defer("model")
    return [row for row in rows if is_left(row.worker)]


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
    written = _note(
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
    if not written:
        raise Cancelled
