"""A new ticket joins the topic nearest to it, by a model that is kept in memory as long as it is the newest."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.models import Topic, TopicState, TopicTicket
from userops.feedback.understanding.words_of import masked_words
from userops.text.storing import topics_from_bytes
from userops.text.topics import TopicModel

MOST_HELD = 8
"""Models of so many products stay in memory, those used last."""
_held: OrderedDict[int, tuple[datetime, TopicModel]] = OrderedDict()


def model_of(product: int) -> TopicModel | None:
    """The model of the last growing, read from the database once: asked is only when it was grown."""
    grown = TopicState.objects.filter(product=product).values_list("grown", flat=True).first()
    if grown is None:
        return None
    held = _held.get(product)
    if held is None or held[0] != grown:
        data = TopicState.objects.values_list("model", flat=True).get(product=product)
        if data is None:
            return None
        held = _held[product] = (grown, topics_from_bytes(bytes(data)))
    _held.move_to_end(product)
    while len(_held) > MOST_HELD:
        _held.popitem(last=False)
    return held[1]


def place_ticket(ticket: Ticket) -> TopicTicket | None:
    """Put a new ticket into the topic nearest to it."""
    model = model_of(ticket.product_id)
    if model is None:
        return None
    group, near = model.nearest([masked_words(ticket)])
    found = Topic.objects.filter(product=ticket.product_id, place=int(group[0]))
    topic = found.select_related("merged_into").first()
    if topic is None:
        return None
    values = {"topic": topic.merged_into or topic, "near": float(near[0]), "place": int(group[0])}
    return TopicTicket.objects.update_or_create(ticket=ticket, defaults=values)[0]
