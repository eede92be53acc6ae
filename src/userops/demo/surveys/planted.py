"""The four surveys of the demo company with what is planted in each; see the README for what may be found.

All occasions are met in the order of time, so that one fatigue budget holds over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from userops.demo.plan import Plan
from userops.demo.surveys.asked import AFTER_REFUND, IN_APP, MAIL, Asked, Desk, Occasion
from userops.demo.surveys.drawing import Generator, quantiles, scores, why
from userops.demo.surveys.people import Member
from userops.demo.surveys.words import WANTS, WISHES
from userops.demo.world import PERSONAS, TIME_ZONE

ZONE = ZoneInfo(TIME_ZONE)
WAVES = 4
INVITED = 750
"""At most, in each wave."""
FALL = 1.6
"""Points of 0–10 that everybody gives less in the wave after the incident."""
CRASH = 1.3
"""Points of 1–5 that who has met a crash is less satisfied."""
BY_STAFF = 1.6
"""Points of 1–7 by which a refund by way of customer service is harder than one by oneself."""
ASPECTS = {"ease": 4.2, "speed": 2.9, "quality": 4.4, "service": 4.0, "price": 3.7}
"""Mean rating of each aspect, 1–5."""
DRIVES = {"ease": 0.25, "speed": 0.65, "quality": 0.25, "service": 0.4, "price": 0.0}
"""What a point of it moves overall satisfaction by: `speed` most and rated lowest, `price` not at all."""
CSAT_DAYS = (0.6, 0.95)
"""First and last day of the satisfaction survey, as shares of the window."""
WISH_DAYS = 5


def wave_starts(plan: Plan) -> list[date]:
    """One in each quarter, the oldest first; the last begins after the incident. A wave never runs over the end of
    a month, so that waves by month and by quarter are the same."""
    last = plan.date_of(plan.incident_day + 1)
    following = (last.replace(day=1) + timedelta(32)).replace(day=1)
    if (following - last).days < 4:
        last = following
    found = []
    for back in range(WAVES):
        month = last.year * 12 + last.month - 1 - 3 * back
        found.append(date(month // 12, month % 12 + 1, min(last.day, 25) if back else last.day))
    return found[::-1]


def occasions(members: Sequence[Member], plan: Plan, rng: Generator) -> list[Occasion]:
    """Of all four surveys, in the order of time."""
    first, last = (plan.date_of(int(share * plan.days)) for share in CSAT_DAYS)
    wish = plan.last - timedelta(WISH_DAYS - 1)
    found = [
        *_waves(members, plan, rng),
        *_over("csat", members, (first, last), 1_200, rng),
        *_refunds(members, plan),
        *_over("wishes", members, (wish, plan.last), 400, rng),
    ]
    return sorted(found, key=lambda each: (each.at, each.survey, each.member.person))


def _waves(members: Sequence[Member], plan: Plan, rng: Generator) -> Iterator[Occasion]:
    """By mail, once in a quarter, to members of at least 60 days."""
    for wave, day in enumerate(wave_starts(plan)):
        old = [each for each in members if each.joined <= day - timedelta(60)]
        begins, ends = _at(day, 10), _at((day.replace(day=1) + timedelta(32)).replace(day=1), 0)
        ends = min(ends, begins + timedelta(days=8))
        for at in rng.permutation(len(old))[:INVITED].tolist():
            yield Occasion("nps", old[at], MAIL, begins, ends, wave)


def _refunds(members: Sequence[Member], plan: Plan) -> Iterator[Occasion]:
    """In the app, right after a refund was asked for."""
    for each in members:
        if each.refunded is not None:
            moment = each.refunded + timedelta(minutes=1)
            yield Occasion("ces", each, AFTER_REFUND, moment, _at(plan.last + timedelta(1), 0))


def _over(
    survey: str, members: Sequence[Member], days: tuple[date, date], count: int, rng: Generator
) -> Iterator[Occasion]:
    """In the app, so many, spread over the days."""
    first, last = days
    there = [each for each in members if each.joined < first]
    drawn = rng.permutation(len(there))[:count].tolist()
    for at, share in zip(
        drawn, rng.uniform(0, (last - first).days + 1, len(drawn)).tolist(), strict=True
    ):
        day, hour = divmod(share, 1)
        moment = _at(first + timedelta(int(day)), 8) + timedelta(hours=14 * hour)
        yield Occasion(survey, there[at], IN_APP, moment, _at(last + timedelta(1), 0))


def nps(answered: Sequence[Asked], rng: Generator) -> None:
    """What each answers to the NPS survey."""
    for wave in range(WAVES):
        mine, last = [each for each in answered if each.on.wave == wave], wave == WAVES - 1
        means = [PERSONAS[each.on.member.persona].score - FALL * last for each in mine]
        for each, value in zip(mine, scores(means, 1.7, 0, 10, rng), strict=True):
            each.answers = {"nps": value}
            _say(each, value / 10, rng, incident=last)


def csat(answered: Sequence[Asked], rng: Generator) -> None:
    """Overall satisfaction, and five aspects that move it."""
    size = len(answered)
    noise = {key: quantiles(size, rng) for key in ASPECTS}
    overall = 3.75 + 0.45 * quantiles(size, rng)
    overall = overall + sum(weight * noise[key] for key, weight in DRIVES.items())
    for at, each in enumerate(answered):
        crashed = each.on.member.crashed
        hit = CRASH if crashed is not None and crashed < each.on.at else 0.0
        value = int(np.clip(np.rint(overall[at] - hit), 1, 5))
        rated = {
            key: int(np.clip(np.rint(mean + 0.9 * noise[key][at]), 1, 5))
            for key, mean in ASPECTS.items()
        }
        each.answers = {"csat": value} | ({"aspects": rated} if each.completed else {})
        _say(each, (value - 1) / 4, rng)


def ces(answered: Sequence[Asked], rng: Generator) -> None:
    """How easy it was, and by which door."""
    doors = ["self" if at % 5 < 3 else "staff" for at in range(len(answered))]
    drawn = scores([5.6 - BY_STAFF * (door == "staff") for door in doors], 1.1, 1, 7, rng)
    for each, door, value in zip(answered, doors, drawn, strict=True):
        each.answers = {"ces": value, "door": {"chosen": [door]}}
        _say(each, (value - 1) / 6, rng)


def wishes(answered: Sequence[Asked], rng: Generator) -> None:
    """What they want to buy at the next sale."""
    for each in answered:
        taste = sorted(rng.permutation(len(WANTS))[: int(rng.integers(1, 4))].tolist())
        each.answers = {"wants": {"chosen": [list(WANTS)[at] for at in taste]}}
        if each.completed and rng.random() < 0.4:
            each.answers["wish"] = str(rng.choice(WISHES))


ANSWERS: Mapping[str, Callable[[Sequence[Asked], Generator], None]] = {
    "nps": nps, "csat": csat, "ces": ces, "wishes": wishes,
}  # fmt: skip


def tell(members: Sequence[Member], plan: Plan, seed: int, until: datetime) -> Desk:
    """Everything that happened between members and surveys, until a moment."""
    rng = np.random.default_rng([seed, 20261129])
    desk = Desk(rng, until)
    for on in occasions(members, plan, rng):
        if on.at < until:
            desk.asked.setdefault(on.survey, []).append(desk.ask(on))
    for survey, answer in ANSWERS.items():
        answer([each for each in desk.asked.get(survey, ()) if each.started], rng)
    return desk


def _say(asked: Asked, share: float, rng: Generator, *, incident: bool = False) -> None:
    if asked.completed and (text := why(share, rng, incident=incident)):
        asked.answers["why"] = text


def midnight(day: date) -> datetime:
    """The first moment of a day of the company."""
    return _at(day, 0)


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
