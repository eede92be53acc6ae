"""The time axis of a chart, read off its own categories.

Every chart names its periods as `query.dates.short_label` does, so a further analysis with a time axis
needs nothing to be annotated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from userops.query.dates import add_units

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Period:
    """One category: wall-clock times, `end` exclusive."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a period: what it looks like, when it begins and ends."""

    pattern: re.Pattern[str]
    begin: Callable[[re.Match[str], int], datetime]
    end: Callable[[datetime], datetime]


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _year(found: re.Match[str], _year: int) -> datetime:
    return datetime(int(found[1]), 1, 1)  # noqa: DTZ001 - wall clock


def _quarter(found: re.Match[str], _year: int) -> datetime:
    return datetime(int(found[1]), int(found[2]) * 3 - 2, 1)  # noqa: DTZ001


def _month(found: re.Match[str], _year: int) -> datetime:
    return datetime(int(found[1]), int(found[2]), 1)  # noqa: DTZ001


def _day(found: re.Match[str], _year: int) -> datetime:
    return datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001


def _hour(found: re.Match[str], year: int) -> datetime:
    return datetime(year, int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001


_FORMS = (
    _Form(re.compile(r"(\d{4})"), _year, lambda at: _start(add_units(at.date(), 1, "year"))),
    _Form(
        re.compile(r"(\d{4}) Q([1-4])"),
        _quarter,
        lambda at: _start(add_units(at.date(), 1, "quarter")),
    ),
    _Form(
        re.compile(r"(\d{4})-(\d\d)"), _month, lambda at: _start(add_units(at.date(), 1, "month"))
    ),
    _Form(re.compile(r"(\d{4})-(\d\d)-(\d\d)"), _day, lambda at: at + timedelta(days=1)),
    _Form(re.compile(r"(\d\d)-(\d\d) (\d\d):\d\d"), _hour, lambda at: at + timedelta(hours=1)),
)


def periods(labels: Sequence[object], *, year: int, unit: str = "") -> list[Period] | None:
    """The periods of an axis, or None when its categories are not times in order.

    `year` is that of the first category, which hours do not say; `unit` tells a lone week from a day.
    """
    if not labels or not all(isinstance(label, str) for label in labels):
        return None
    texts = [str(label) for label in labels]
    form = next((each for each in _FORMS if each.pattern.fullmatch(texts[0])), None)
    begins = _begins(form, texts, year) if form else None
    if form is None or begins is None:
        return None
    weekly = unit == "week" or _weekly(begins)
    return [
        Period(begin, begin + timedelta(days=_WEEK) if weekly else form.end(begin))
        for begin in begins
    ]


def _begins(form: _Form, texts: list[str], year: int) -> list[datetime] | None:
    begins: list[datetime] = []
    for text in texts:
        found = form.pattern.fullmatch(text)
        if found is None:
            return None
        try:
            begin = form.begin(found, year)
            if begins and begin < begins[-1] - timedelta(days=300):  # hours over New Year's Eve
                year += 1
                begin = form.begin(found, year)
        except ValueError:
            return None
        # an hour that comes twice when summer time ends is in order
        if begins and begin < begins[-1]:
            return None
        begins.append(begin)
    return begins


def _weekly(begins: list[datetime]) -> bool:
    gaps = {(later - earlier).days for earlier, later in pairwise(begins)}
    return gaps == {_WEEK}
