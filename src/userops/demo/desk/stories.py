"""What becomes of each ticket of the demo company, drawn from one seed: when it is answered, asked back, solved, opened
again, rated. Work goes on from nine to nine, at weekends too.

Planted: those hit by the bad release complain; a burst about a coupon; one team is late; who waited long rates low.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from userops.demo.desk.words import BURST_TEXTS, BURST_TOPIC, SUPPORT, TECH, TOPICS, Topic

LATE_FACTOR = 4.0
"""The late team takes so many times as long."""
LATE_TEAM = TECH
REOPENED, LATE_REOPENED = 0.05, 0.16
RATED = 0.45
ASKED_BACK = 0.15
OPENS, CLOSES = 9, 21
STILL_OPEN_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a user wrote, and where."""

    uid: int
    at: datetime
    text: str
    topic: str
    rating: int
    platform: str
    app_version: str
    burst: bool = False

    @property
    def about(self) -> Topic:
        return BURST_TOPIC if self.burst else TOPICS[self.topic]


@dataclass(frozen=True, slots=True)
class Step:
    """`what`: answer, ask, write (the user), solve, again (the user; it is open again), close."""

    at: datetime
    what: str


@dataclass
class Story:
    said: Said
    channel: str
    severity: str
    complaint: bool
    steps: list[Step] = field(default_factory=list)
    score: int | None = None
    score_at: datetime | None = None

    @property
    def solves(self) -> list[Step]:
        return [each for each in self.steps if each.what == "solve"]


def stories(said: Iterable[Said], seed: int, zone: ZoneInfo, now: datetime) -> list[Story]:
    """One for each; nothing is told of what lies after `now`."""
    rng = np.random.default_rng([seed, 20261126])
    return [_story(each, rng, zone, now) for each in said]


def _story(said: Said, rng: np.random.Generator, zone: ZoneInfo, now: datetime) -> Story:
    topic = said.about
    late = topic.team == LATE_TEAM
    angry = said.rating <= 1 and topic.severity == "high"
    urgent = angry and rng.random() < 0.12
    story = Story(
        said,
        channel=str(rng.choice(["widget", "form", "mail", "wecom"], p=[0.6, 0.2, 0.12, 0.08])),
        severity="urgent" if urgent else topic.severity,
        complaint=bool(angry and rng.random() < 0.5),
    )
    slow = LATE_FACTOR if late else 1.0
    quick = 0.4 if urgent else 1.0
    answered = _working(
        said.at, rng.lognormal(np.log(1.2), 0.7) * (slow if late else 1) * quick, zone
    )
    story.steps.append(Step(answered, "answer"))
    at = answered
    if rng.random() < ASKED_BACK:
        asked = _working(at, rng.exponential(0.7) + 0.1, zone)
        wrote = asked + timedelta(hours=float(rng.exponential(14)) + 0.3)
        story.steps += [Step(asked, "ask"), Step(wrote, "write")]
        at = wrote
    solved = _working(at, rng.lognormal(np.log(topic.hours), 0.6) * slow * quick, zone)
    story.steps.append(Step(solved, "solve"))
    if rng.random() < (LATE_REOPENED if late else REOPENED):
        again = solved + timedelta(hours=float(rng.uniform(3, 120)))
        solved = _working(again, rng.lognormal(np.log(topic.hours), 0.5) * slow, zone)
        story.steps += [Step(again, "again"), Step(solved, "solve")]
    story.steps.append(Step(solved + timedelta(days=7), "close"))
    story.steps = [each for each in story.steps if each.at <= now]
    _rate(story, rng, late, now)
    return story


def _rate(story: Story, rng: np.random.Generator, late: bool, now: datetime) -> None:
    """Who waited long, and who had to write again, rates low."""
    chance, noise, hours = rng.random(), rng.normal(0, 0.8), float(rng.exponential(9)) + 0.2
    if not story.solves or chance > RATED:
        return
    again = any(each.what == "again" for each in story.steps)
    at = story.solves[-1].at + timedelta(hours=hours)
    if at <= now:
        mean = 4.5 - (1.6 if late else 0) - (0.8 if again else 0)
        story.score, story.score_at = int(np.clip(np.rint(mean + noise), 1, 5)), at


def _working(start: datetime, hours: float, zone: ZoneInfo) -> datetime:
    """So many hours of work later."""
    local = start.astimezone(zone)
    left = timedelta(hours=float(hours))
    while True:
        opens, closes = (
            local.replace(hour=h, minute=0, second=0, microsecond=0) for h in (OPENS, CLOSES)
        )
        local = max(local, opens)
        if local < closes and left <= closes - local:
            return (local + left).astimezone(UTC)
        left -= max(closes - local, timedelta())
        local = opens + timedelta(days=1)


def burst(
    uids: list[tuple[int, datetime, str, str]], seed: int, first: datetime, count: int
) -> list[Said]:
    """Tickets of newcomers about a coupon, within two days."""
    rng = np.random.default_rng([seed, 20261127])
    chosen = rng.permutation(len(uids))[:count]
    found = []
    for at in chosen.tolist():
        uid, came, platform, version = uids[at]
        moment = max(came, first) + timedelta(hours=float(rng.exponential(5)) + 0.1)
        found.append(
            Said(
                uid,
                moment,
                str(rng.choice(BURST_TEXTS)),
                "优惠券",
                1,
                platform,
                version,
                burst=True,
            )
        )
    return found


__all__ = ["LATE_TEAM", "SUPPORT", "Said", "Step", "Story", "burst", "stories"]
