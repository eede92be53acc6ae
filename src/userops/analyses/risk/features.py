"""What is known of users at the end of a day. Nothing that happens later can change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.analyses.risk.document import Risk
from userops.analyses.risk.history import History
from userops.words import Words

Floats = npt.NDArray[Any]
SINGLE = 12
"""Of so many events the number of times is a feature of its own; the signals are always among them."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Feature:
    """`event`: the event that it counts, where it counts one. `unit`: what its values are, in words."""

    name: str
    words: Words
    event: str = ""
    logarithm: bool = False


HABITS: tuple[Feature, ...] = (
    Feature("recency", Words("距最近一次的天数", "Days since the last time")),
    Feature("active_days_7", Words("近 7 天活跃天数", "Active days of the last 7")),
    Feature("active_days", Words("回看期活跃天数", "Active days in the look-back period")),
    Feature("trend", Words("近 7 天活跃较此前的变化", "Active days of the last 7 against before")),
    Feature("core", Words("核心行为次数", "Times of the core action"), logarithm=True),
    Feature("depth", Words("每个活跃日的事件数", "Events on an active day"), logarithm=True),
    Feature("breadth", Words("用过的不同功能数", "Different events")),
    Feature("tenure", Words("首次出现至今的天数", "Days since first seen")),
)


@dataclass(frozen=True, eq=False)
class Frame:
    """Users who were not lost at the end of `day`, by person in rising order, and their features; those
    that are logarithms are log(1 + x)."""

    day: int
    person: Floats
    values: Floats
    features: tuple[Feature, ...]

    def __len__(self) -> int:
        return len(self.person)

    def column(self, name: str) -> Floats:
        place = next(n for n, each in enumerate(self.features) if each.name == name)
        return np.asarray(self.values[:, place])


def features_of(names: tuple[str, ...]) -> tuple[Feature, ...]:
    single = [
        Feature(f"times:{name}", times_words(Words(name, name)), name, logarithm=True)
        for name in names[:SINGLE]
    ]
    return (*HABITS, *single)


def times_words(event: Words) -> Words:
    return Words(f"“{event.zh}”次数", f"Times of “{event.en}”")


def frame(document: Risk, history: History, day: int) -> Frame:
    """Of those with a core action on one of the `window` days up to a day; from the `lookback` days up to
    it."""
    span = max(document.lookback, document.window)
    known = history.between(day - span + 1, day)
    who, when = known.present()
    person = np.unique(who[when > day - document.window])
    recent = known.between(day - document.lookback + 1, day)
    columns = [*_habits(document, recent, known, person, day), *_singles(recent, person)]
    values = np.stack(columns, axis=1) if len(person) else np.zeros((0, len(columns)))
    return Frame(day, person, values.astype(float), features_of(history.names))


def _habits(
    document: Risk, recent: History, known: History, person: Floats, day: int
) -> list[Floats]:
    who, when = recent.present()
    active = _count(person, who)
    week = _count(person, who[when > day - WEEK])
    before = (active - week) / max(document.lookback - WEEK, 1) * WEEK
    events = _count(person, recent.person, recent.times)
    whole, visited = known.present()
    last, first = np.full(len(person), -1), np.full(len(person), day)
    place, inside = _places(person, whole)
    np.maximum.at(last, place[inside], visited[inside])
    place, inside = _places(person, recent.person)
    np.minimum.at(first, place[inside], recent.day[inside])
    return [
        day - last,
        week,
        active,
        week - before,
        np.log1p(_count(person, recent.person, recent.core)),
        np.log1p(events / np.maximum(active, 1)),
        _breadth(recent, person),
        day - first,
    ]


def _breadth(recent: History, person: Floats) -> Floats:
    """How many of the named events each did."""
    place, inside = _places(person, recent.person)
    width = len(recent.names) + 1
    cells = np.bincount(place[inside] * width + recent.code[inside], minlength=len(person) * width)
    return np.asarray((cells.reshape(-1, width)[:, 1:] > 0).sum(axis=1), float)


def _singles(recent: History, person: Floats) -> list[Floats]:
    found = []
    for code in range(1, min(SINGLE, len(recent.names)) + 1):
        own = recent.code == code
        found.append(np.log1p(_count(person, recent.person[own], recent.times[own])))
    return found


def _places(person: Floats, who: Floats) -> tuple[Floats, Floats]:
    """Where each of `who` stands among the persons, and whether they do."""
    most = int(max(person.max(initial=0), who.max(initial=0)))
    place_of = np.full(most + 1, -1, np.int64)
    place_of[person] = np.arange(len(person))
    place = place_of[who]
    return place, place >= 0


def _count(person: Floats, who: Floats, weight: Floats | None = None) -> Floats:
    place, inside = _places(person, who)
    weights = None if weight is None else weight[inside]
    return np.bincount(place[inside], weights, minlength=len(person))[: len(person)].astype(float)


def left(document: Risk, history: History, of: Frame) -> Floats:
    """1 for those without a core action in the window that begins after the gap; else 0."""
    begin = of.day + document.gap
    who, _when = history.between(begin + 1, begin + document.window).present()
    return np.asarray(~np.isin(of.person, who), float)
