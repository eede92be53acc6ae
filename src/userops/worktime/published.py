"""Public holidays and make-up workdays (调休) as they were published, by region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from userops.words import Words

Region = Literal["", "CN"]
"""Whose holidays are followed; none: only the weekly hours and the own days of a calendar."""
REGIONS: dict[str, Words] = {
    "CN": Words("中国大陆（含调休）", "Mainland China, with make-up workdays"),
    "": Words("不采用公共假日", "None"),
}


@dataclass(frozen=True, slots=True)
class Published:
    """A day that is not as its weekday: off, or worked instead of another."""

    day: date
    working: bool
    words: Words


def published(region: Region, day: date) -> Published | None:
    """What was published of a day; None where it is as every week."""
    return _days().get(day) if region == "CN" else None


def known(region: Region, day: date) -> bool:
    """Whether the holidays of that day's year are published."""
    return region != "CN" or day.year in _years()


def published_in(region: Region, year: int) -> list[Published]:
    """All days of a year that are not as their weekday."""
    if region != "CN":
        return []
    return sorted((each for each in _days().values() if each.day.year == year), key=_by_day)


def _by_day(each: Published) -> date:
    return each.day


@cache
def _years() -> frozenset[int]:
    from chinese_calendar import holidays

    return frozenset(day.year for day in holidays)


@cache
def _days() -> dict[date, Published]:
    from chinese_calendar import Holiday, holidays, workdays

    names = {each.value: Words(each.chinese, each.value) for each in Holiday}
    off = {day: Published(day, False, names[name]) for day, name in holidays.items()}
    for day, name in workdays.items():
        words = Words(f"{names[name].zh}调休上班", f"Make-up workday, {names[name].en}")
        off[day] = Published(day, True, words)
    return off
