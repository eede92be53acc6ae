"""How topics move: tickets by day, what is new, what bursts; members are told of a burst once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Min, Q
from django.urls import reverse

from userops.events.models import Product
from userops.feedback.topics.models import Topic, TopicTicket, shown_topics
from userops.notices.models import Notice
from userops.notices.telling import Message, tell
from userops.stats.bursts import Burst, burst
from userops.words import Words
from userops.workspace.access import members_with
from userops.workspace.roles import Permission

BEFORE = 28
"""Days that the last 24 hours are compared with."""
ALARM = 0.001
"""A burst is an alarm when it has a smaller chance than this …"""
LEAST = 5
"""… and at least so many tickets."""
QUIET = 7
"""So many days a topic that bursts is not told again: it is the same burst, also after midnight."""
NEW = timedelta(days=14)
"""So long a topic is new; those of the first growing are not, since all were unknown before it."""
DAYS = 60


@dataclass(frozen=True, slots=True)
class Moving:
    """A topic with its tickets by day, oldest first, and what is to be said of it."""

    topic: Topic
    tickets: int
    negative: int
    users: int
    days: tuple[int, ...]
    burst: Burst
    is_new: bool

    @property
    def bursts(self) -> bool:
        return self.burst.chance < ALARM and self.burst.now >= LEAST


def moving_topics(product: Product, now: datetime | None = None) -> list[Moving]:
    """The topics of the last growing, those with most tickets first."""
    now = now or datetime.now(UTC)
    topics = shown_topics(product).select_related("category")
    counted = topics.annotate(
        tickets_in=Count("members"),
        negative=Count("members", filter=Q(members__ticket__sentiment="negative")),
        nearness=Avg("members__near"),
    )
    opened = _opened(product, now - timedelta(days=DAYS + 1))
    speakers = _speakers(product)
    known = _known_since(product, now)
    found = [
        Moving(
            topic=topic,
            tickets=topic.tickets_in,
            negative=topic.negative,
            users=speakers.get(topic.pk, 0),
            days=_by_day(opened.get(topic.pk, []), product, now),
            burst=_burst(opened.get(topic.pk, []), now),
            is_new=topic.found > known,
        )
        for topic in counted
    ]
    return sorted(found, key=lambda each: (-each.tickets, each.topic.pk))


def _known_since(product: Product, now: datetime) -> datetime:
    """What was found after this is new."""
    first = Topic.objects.filter(product=product).aggregate(first=Min("found"))["first"]
    return max(now - NEW, first or now)


def _opened(product: Product, since: datetime) -> dict[int, list[datetime]]:
    rows = TopicTicket.objects.filter(topic__product=product, ticket__opened__gte=since)
    found: dict[int, list[datetime]] = {}
    for topic, opened in rows.values_list("topic", "ticket__opened"):
        found.setdefault(topic, []).append(opened)
    return found


def _speakers(product: Product) -> dict[int, int]:
    """Distinct users of each topic; a ticket of which nobody knows the user counts as one."""
    rows = TopicTicket.objects.filter(topic__product=product).values_list(
        "topic", "ticket", "ticket__person", "ticket__distinct_id", "ticket__email", "ticket__phone"
    )
    found: dict[int, set[object]] = {}
    for topic, ticket, *who in rows:
        found.setdefault(topic, set()).add(next((each for each in who if each), ("ticket", ticket)))
    return {topic: len(speakers) for topic, speakers in found.items()}


def _by_day(opened: Sequence[datetime], product: Product, now: datetime) -> tuple[int, ...]:
    zone = ZoneInfo(product.timezone)
    today = now.astimezone(zone).date()
    counts: Counter[date] = Counter(each.astimezone(zone).date() for each in opened)
    return tuple(counts[today - timedelta(days=ago)] for ago in range(DAYS - 1, -1, -1))


def _burst(opened: Sequence[datetime], now: datetime) -> Burst:
    day = timedelta(days=1)
    recent = sum(now - day < each <= now for each in opened)
    before = sum(now - (BEFORE + 1) * day < each <= now - day for each in opened)
    return burst(recent, before, BEFORE)


def tell_bursts(product: Product, now: datetime | None = None) -> list[Moving]:
    """Tell those who handle tickets, also by mail, of each topic that bursts; once in `QUIET` days for each topic."""
    now = now or datetime.now(UTC)
    day = now.astimezone(ZoneInfo(product.timezone)).date()
    bursting = [each for each in moving_topics(product, now) if each.bursts]
    fresh = [each for each in bursting if not _is_told(each.topic, day)]
    if fresh:
        members = members_with(Permission.HANDLE_TICKETS, product)
        for each in fresh:
            tell(product, _message(product, each, day), members=members, mail=True)
    return bursting


def _is_told(topic: Topic, day: date) -> bool:
    keys = [_key(topic, day - timedelta(days=ago)) for ago in range(QUIET)]
    return Notice.objects.filter(product=topic.product_id, key__in=keys).exists()


def _key(topic: Topic, day: date) -> str:
    return f"topic-burst:{topic.pk}:{day.isoformat()}"


def _message(product: Product, each: Moving, day: date) -> Message:
    count, usual = each.burst.now, each.burst.expected
    return Message(
        key=_key(each.topic, day),
        title=Words(f"话题激增：{each.topic.name}", f"A topic bursts: {each.topic.name}"),
        body=Words(
            f"最近 24 小时 {count} 张工单，此前 {BEFORE} 天平均每天 {usual:.1f} 张；"
            f"偶然发生的概率为 {each.burst.chance:.2g}。",
            f"{count} tickets in the last 24 hours against {usual:.1f} a day over the {BEFORE} days before; "
            f"the chance of that is {each.burst.chance:.2g}.",
        ),
        link=reverse("topics:one", args=[product.slug, each.topic.pk]),
        tone="bad",
    )
