"""Random event streams around awkward days, for the tests of analyses. Not used by the product."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# around these days clocks go forward or back, a day is missing, a month or a year ends
ZONES: dict[str, list[date]] = {
    "America/New_York": [date(2024, 3, 10), date(2024, 11, 3)],
    "Asia/Shanghai": [date(2024, 2, 29), date(2024, 12, 31)],
    "Asia/Kolkata": [date(2024, 3, 31), date(2024, 1, 1)],
    "Pacific/Apia": [date(2011, 12, 30), date(2011, 9, 24)],
}
DAY = 24 * 3_600_000
CITIES = ("上海", "北京", "")
LEVELS = ("gold", "new")

CITY = {"property": "city", "op": "is", "value": "上海"}
GOLD = {"property": "level", "op": "is_not", "value": "gold", "of": "user"}

Stream = dict[str, Any]


def examples(count: int) -> settings:
    """Settings for tests that make a product for each example."""
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@st.composite
def streams(draw: st.DrawFn, *, days: int = 20, most: int = 40, close: int = 30_000) -> Stream:
    """Events of few persons within `days` of an awkward day: at any time, at the edges of days and of the
    range, at the same millisecond, and about `close` ms (to the millisecond) after another.

    Mostly many events: a test has few examples, and one of few events shows no option to be ignored.
    """
    zone = draw(st.sampled_from(list(ZONES)))
    dice = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311
    day = draw(st.sampled_from(ZONES[zone]))
    first = day - timedelta(days=draw(st.integers(0, days)))
    last = day + timedelta(days=draw(st.integers(0, days)))
    middle = _midnight(day, zone)
    moments = [_midnight(first, zone), _midnight(last + timedelta(days=1), zone)] + [
        middle + dice.randint(-days, days) * DAY + dice.choice([-1, 0, dice.randint(0, DAY)])
        for _ in range(dice.randint(1, 12))
    ]
    count = dice.choice([dice.randint(0, 5), *[dice.randint(most // 2, most)] * 4])
    levels = st.fixed_dictionaries({"level": st.sampled_from(LEVELS)})
    return {
        "events": [_event(dice, moments, close) for _ in range(count)],
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(3, 5), st.integers(0, 2), max_size=2)),
        "profiles": draw(st.dictionaries(st.integers(0, 5), levels, max_size=4)),
        "first": first,
        "last": last,
    }


def _midnight(day: date, zone: str) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000


def _event(dice: random.Random, moments: list[int], close: int) -> dict[str, Any]:
    return {
        "event": dice.choice(["buy", "view", "share"]),
        "uid": dice.randint(0, 5),
        "ts": dice.choice(moments) + dice.randint(0, 3) * close + dice.choice([-1, 0, 0, 1]),
        "city": dice.choice(CITIES),
        "page": dice.choice(["/a", "/b", ""]),
        "session": dice.choice(["", "", "s1", "s2"]),
        "amount": dice.choice([None, 0.0, 1.5, 10.0, -2.0, 2.5]),
        "props": {"order": dice.choice(["1", "2", ""])},
    }


def scope_of(make_scope: Any, stream: Stream, **more: Any) -> Any:
    names = ("timezone", "merges", "profiles")
    return make_scope(stream["events"], **{name: stream[name] for name in names}, **more)


def rows_of(stream: Stream) -> list[dict[str, Any]]:
    """The stream as oracles read it: with the person behind each event, and what is known of them."""
    rows = []
    for event in stream["events"]:
        person = stream["merges"].get(event["uid"], event["uid"])
        level = stream["profiles"].get(person, {}).get("level", "")
        rows.append({**event, **event["props"], "person": person, "level": level})
    return rows


def matching(
    rows: list[dict[str, Any]], events: Any, filters: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Those of `rows` with one of the events that satisfy `CITY` and `GOLD` where these are asked."""
    names = [events] if isinstance(events, str) else list(events)
    return [
        row
        for row in rows
        if (names == ["*"] or row["event"] in names)
        and (CITY not in filters or row["city"] == "上海")
        and (GOLD not in filters or row["level"] != "gold")
    ]


def inside(rows: list[dict[str, Any]], zone: ZoneInfo, first: date, last: date) -> list[Any]:
    """Those of `rows` whose local day lies in the range."""
    return [
        row for row in rows if first <= datetime.fromtimestamp(row["ts"] / 1000, zone).date() <= last
    ]  # fmt: skip
