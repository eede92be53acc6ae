"""When people come: one row per visit (session), as parallel arrays sorted by person and time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from userops.demo.people import (
    OLD_HALF_LIFE_DAYS,
    OLD_RATE,
    Bools,
    Floats,
    Generator,
    Ints,
    People,
    draw,
    retention_curve,
)
from userops.demo.plan import DAY_MS, HOUR_MS, Plan
from userops.demo.world import CHANNELS, PERSONAS

APART_MS = 75 * 60_000
"""Between the starts of two visits of one person; a visit lasts at most `LONGEST_MS`."""
LONGEST_MS = 40 * 60_000
MOST_LIKELY = 0.97
_LEISURE = np.array([3, 1, 0, 0, 0, 0, 1, 2, 4, 8, 11, 9, 7, 7, 9, 10, 9, 7, 7, 10, 14, 15, 11, 6])


@dataclass(frozen=True)
class Visits:
    """All arrays have one element per visit."""

    person: Ints
    day: Ints
    start: Ints
    """UTC milliseconds."""
    number: Ints
    """1 for the first visit of the person inside the window."""
    known: Bools
    """The person is logged in during (a part of) the visit."""
    wall: Bools
    """The person signs up or logs in late in the visit; before, the device's id is sent."""
    signs_up: Bools
    release: Ints
    """Index of `Plan.releases`."""
    from_advert: Bools
    """The visit came by an advertisement or a campaign link of the person's channel."""

    @property
    def size(self) -> int:
        return int(self.person.size)


def make_visits(rng: Generator, plan: Plan, people: People) -> Visits:
    """Draw active days, then visits, then their times, then who is known and what app runs."""
    active = rng.random((people.size, plan.days), dtype=np.float32) < _chances(rng, plan, people)
    person, day = (part.astype(np.int64) for part in np.nonzero(active))
    more = rng.poisson(0.10 * people.depth[person] + 0.05)
    count = np.where(people.is_bot[person], 6, 1 + np.minimum(more, 3))
    person, day = np.repeat(person, count), np.repeat(day, count)
    start = _starts(rng, plan, people, person, day)
    order = np.lexsort((start, person))
    person, start = person[order], _spread(start[order], person[order])
    inside = start < plan.end_ms
    person, start = person[inside], start[inside]
    day = (start - plan.start_ms) // DAY_MS
    number = _numbered(person)
    signs_up = number == np.maximum(people.sign_up_visit[person], 1)
    signs_up &= people.is_new[person]
    switch = _first_on_new_device(people, person, day)
    return Visits(
        person=person,
        day=day,
        start=start,
        number=number,
        known=number >= people.sign_up_visit[person],
        wall=(signs_up & (people.sign_up_visit[person] > 0)) | switch,
        signs_up=signs_up,
        release=_releases(rng, plan, people, person, day),
        from_advert=((number == 1) & people.is_new[person]) | (rng.random(person.size) < 0.08),
    )


def levelled_curve(people: People, days: int) -> Floats:
    """`retention_curve` scaled so that the mean chance over the new people of each channel is the
    planned one, although loyalties differ and no chance exceeds `MOST_LIKELY`."""
    planned = retention_curve(days)
    scaled = planned.copy()
    for channel in range(len(CHANNELS)):
        loyalty = people.loyalty[people.is_new & (people.channel == channel)]
        if not loyalty.size:
            continue
        for age in range(1, days):
            scale = planned[channel, age] / loyalty.mean()
            for _ in range(6):
                mean = np.minimum(scale * loyalty, MOST_LIKELY).mean()
                scale *= planned[channel, age] / mean
            scaled[channel, age] = scale
    return scaled


def _chances(rng: Generator, plan: Plan, people: People) -> Floats:
    """Chance of each person (row) to come on each day (column)."""
    day = np.arange(plan.days)
    factor = _day_factors(rng, plan)
    curve = np.concatenate(
        [levelled_curve(people, plan.days), np.zeros((len(CHANNELS), 1))], axis=1
    )
    age = day[None, :] - people.join_day[:, None]
    chance = (
        curve[people.channel[:, None], np.clip(age, -1, plan.days - 1)] * people.loyalty[:, None]
    )
    old = people.join_day < 0
    mean = people.loyalty[old].mean() if old.any() else 1.0
    fading = np.exp2(-day / OLD_HALF_LIFE_DAYS)
    chance[old] = OLD_RATE / mean * people.loyalty[old, None] * fading[None, :]
    chance *= factor[people.persona]
    np.minimum(chance, MOST_LIKELY, out=chance)
    chance[people.is_new[:, None] & (age == 0)] = 1.0
    chance[people.is_bot] = 1.0
    chance[people.is_test] = 0.9
    return np.asarray(chance)


def _day_factors(rng: Generator, plan: Plan) -> Floats:
    """Rhythm of each persona (row) by day (column), of mean 1. Holidays lie above it."""
    weekend = np.array([persona.weekend for persona in PERSONAS])
    factor = np.where(plan.day_off[None, :], weekend[:, None], 1.0)
    factor /= factor.mean(axis=1, keepdims=True)
    factor *= np.where(plan.in_holiday, plan.effects.holiday_activity, 1.0)[None, :]
    return np.asarray(factor * np.exp(rng.normal(0.0, 0.02, plan.days))[None, :])


def _starts(rng: Generator, plan: Plan, people: People, person: Ints, day: Ints) -> Ints:
    """Local hour by persona, softened towards leisure hours on days off; even for bots."""
    own = np.array([persona.hours for persona in PERSONAS], dtype=float)
    own /= own.sum(axis=1, keepdims=True)
    off = 0.7 * own + 0.3 * _LEISURE / _LEISURE.sum()
    weights = np.concatenate([own, off, np.full((1, 24), 1 / 24)])
    row = people.persona[person] + len(PERSONAS) * plan.day_off[day]
    hour = draw(rng, weights, np.where(people.is_bot[person], 2 * len(PERSONAS), row))
    within = (rng.random(person.size) * HOUR_MS).astype(np.int64)
    return plan.start_ms + day * DAY_MS + hour * HOUR_MS + within


def _spread(start: Ints, person: Ints) -> Ints:
    """Push visits of one person at least `APART_MS` apart, keeping their order (sorted input)."""
    shift = _numbered(person) * APART_MS
    block = person * np.int64(10**13)  # wider than any time stamp, so that persons never mix
    return np.maximum.accumulate(start - shift + block) + shift - block


def _numbered(person: Ints) -> Ints:
    """1, 2, 3 … within each person (sorted input)."""
    first = np.searchsorted(person, person, side="left")
    return np.arange(person.size) - first + 1


def _first_on_new_device(people: People, person: Ints, day: Ints) -> Bools:
    after = (people.new_device_day[person] >= 0) & (day >= people.new_device_day[person])
    before = np.concatenate([[False], after[:-1] & (person[1:] == person[:-1])])
    return np.asarray(after & ~before)


def _releases(rng: Generator, plan: Plan, people: People, person: Ints, day: Ints) -> Ints:
    """The newest release of the platform that has reached the person by that day."""
    installed = np.zeros(person.size, dtype=np.int64)
    for index, release in enumerate(plan.releases):
        staged = rng.random(people.size) * release.staged_days
        ready = release.day + staged + release.lag_days * people.update_patience
        # who joins after a release installs the newest one from the shop
        ready = np.where(people.join_day >= release.day + release.staged_days, release.day, ready)
        has = (people.platform[person] == release.platform) & (day >= ready[person])
        installed[has] = index
    return installed
