"""Topics that burst or grow and stand behind no pain point yet."""

from __future__ import annotations

from dataclasses import dataclass

from userops.events.models import Product
from userops.experience.pain_points.models import PainPoint
from userops.feedback.topics.models import Topic
from userops.feedback.topics.moving import moving_topics
from userops.stats.bursts import burst
from userops.stats.multiplicity import benjamini_hochberg

PERIOD = 14
PERIODS = 3
"""The last 14 days against the three times 14 days before."""
ALPHA, LEAST, MOST = 0.05, 5, 5


@dataclass(frozen=True, slots=True)
class Suggested:
    """`now`: tickets of the last 14 days; `expected`: of 14 days before. `bursts`: in the last 24 hours."""

    topic: Topic
    tickets: int
    now: int
    expected: float
    q: float
    bursts: bool


def suggested(product: Product) -> list[Suggested]:
    """The most surprising first. q is over all topics (Benjamini & Hochberg)."""
    taken = set(
        PainPoint.objects.filter(product=product, topic__isnull=False).values_list(
            "topic", flat=True
        )
    )
    moving = [each for each in moving_topics(product) if each.topic.pk not in taken]
    grown = [
        burst(
            sum(each.days[-PERIOD:]),
            sum(each.days[-PERIOD * (PERIODS + 1) : -PERIOD]),
            PERIODS,
        )
        for each in moving
    ]
    q_values = benjamini_hochberg([each.chance for each in grown])
    found = [
        Suggested(each.topic, each.tickets, growth.now, growth.expected, q, each.bursts)
        for each, growth, q in zip(moving, grown, q_values, strict=True)
        if each.bursts or (q < ALPHA and growth.now >= LEAST and growth.now > growth.expected)
    ]
    return sorted(found, key=lambda each: (not each.bursts, each.q))[:MOST]
