"""Errands of what tickets say and of topics. Where no server runs, long work is done in this process."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.events.models import Product
from userops.events.store import Store
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.reading import numbered
from userops.feedback.topics import actions as topic_actions
from userops.feedback.topics.growing import State, grow
from userops.feedback.topics.telling import (
    growing_line,
    topic_line,
    topic_of,
    topic_whole,
    topics_line,
)
from userops.feedback.understanding import actions
from userops.feedback.understanding.batch import go_on
from userops.feedback.understanding.learning import learn_target
from userops.feedback.understanding.listing import understanding_of
from userops.feedback.understanding.models import BatchRun, Target
from userops.feedback.understanding.telling import reading_line, run_line, understanding_line
from userops.maintenance.alone import SHOWN, alone, done_here
from userops.workspace.setup import local_admin


def understanding(store: Store, *, product: str) -> dict[str, Any]:
    """How right the desk is."""
    return understanding_line(understanding_of(store.product(product)))


def learn(store: Store, *, product: str) -> dict[str, Any]:
    """Learn from all lessons: in the background of the server, else now."""
    found = store.product(product)
    actions.learn_again(found, acting_user=local_admin())
    if alone():
        for target in Target.values:
            learn_target(found, target)
    return understanding_line(understanding_of(found))


def reading(store: Store, *, product: str, ticket: int, again: bool = False) -> dict[str, Any]:
    """What was read in a ticket; `again`: read anew first. Raises `NotFound`."""
    row = numbered(store.product(product), ticket)
    if again:
        actions.read_now(row, acting_user=local_admin())
    return reading_line(row)


def correct(
    store: Store, *, product: str, ticket: int, category: str | None = None, **given: Any
) -> dict[str, Any]:
    """Correct or confirm what was read; `category` by its path or key. Raises `NotFound`, `Refused`."""
    home = store.product(product)
    row = numbered(home, ticket)
    key = _category(home, category) if category is not None else None
    actions.correct(row, category=key, **given, acting_user=local_admin())
    return reading_line(row)


def _category(product: Product, named: str) -> int:
    rows = Category.objects.filter(product=product)
    found = rows.filter(path=named).first()
    # one that is not there is refused by the action
    return found.pk if found else int(named) if named.isdecimal() and len(named) < 16 else 0


def read_period(
    store: Store, *, product: str, first: str | None = None, last: str | None = None
) -> dict[str, Any]:
    """Read the tickets of a period anew; answers the run to watch. Raises `Refused`."""
    days = [date.fromisoformat(each) if each else None for each in (first, last)]
    run = actions.start_batch(
        store.product(product), first=days[0], last=days[1], acting_user=local_admin()
    )
    if done_here(
        lambda: go_on(run, SHOWN.get()),
        lambda: actions.cancel_batch(run, acting_user=local_admin()),
    ):
        run.refresh_from_db()
    return run_line(run)


def run(store: Store, *, product: str, run: int | None = None, cancel: bool = False) -> Any:
    """One reading of tickets, or the newest; null where there is none. `cancel` stops it."""
    rows = BatchRun.objects.filter(product=store.product(product)).select_related("by", "product")
    found = rows.filter(pk=run).first() if run is not None else rows.first()
    if found is not None and cancel:
        found = actions.cancel_batch(found, acting_user=local_admin())
    return run_line(found) if found is not None else None


def topics(store: Store, *, product: str) -> dict[str, Any]:
    """All topics with their figures."""
    return topics_line(store.product(product))


def topic(store: Store, *, product: str, topic: int, limit: int = 100) -> dict[str, Any]:
    """One with its quotes and tickets. Raises `NotFound`."""
    return topic_whole(topic_of(store.product(product), topic), limit=limit)


def grow_topics(
    store: Store, *, product: str, days: int = 90, count: int | None = None
) -> dict[str, Any]:
    """Find topics anew; answers how far it is. Raises `Refused`."""
    found = store.product(product)
    topic_actions.grow_topics(found, days=days, count=count, acting_user=local_admin())
    done_here(
        lambda: grow(found), lambda: topic_actions.cancel_growing(found, acting_user=local_admin())
    )
    return growing_line(found)


def growing(store: Store, *, product: str, cancel: bool = False) -> dict[str, Any]:
    """How far the growing is; `cancel` stops it."""
    found = store.product(product)
    if cancel and growing_line(found)["state"] != State.IDLE:
        topic_actions.cancel_growing(found, acting_user=local_admin())
    return growing_line(found)


def change_topic(
    store: Store,
    *,
    product: str,
    topic: int,
    name: str | None = None,
    into: int | None = None,
    separate: bool = False,
    dismissed: bool | None = None,
) -> dict[str, Any]:
    """Rename, merge into another, separate, dismiss or restore. Raises `NotFound`, `Refused`."""
    home, user = store.product(product), local_admin()
    row = topic_of(home, topic)
    if name is not None:
        topic_actions.rename(row, name, acting_user=user)
    if dismissed is not None:
        topic_actions.dismiss(row, dismissed, acting_user=user)
    if separate:
        topic_actions.separate(row, acting_user=user)
    if into is not None:
        row = topic_actions.merge(row, topic_of(home, into), acting_user=user)
    return topic_line(row, None)
