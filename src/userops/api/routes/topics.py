"""Topics: what users talk about, how it moves, and what members make of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Pages
from userops.feedback.topics import actions
from userops.feedback.topics.models import Topic
from userops.feedback.topics.telling import (
    growing_line,
    topic_line,
    topic_of,
    topic_whole,
    topics_line,
)
from userops.workspace.roles import Permission

router = Router(tags=["topics"])


class GrowIn(RequestBody):
    days: int = Field(90, ge=1, le=10_000, description="Days looked at, 7 to 730")
    count: int | None = Field(
        None, ge=1, le=1_000, description="How many, 2 to 60; nothing lets the texts decide"
    )


class TopicIn(Changes):
    """What is given changes."""

    name: str | None = Field(None, max_length=1_000)
    dismissed: bool | None = None


class MergeIn(RequestBody):
    into: Key


class CategoryOfTopicIn(RequestBody):
    name: str = Field(max_length=1_000)
    parent: Key | None = None


def _topic(request: HttpRequest, product: str, key: int, permission: Permission) -> Topic:
    return topic_of(product_for(request, product, permission), key)


@router.get("/{slug:product}/topics", response=dict[str, Any])
def topics(request: HttpRequest, product: str) -> dict[str, Any]:
    """All topics with quality, trend, newness and burst, those with most tickets first."""
    return topics_line(product_for(request, product, Permission.HANDLE_TICKETS))


@router.get("/{slug:product}/topics/growing", response=dict[str, Any])
def growing(request: HttpRequest, product: str) -> dict[str, Any]:
    """How far the growing is, and what the last one found."""
    return growing_line(product_for(request, product, Permission.HANDLE_TICKETS))


@router.post("/{slug:product}/topics/growing", response=dict[str, Any])
def grow_topics(request: HttpRequest, product: str, body: GrowIn) -> dict[str, Any]:
    """Find topics anew, in the background."""
    found = product_for(request, product, Permission.MANAGE_DESK)
    actions.grow_topics(found, days=body.days, count=body.count, acting_user=caller(request).user)
    return growing_line(found)


@router.delete("/{slug:product}/topics/growing", response=dict[str, Any])
def cancel_growing(request: HttpRequest, product: str) -> dict[str, Any]:
    """Stop; the topics stay as they were."""
    found = product_for(request, product, Permission.MANAGE_DESK)
    actions.cancel_growing(found, acting_user=caller(request).user)
    return growing_line(found)


@router.get("/{slug:product}/topics/{topic}", response=dict[str, Any])
def topic(request: HttpRequest, product: str, topic: Key, paging: Pages) -> dict[str, Any]:
    """One topic with its quotes and its tickets, those nearest to its middle first."""
    found = _topic(request, product, topic, Permission.HANDLE_TICKETS)
    return topic_whole(found, limit=paging.limit, offset=paging.offset)


@router.patch("/{slug:product}/topics/{topic}", response=dict[str, Any])
def change_topic(request: HttpRequest, product: str, topic: Key, body: TopicIn) -> dict[str, Any]:
    """Give it a name of your own, dismiss it, or take that back."""
    found, user = _topic(request, product, topic, Permission.HANDLE_TICKETS), caller(request).user
    if body.name is not None:
        actions.rename(found, body.name, acting_user=user)
    if body.dismissed is not None:
        actions.dismiss(found, body.dismissed, acting_user=user)
    return topic_line(found, None)


@router.post("/{slug:product}/topics/{topic}/merge", response=dict[str, Any])
def merge_topic(request: HttpRequest, product: str, topic: Key, body: MergeIn) -> dict[str, Any]:
    """Its tickets are those of another from now on; `separate` undoes it."""
    found = _topic(request, product, topic, Permission.MANAGE_DESK)
    into = topic_of(found.product, body.into)
    return topic_whole(actions.merge(found, into, acting_user=caller(request).user))


@router.post("/{slug:product}/topics/{topic}/separate", response=dict[str, Any])
def separate_topic(request: HttpRequest, product: str, topic: Key) -> dict[str, Any]:
    """A merged topic stands for itself again."""
    found = _topic(request, product, topic, Permission.MANAGE_DESK)
    return topic_whole(actions.separate(found, acting_user=caller(request).user))


@router.post("/{slug:product}/topics/{topic}/category", response=dict[str, Any])
def accept_topic(
    request: HttpRequest, product: str, topic: Key, body: CategoryOfTopicIn
) -> dict[str, Any]:
    """Make it a category: its words become keywords, its nearest unsorted tickets the first lessons."""
    found = _topic(request, product, topic, Permission.MANAGE_DESK)
    made = actions.accept(
        found, name=body.name, parent=body.parent, acting_user=caller(request).user
    )
    return {"category": made.path, "category_id": made.pk}
