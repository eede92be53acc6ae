"""Topics as programs read them: by the API, the command line and Python."""

from __future__ import annotations

from typing import Any

from userops.errors import NotFound
from userops.events.models import Product
from userops.feedback.hints import CHECK_KEY
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.growing import state_of
from userops.feedback.topics.models import Topic
from userops.feedback.topics.moving import BEFORE, Moving, moving_topics
from userops.feedback.understanding.words_of import masked_line
from userops.text.personal_data import mask
from userops.words import Words

_LONGEST = 400


def topic_of(product: Product, key: int) -> Topic:
    """Raises `NotFound`."""
    rows = Topic.objects.filter(product=product, pk=key)
    found = rows.select_related("category", "merged_into", "named_by").first()
    if found is None:
        raise NotFound(
            Words("没有这个话题。", "There is no such topic."),
            code="topic_not_found",
            hint=CHECK_KEY,
        )
    return found


def topics_line(product: Product) -> dict[str, Any]:
    """All that are shown, those with most tickets first, and how they were grown."""
    shown = [topic_line(each.topic, each) for each in moving_topics(product)]
    aside = Topic.objects.filter(product=product, place__isnull=False)
    return {
        "growing": growing_line(product),
        "items": shown,
        "merged": [{"id": each.pk, "name": each.name, "into": each.merged_into_id}
                   for each in aside.exclude(merged_into=None)],
        "dismissed": [{"id": each.pk, "name": each.name} for each in aside.exclude(dismissed=None)],
    }  # fmt: skip


def growing_line(product: Product) -> dict[str, Any]:
    """`state` is `stopped` where a server was killed amid the work: the next start begins anew."""
    state = state_of(product)
    return {
        "state": "stopped" if state.dead else state.state,
        "share": state.share,
        "days": state.days,
        "count": state.count,
        "grown": state.grown,
        "tickets": state.tickets,
        "unclear": state.unclear,
        "stability": state.stability,
        "problem": state.problem,
    }


def topic_line(topic: Topic, moving: Moving | None) -> dict[str, Any]:
    """`trend`: tickets by day, today last. What a topic that is not shown has no figures for is null."""
    return {
        "id": topic.pk,
        "name": topic.name,
        "named_by": topic.named_by.email if topic.named_by else None,
        "terms": topic.terms,
        "category": topic.category.path if topic.category else None,
        "merged_into": topic.merged_into_id,
        "dismissed": topic.dismissed,
        "found": topic.found,
        "stability": topic.stability,
        "coherence": topic.coherence,
        **_figures(moving),
    }


def _figures(moving: Moving | None) -> dict[str, Any]:
    if moving is None:
        names = ("tickets", "negative", "users", "trend", "is_new", "burst")
        return dict.fromkeys(names)
    return {
        "tickets": moving.tickets,
        "negative": moving.negative,
        "users": moving.users,
        "trend": list(moving.days),
        "is_new": moving.is_new,
        "burst": {
            "now": moving.burst.now,
            "expected": moving.burst.expected,
            "days_before": BEFORE,
            "chance": moving.burst.chance,
            "alarm": moving.bursts,
        },
    }


def topic_whole(topic: Topic, *, limit: int = 100, offset: int = 0) -> dict[str, Any]:
    """With its quotes, personal data masked, and its tickets, those nearest to its middle first."""
    moving = next((each for each in moving_topics(topic.product) if each.topic == topic), None)
    quotes = {each.pk: each for each in Ticket.objects.filter(pk__in=topic.quotes)}
    members = topic.members.select_related("ticket__category").order_by("-near", "pk")
    return topic_line(topic, moving) | {
        "quotes": [
            {"ticket": quotes[key].number, "text": mask(quotes[key].text)[:_LONGEST]}
            for key in topic.quotes
            if key in quotes
        ],
        "total": members.count(),
        "members": [
            {
                "ticket": each.ticket.number,
                "subject": masked_line(each.ticket),
                "status": each.ticket.status,
                "sentiment": each.ticket.sentiment,
                "category": each.ticket.category.path if each.ticket.category else None,
                "opened": each.ticket.opened,
                "near": each.near,
            }
            for each in members[offset : offset + limit]
        ],
    }
