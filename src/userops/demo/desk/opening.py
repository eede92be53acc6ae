"""Opens the desk of the demo company, and writes down what was planted in it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from userops.demo.desk.crew import hire
from userops.demo.desk.promising import promise
from userops.demo.desk.stories import LATE_TEAM, Said, Story, burst, stories
from userops.demo.desk.words import BURST_TOPIC, TEAMS, TOPICS
from userops.demo.desk.writing import ids_of, write_desk
from userops.demo.load import TRUTH_FILE, DemoOrder, write_json
from userops.demo.plan import DAY_MS, Plan, make_plan
from userops.demo.world import CHANNELS, DOUYIN, TIME_ZONE
from userops.events.models import Product
from userops.events.store import Store
from userops.feedback.tickets.models import Ticket
from userops.workspace.models import User

BURST_SHARE = 0.35
"""Of the newcomers of the day of the burst so many write."""


def open_desk(store: Store, product: Product, order: DemoOrder, owner: User, language: str) -> None:
    """Write the tickets, unless the product has any already."""
    if Ticket.objects.filter(product=product).exists():
        return
    plan = make_plan(date.fromisoformat(order.end), order.days)
    said = [*_feedback(store, product), *_burst(store, product, plan, order.seed)]
    now = min(datetime.now(UTC), _moment(plan.end_ms))
    told = stories((each for each in said if each.at < now), order.seed, ZoneInfo(TIME_ZONE), now)
    names = ids_of(product, (each.said.uid for each in told))
    write_desk(product, told, names, hire(product, owner, language), language)
    promise(product, owner, language)
    path = store.config.data / TRUTH_FILE
    if path.exists():
        write_json(
            path,
            {**json.loads(path.read_text(encoding="utf-8")), "desk": truth(told, plan, language)},
        )


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _feedback(store: Store, product: Product) -> list[Said]:
    rows = store.engine.rows(_sql("said"), {"product": product.pk})
    return [
        Said(uid, _moment(at), text, topic, rating, platform, version)
        for uid, at, platform, version, topic, rating, text in rows
        if topic in TOPICS
    ]


def _burst(store: Store, product: Product, plan: Plan, seed: int) -> list[Said]:
    first = plan.start_ms + plan.burst_day * DAY_MS
    days = {
        "product": product.pk,
        "channel": CHANNELS[DOUYIN].name,
        "first": first,
        "after": first + DAY_MS,
    }
    came = [
        (uid, _moment(at), platform, version)
        for uid, at, platform, version in store.engine.rows(_sql("arrived"), days)
    ]
    return burst(came, seed, _moment(first), round(BURST_SHARE * len(came)))


def truth(told: list[Story], plan: Plan, language: str) -> dict[str, Any]:
    """What was planted and how large it happened to be, counted from the stories themselves."""
    first = _moment(plan.start_ms + plan.burst_day * DAY_MS).astimezone(ZoneInfo(TIME_ZONE)).date()
    crashed = [each for each in told if each.said.topic == "闪退"]
    hit = [
        each
        for each in crashed
        if each.said.app_version == "3.2.0" and each.said.platform == "Android"
    ]
    teams = Counter(each.said.about.team for each in told)
    return {
        "tickets": len(told),
        "solved": sum(bool(each.solves) for each in told),
        "rated": sum(each.score is not None for each in told),
        "burst": {
            "category": BURST_TOPIC.category.text(language),
            "date": first.isoformat(),
            "tickets": sum(each.said.burst for each in told),
        },
        "release": {
            "category": TOPICS["闪退"].category.text(language),
            "tickets": len(crashed),
            "of_the_bad_release": len(hit),
        },
        "late_team": {
            "team": TEAMS[LATE_TEAM].text(language),
            "tickets": teams[LATE_TEAM],
            "median_hours": _median(told, LATE_TEAM, late=True),
            "others_median_hours": _median(told, LATE_TEAM, late=False),
        },
    }


def _median(told: list[Story], team: str, *, late: bool) -> float | None:
    """Hours from the first words to the last solution."""
    hours = [
        (each.solves[-1].at - each.said.at).total_seconds() / 3600
        for each in told
        if each.solves and (each.said.about.team == team) == late
    ]
    return round(float(np.median(hours)), 2) if hours else None
