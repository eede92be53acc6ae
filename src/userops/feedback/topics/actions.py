"""Writes: growing topics, naming them, accepting them as categories."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from userops.errors import Refused
from userops.events.models import Product
from userops.evidence.linking import Thing, link
from userops.feedback.sorting.actions import create_category
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.actions import Change, change_ticket
from userops.feedback.topics import tasks
from userops.feedback.topics.growing import State, state_of
from userops.feedback.topics.models import Topic, TopicState, shown_topics
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

DAYS = range(7, 731)
COUNTS = range(2, 61)
SEEDS = 20
"""So many of its nearest tickets are sorted into the category that a topic becomes."""
KEYWORDS = 8


def grow_topics(
    product: Product, *, days: int = 90, count: int | None = None, acting_user: User
) -> TopicState:
    """Find topics anew in the background. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    if days not in DAYS or (count is not None and count not in COUNTS):
        raise Refused(
            Words(
                f"天数应为 {DAYS[0]} 到 {DAYS[-1]}，话题数应为 {COUNTS[0]} 到 {COUNTS[-1]}。",
                f"Days are {DAYS[0]} to {DAYS[-1]}, topics {COUNTS[0]} to {COUNTS[-1]}.",
            ),
            code="topics_range_invalid",
        )
    state = state_of(product)
    if state.going_on:
        raise Refused(
            Words("正在发现话题。", "Topics are being found already."), code="topics_running"
        )
    state.days, state.count, state.state, state.worker = days, count, State.WAITING, ""
    state.share = 0.0
    state.save(update_fields=["days", "count", "state", "worker", "share"])
    note(acting_user, "topics.grown", product=product, days=days, count=count)
    transaction.on_commit(lambda: tasks.grow_topics_of(product.pk) and None)
    return state


def cancel_growing(product: Product, *, acting_user: User) -> None:
    """The topics stay as they were."""
    check(acting_user, product, Permission.MANAGE_DESK)
    TopicState.objects.filter(product=product).update(state=State.IDLE, worker="")
    note(acting_user, "topics.cancelled", product=product)


def rename(topic: Topic, name: str, *, acting_user: User) -> Topic:
    """A name of one's own stays, whatever later growings find. Raises `Refused`."""
    check(acting_user, topic.product, Permission.HANDLE_TICKETS)
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused(Words("请填写名称。", "Give it a name."), code="topic_name_empty")
    note(acting_user, "topic.renamed", product=topic.product, target=name, before=topic.name)
    topic.name, topic.named_by = name, acting_user
    topic.save(update_fields=["name", "named_by"])
    return topic


@transaction.atomic
def merge(topic: Topic, into: Topic, *, acting_user: User) -> Topic:
    """The tickets of one topic are those of another from now on, also after later growings. `separate` undoes it.
    Raises `Refused`."""
    check(acting_user, topic.product, Permission.MANAGE_DESK)
    shown = {each.pk for each in shown_topics(topic.product)}
    if topic.pk == into.pk or not {topic.pk, into.pk} <= shown:
        raise Refused(
            Words(
                "只能把一个话题并入另一个正在显示的话题。",
                "A topic is merged into another one; both must be shown.",
            ),
            code="topic_not_merged",
        )
    topic.members.filter(place=None).update(place=topic.place)
    topic.members.update(topic=into)
    topic.parts.update(merged_into=into)
    topic.merged_into = into
    topic.save(update_fields=["merged_into"])
    note(acting_user, "topic.merged", product=topic.product, target=into.name, before=topic.name)
    return into


@transaction.atomic
def separate(topic: Topic, *, acting_user: User) -> Topic:
    """A merged topic stands for itself again, with the tickets that the model puts there. Raises `Refused`."""
    check(acting_user, topic.product, Permission.MANAGE_DESK)
    if topic.merged_into is None:
        raise Refused(
            Words("这个话题没有并入其他话题。", "This topic is not merged."),
            code="topic_not_merged",
        )
    if topic.place is not None:
        topic.merged_into.members.filter(place=topic.place).update(topic=topic)
    topic.merged_into = None
    topic.save(update_fields=["merged_into"])
    note(acting_user, "topic.separated", product=topic.product, target=topic.name)
    return topic


def dismiss(topic: Topic, dismissed: bool = True, *, acting_user: User) -> Topic:
    """It is no topic: neither listed nor alarmed any more, also after later growings; or it is one after all."""
    check(acting_user, topic.product, Permission.MANAGE_DESK)
    topic.dismissed = datetime.now(UTC) if dismissed else None
    topic.save(update_fields=["dismissed"])
    done = "topic.dismissed" if dismissed else "topic.restored"
    note(acting_user, done, product=topic.product, target=topic.name)
    return topic


@transaction.atomic
def accept(topic: Topic, *, name: str, parent: int | None = None, acting_user: User) -> Category:
    """Make it a category: its words become keywords, and its nearest unsorted tickets the first lessons.
    Raises `Refused`."""
    if topic.category_id is not None:
        raise Refused(
            Words("这个话题已经是一个分类。", "This topic is a category already."),
            code="topic_accepted",
        )
    category = create_category(
        topic.product,
        name=name,
        parent=parent,
        keywords=topic.terms[:KEYWORDS],
        acting_user=acting_user,
    )
    nearest = topic.members.select_related("ticket__product").order_by("-near", "pk")
    for member in nearest.filter(ticket__category=None)[:SEEDS]:
        change_ticket(member.ticket, Change(category=category.pk), acting_user=acting_user)
    topic.category = category
    topic.save(update_fields=["category"])
    source, target = Thing("category", str(category.pk)), Thing("topic", str(topic.pk))
    link(topic.product, source, target, "grew_from", by=acting_user)
    note(acting_user, "topic.accepted", product=topic.product, target=category.path)
    return category
