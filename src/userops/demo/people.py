"""Who uses the demo company: one row per person, as parallel arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from userops.demo.plan import Plan
from userops.demo.world import (
    CHANNELS,
    DEVICES,
    DOUYIN,
    PERSONAS,
    PLACES,
    PLATFORMS,
    REFERRAL,
    SYSTEM_VERSIONS,
)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Generator = np.random.Generator

NEVER = 10_000
"""`sign_up_visit` of a person who stays anonymous."""
EVENTS_PER_ACTIVE_DAY = 6.42
BOT_EVENTS_PER_DAY = 63
OLD_RATE = 0.15
OLD_HALF_LIFE_DAYS = 95.0
OLD_PER_NEW = 68
"""Members of before the window for each new user of a day."""


@dataclass(frozen=True)
class People:
    """All arrays have one element per person; a person is named by the index.

    The order is: members from before the window, new users by day, bots.
    """

    persona: Ints
    """Index of `PERSONAS`; −1 for a bot."""
    channel: Ints
    platform: Ints
    place: Ints
    age: Ints
    female: Bools
    device: Ints
    system_version: Ints
    join_day: Ints
    """Day of the first visit; negative for members from before the window."""
    loyalty: Floats
    depth: Floats
    sign_up_visit: Ints
    """0: known from the first visit on; k: signs up in the k-th visit; `NEVER`."""
    new_device_day: Ints
    """From this day on a second device, first used before logging in; −1 for none."""
    variant: Ints
    """Arm of the planted experiment: 0 = A, 1 = B."""
    update_patience: Floats
    """Mean 1; multiplies the days until an app update arrives."""
    is_bot: Bools
    is_test: Bools
    number: Ints
    """Eight random digits, distinct: the ids are made of it."""

    @property
    def size(self) -> int:
        return int(self.persona.size)

    @property
    def is_new(self) -> Bools:
        """First seen inside the window, bots left out."""
        return (self.join_day >= 0) & ~self.is_bot


def make_people(rng: Generator, plan: Plan, events: int) -> People:
    """As many people as `events` events need."""
    bots = max(1, round(events / 200_000))
    per_day = _new_users_per_day(events - bots * BOT_EVENTS_PER_DAY * plan.days, plan.days)
    old = int(per_day * OLD_PER_NEW)
    joins, channels = _arrivals(rng, plan, per_day)
    join_day = np.concatenate([-rng.integers(1, 400, old), joins, np.full(bots, 0)]).astype(
        np.int64
    )
    channel = np.concatenate([_old_channels(rng, old), channels, np.full(bots, 6)]).astype(np.int64)
    size = join_day.size
    is_bot = np.arange(size) >= size - bots
    persona = _personas(rng, channel, join_day)
    platform = draw(rng, np.array([p.platforms for p in PERSONAS]), persona)
    platform[is_bot] = PLATFORMS.index("Web")
    persona[is_bot] = -1
    is_test = np.zeros(size, dtype=bool)
    is_test[: min(8, 1 + old // 400)] = True
    return People(
        persona=persona,
        channel=channel,
        platform=platform,
        join_day=join_day,
        is_bot=is_bot,
        is_test=is_test,
        place=draw(rng, np.array([[place[2] for place in PLACES]]), np.zeros(size, dtype=np.int64)),
        age=_ages(rng, persona),
        female=rng.random(size) < np.array([p.female for p in PERSONAS])[persona],
        device=_pick(rng, DEVICES, platform),
        system_version=_pick(rng, SYSTEM_VERSIONS, platform),
        loyalty=_loyalty(rng, persona, join_day < 0),
        depth=_depths(rng, persona),
        sign_up_visit=_sign_up_visits(rng, persona, join_day < 0, is_bot),
        new_device_day=_new_device_days(rng, plan, (join_day < 0) & ~is_test),
        variant=rng.integers(0, 2, size),
        update_patience=rng.exponential(1.0, size),
        number=_numbers(rng, size),
    )


def draw(rng: Generator, weights: npt.NDArray[np.generic], row: Ints) -> Ints:
    """One weighted choice per element: `weights[row[i]]` are the weights of element i."""
    cumulative = np.cumsum(weights.astype(float), axis=1)
    cumulative /= cumulative[:, -1:]
    chance = rng.random(row.size)
    result = np.zeros(row.size, dtype=np.int64)
    for column in range(cumulative.shape[1] - 1):
        result += chance > cumulative[row, column]
    return result


def retention_curve(days: int) -> Floats:
    """Planned chance to be active at each age, shape (channels, days): power law through the
    planned day 1, 7 and 30, fading faster after day 30. Age 0 is 1."""
    age = np.arange(1, days + 1)
    rows = []
    for channel in CHANNELS:
        known = np.log([channel.day1, channel.day7, channel.day30])
        fade = np.exp(-np.maximum(age - 30, 0) / 120)
        rows.append(np.exp(np.interp(np.log(age), np.log([1, 7, 30]), known)) * fade)
    return np.concatenate([np.ones((len(CHANNELS), 1)), np.array(rows)], axis=1)[:, :days]


def _new_users_per_day(events: float, days: int) -> float:
    """Solve: events = events per active day × (active days of old and new people)."""
    share = np.array([channel.share for channel in CHANNELS])
    curve = share @ retention_curve(days) / share.sum()
    new_days = float(np.cumsum(curve).sum()) * 1.13
    fading = float(np.exp2(-np.arange(days) / OLD_HALF_LIFE_DAYS).sum())
    return events / EVENTS_PER_ACTIVE_DAY / (new_days + OLD_PER_NEW * OLD_RATE * fading)


def _arrivals(rng: Generator, plan: Plan, per_day: float) -> tuple[Ints, Ints]:
    """Join day and channel of each new user, by day."""
    share = np.array([channel.share for channel in CHANNELS])
    day = np.arange(plan.days)
    rhythm = np.where(plan.day_off, 1.15, 0.94) * np.linspace(0.94, 1.06, plan.days)
    expected = per_day * rhythm[:, None] * share[None, :] / share.sum()
    campaign = (day >= plan.campaign[0]) & (day <= plan.campaign[1])
    expected[campaign, REFERRAL] *= plan.effects.campaign_new_users
    expected[plan.burst_day, DOUYIN] *= plan.effects.burst_new_users
    counts = rng.poisson(expected)
    days = np.repeat(np.repeat(day, len(CHANNELS)), counts.ravel())
    channels = np.repeat(np.tile(np.arange(len(CHANNELS)), plan.days), counts.ravel())
    return days, channels


def _old_channels(rng: Generator, size: int) -> Ints:
    return draw(rng, np.array([[c.share for c in CHANNELS]]), np.zeros(size, dtype=np.int64))


def _personas(rng: Generator, channel: Ints, join_day: Ints) -> Ints:
    """Members from before the window hold few one-time explorers: those have left."""
    new = np.array([c.personas for c in CHANNELS], dtype=float)
    old = new * np.array([1.0, 1.0, 1.0, 1.0, 0.15])
    return draw(rng, np.concatenate([new, old]), channel + len(CHANNELS) * (join_day < 0))


def _ages(rng: Generator, persona: Ints) -> Ints:
    low, high = np.array([p.ages for p in PERSONAS]).T
    within = rng.beta(2.0, 2.2, persona.size) * (high - low + 1)[persona]
    return np.asarray(low[persona] + within.astype(np.int64))


def _pick(rng: Generator, options: tuple[tuple[str, ...], ...], row: Ints) -> Ints:
    count = np.array([len(names) for names in options])[row]
    return np.asarray((rng.random(row.size) * count).astype(np.int64))


def _loyalty(rng: Generator, persona: Ints, old: Bools) -> Floats:
    """Heavy-tailed and of mean about 1: a few people come nearly every day."""
    spread = np.where(
        old, rng.gamma(1.1, 1 / 1.1, persona.size), rng.gamma(2.0, 1 / 2.0, persona.size)
    )
    return np.asarray(spread * np.array([p.staying for p in PERSONAS])[persona])


def _depths(rng: Generator, persona: Ints) -> Floats:
    """Log-normal of mean 1 times the persona's: heavy-tailed users."""
    depth = np.array([p.depth for p in PERSONAS])
    return np.asarray(np.exp(rng.normal(-0.125, 0.5, persona.size)) * depth[persona])


def _new_device_days(rng: Generator, plan: Plan, among: Bools) -> Ints:
    moves = among & (rng.random(among.size) < 0.08)
    return np.where(moves, rng.integers(0, plan.days, among.size), -1)


def _sign_up_visits(rng: Generator, persona: Ints, old: Bools, bot: Bools) -> Ints:
    chance = rng.random(persona.size)
    later = rng.geometric(0.62, persona.size)
    explorer = persona == len(PERSONAS) - 1
    one_click = np.where(explorer, 0.45, 0.72)
    anonymous_first = np.where(explorer, 0.62, 0.97)
    visit = np.where(chance < one_click, 0, np.where(chance < anonymous_first, later, NEVER))
    return np.where(old, 0, np.where(bot, NEVER, visit)).astype(np.int64)


def _numbers(rng: Generator, size: int) -> Ints:
    """Distinct eight-digit numbers."""
    return 10_000_000 + rng.permutation(90_000_000 // 64)[:size] * 64 + rng.integers(0, 64, size)
