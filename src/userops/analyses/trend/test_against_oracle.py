from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.seen_texts import SEEN
from userops.analyses.trend import TREND, oracle
from userops.analyses.trend.document import Trend

# around these days clocks go forward or back, a day is missing, a month or a year ends
ZONES: dict[str, list[date]] = {
    "America/New_York": [date(2024, 3, 10), date(2024, 11, 3)],
    "Asia/Shanghai": [date(2024, 2, 29), date(2024, 12, 31)],
    "Asia/Kolkata": [date(2024, 3, 31), date(2024, 1, 1)],
    "Pacific/Apia": [date(2011, 12, 30), date(2011, 9, 24)],
    "Europe/Lisbon": [date(2024, 3, 31), date(2024, 10, 27)],
}
CITIES = ["", "上海", "北京", "x'y\\z"]


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    """Events of few persons around an awkward day, some merged, with few distinct values."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = draw(st.sampled_from(ZONES[zone]))
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    hour = 3_600_000
    offset = st.one_of(
        st.integers(-60 * 24 * hour, 60 * 24 * hour),
        st.integers(-50, 50).map(lambda n: n * hour),
        st.integers(-3, 3).flatmap(lambda n: st.sampled_from([n * 24 * hour - 1, n * 24 * hour])),
    )
    events = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "event": st.sampled_from(["buy", "view", "share"]),
                    "uid": st.integers(0, 6),
                    "ts": offset.map(lambda n: middle + n),
                    "city": st.sampled_from(CITIES),
                    "amount": st.sampled_from([None, 0.0, 1.5, -2.0, 10.0]),
                    "props": st.fixed_dictionaries(
                        {}, optional={"score": st.sampled_from([1, 2.5, "7", "odd", "", "nan"])}
                    ),
                }
            ),
            min_size=draw(st.sampled_from([0, 20, 25, 30])),
            max_size=40,
        )
    )
    merges = draw(st.dictionaries(st.integers(3, 6), st.integers(0, 2), max_size=3))
    levels = st.fixed_dictionaries({}, optional={"level": st.sampled_from(["gold", "new", ""])})
    profiles = draw(st.dictionaries(st.integers(0, 6), levels, max_size=5))
    return {
        "events": events,
        "timezone": zone,
        "merges": merges,
        "profiles": profiles,
        "first": day - timedelta(days=draw(st.integers(0, 40))),
        "last": day + timedelta(days=draw(st.integers(0, 40))),
    }


def rows_of(stream: dict[str, Any]) -> list[oracle.Row]:
    """The stream as the oracle reads it."""
    rows = []
    for event in stream["events"]:
        person = stream["merges"].get(event["uid"], event["uid"])
        level = stream["profiles"].get(person, {}).get("level", "")
        score = event["props"].get("score")
        rows.append({**event, "person": person, "score": score, "level": level})
    return rows


def ask(scope: Any, stream: dict[str, Any], **document: Any) -> dict[str, Any]:
    days = {"from": stream["first"], "to": stream["last"]}
    question = Trend.model_validate({"product": "shop", "range": days, **document})
    return TREND.run(question.resolve(scope), scope)


def scope_of(make_scope: Any, stream: dict[str, Any]) -> Any:
    return make_scope(
        stream["events"],
        timezone=stream["timezone"],
        merges=stream["merges"],
        profiles=stream["profiles"],
    )


def same(result: Any, expected: Any) -> None:
    if expected is None or result is None:
        assert result is expected
    else:
        assert result == pytest.approx(expected, rel=1e-9, abs=1e-9)


def same_line(entry: dict[str, Any], total: Any, points: dict[date, Any]) -> None:
    same(entry["total"], total)
    assert [start for start, _ in entry["points"]] == [str(start) for start in points]
    for (_, found), expected in zip(entry["points"], points.values(), strict=True):
        same(found, expected)


many = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
few = settings(many, max_examples=15)

MEASURED = [
    ("total", None), ("users", None), ("per_user", None), ("sum", "amount"), ("avg", "score"),
    ("min", "score"), ("max", "amount"), ("median", "score"), ("p90", "amount"),
    ("p99", "score"), ("distinct", "city"), ("distinct", "score"),
]  # fmt: skip


@many
@given(
    stream=streams(),
    unit=st.sampled_from(["day", "week", "month", "quarter", "year"]),
    chosen=st.lists(st.sampled_from(MEASURED), min_size=2, max_size=4, unique=True),
    filtered=st.booleans(),
)
def test_every_measure_is_what_the_oracle_says(make_scope, stream, unit, chosen, filtered):
    scope = scope_of(make_scope, stream)
    step = {"event": "buy", "filters": [{"property": "city", "value": "上海"}] if filtered else []}
    series = [{**step, "measure": name, **({"property": p} if p else {})} for name, p in chosen]
    result = ask(scope, stream, unit=unit, series=series)
    rows = [
        row
        for row in rows_of(stream)
        if row["event"] == "buy" and (not filtered or row["city"] == "上海")
    ]
    for entry, (name, property_) in zip(result["series"], chosen, strict=True):
        total, points = oracle.trend(
            rows, scope.zone, stream["first"], stream["last"], unit, name, property_
        )
        same_line(entry, total, points)


@many
@given(stream=streams(), measure=st.sampled_from(["wau", "mau"]), broken=st.booleans())
def test_trailing_users_are_what_the_oracle_says(make_scope, stream, measure, broken):
    scope = scope_of(make_scope, stream)
    window = {"wau": 7, "mau": 30}[measure]
    asked = {"series": [{"event": ["buy", "view"], "measure": measure}]}
    result = ask(scope, stream, **asked, **({"breakdown": ["city"], "limit": 2} if broken else {}))
    rows = [row for row in rows_of(stream) if row["event"] in ("buy", "view")]
    told_apart = [entry["breakdown"].get("city") for entry in result["series"]]
    for entry in result["series"]:
        city = entry["breakdown"].get("city")
        chosen = [row for row in rows if fits(row["city"], city, told_apart)]
        expected = oracle.trailing(chosen, scope.zone, stream["first"], stream["last"], window)
        same_line(entry, list(expected.values())[-1], expected)


def fits(value: str, asked: str | None, told_apart: list[str | None]) -> bool:
    if asked is None:
        return True
    return value not in told_apart if asked == "$others" else value == asked


@many
@given(
    stream=streams(),
    measure=st.sampled_from(["users", "total"]),
    limit=st.integers(1, 4),
    breakdown=st.sampled_from([["city"], ["city", {"property": "level", "of": "user"}]]),
)
def test_a_breakdown_parts_the_events_and_others_are_recomputed(
    make_scope, stream, measure, limit, breakdown
):
    scope = scope_of(make_scope, stream)
    series = [{"event": "buy", "measure": measure}, {"event": "*"}]
    result = ask(scope, stream, unit="week", series=series, breakdown=breakdown, limit=limit)
    names = ["city", "level"][: len(breakdown)]
    inside = [
        row
        for row in rows_of(stream)
        if stream["first"] <= oracle.local(row["ts"], scope.zone).date() <= stream["last"]
    ]
    told_apart = ranked(inside, names, measure)
    top = told_apart[:limit]
    others = ("$others",) * len(names)
    expected = top + ([others] if len(told_apart) > limit else [])
    for index, kept in enumerate([["buy"], ["buy", "view", "share"]]):
        entries = [entry for entry in result["series"] if entry["index"] == index]
        assert [tuple(entry["breakdown"].values()) for entry in entries] == expected
        rows = [row for row in rows_of(stream) if row["event"] in kept]
        for entry, value in zip(entries, expected, strict=True):
            mine = [
                row
                for row in rows
                if (tuple(row[n] for n in names) == value)
                or (value == others and tuple(row[n] for n in names) not in top)
            ]
            name = measure if index == 0 else "total"
            same_line(
                entry,
                *oracle.trend(mine, scope.zone, stream["first"], stream["last"], "week", name),
            )
    assert result["truncated"] == (len(told_apart) > limit)


def ranked(rows: list[oracle.Row], names: list[str], measure: str) -> list[tuple[str, ...]]:
    """The breakdown values: by the figure of “buy”, then by number of events, then by their bytes."""
    values = Counter(tuple(row[name] for name in names) for row in rows)
    figures = {
        value: oracle.measure(
            measure,
            [r for r in rows if r["event"] == "buy" and tuple(r[n] for n in names) == value],
        )
        for value in values
    }
    return sorted(values, key=lambda value: (-figures[value], -values[value], encoded(value)))


@few
@given(
    stream=streams(),
    unit=st.sampled_from(["hour", "day", "week", "month"]),
    breakdown=st.sampled_from([["city"], ["city", "source"]]),
    others=st.lists(st.sampled_from(CITIES), min_size=1, unique=True),
)
def test_values_have_numbers_once_they_were_seen(make_scope, stream, unit, breakdown, others):
    scope = scope_of(make_scope, stream)
    asked = {"unit": unit, "breakdown": breakdown, "series": [{"event": ["buy", "view"]}]}
    by_text = ask(scope, stream, **asked)
    keys = [key for key in SEEN if key[1] == scope.product]
    if keys:  # else there are no events
        with patch("userops.analyses.trend.counting._by_text", side_effect=AssertionError):
            assert ask(scope, stream, **asked) == by_text
    # as if other values had been there then
    for key in keys[:1]:
        SEEN[key] = tuple(sorted(others))
    assert ask(scope, stream, **asked) == by_text


@given(stream=streams())
@few
def test_properties_of_many_values_are_not_remembered(make_scope, stream):
    scope = scope_of(make_scope, stream)
    asked = {"breakdown": ["city"], "series": [{"event": ["buy", "view"]}]}
    with patch("userops.analyses.seen_texts.MOST_TEXTS", 1):
        found = ask(scope, stream, **asked)
    cities = {
        tuple(part["breakdown"].values()) for part in found["series"] if part.get("breakdown")
    }
    assert all(len(texts) <= 1 for key, texts in SEEN.items() if key[1] == scope.product)
    assert len(cities) <= 1 or not [key for key in SEEN if key[1] == scope.product]
    assert ask(scope, stream, **asked) == found


@few
@given(
    stream=streams(),
    unit=st.sampled_from(["day", "week", "month"]),
    compare=st.sampled_from(["previous_period", "same_period_last_year"]),
    whole=st.booleans(),
)
def test_a_comparison_is_the_same_question_of_another_range(
    make_scope, stream, unit, compare, whole
):
    if whole:  # of whole months
        stream["first"] = stream["first"].replace(day=1)
        stream["last"] = stream["last"].replace(day=1) + timedelta(days=31)
        stream["last"] = stream["last"].replace(day=1) - timedelta(days=1)
    scope = scope_of(make_scope, stream)
    asked = {"unit": unit, "series": [{"event": "*", "measure": "users"}]}
    result = ask(scope, stream, compare=compare, **asked)
    days = {name: date.fromisoformat(day) for name, day in result["comparison"].items()}
    then = ask(scope, {"first": days["from"], "last": days["to"]}, **asked)["series"][0]
    found = result["series"][0]["comparison"]
    assert (found["total"], found["points"]) == (then["total"], then["points"])
    if compare == "previous_period":
        assert days["to"] + timedelta(days=1) == stream["first"]
        whole_months = whole and unit == "month"
        assert not whole_months or len(then["points"]) == len(result["series"][0]["points"])


def encoded(value: tuple[str, ...]) -> tuple[bytes, ...]:
    """The engine orders text by its bytes."""
    return tuple(part.encode() for part in value)


@few
@given(stream=streams(), level=st.sampled_from(["gold", "nobody"]))
def test_filters_on_users_and_events(make_scope, stream, level):
    scope = scope_of(make_scope, stream)
    for op in ("is", "is_not"):
        filters = [
            {"property": "level", "op": op, "value": level, "of": "user"},
            {
                "or": [
                    {"property": "amount", "op": "gt", "value": 1},
                    {"property": "city", "op": "set"},
                ]
            },
        ]
        result = ask(
            scope,
            stream,
            unit="month",
            series=[{"event": "*", "measure": "users"}],
            filters=filters,
        )
        rows = [
            row
            for row in rows_of(stream)
            if (row["level"] == level) == (op == "is")
            and ((row["amount"] or 0) > 1 or row["city"] != "")
        ]
        (entry,) = result["series"]
        same_line(
            entry,
            *oracle.trend(rows, scope.zone, stream["first"], stream["last"], "month", "users"),
        )


@few
@given(stream=streams())
def test_hours_add_up_to_their_days_on_days_of_any_length(make_scope, stream):
    scope = scope_of(make_scope, stream)
    (hours,) = ask(scope, stream, unit="hour", series=[{"event": "*"}])["series"]
    (days,) = ask(scope, stream, unit="day", series=[{"event": "*"}])["series"]
    by_day = Counter()
    for start, count in hours["points"]:
        by_day[start[:10]] += count
    assert {day: count for day, count in days["points"] if count} == {
        day: count for day, count in by_day.items() if count
    }
    assert hours["total"] == days["total"] == sum(by_day.values())
    starts = [datetime.fromisoformat(start) for start, _ in hours["points"]]
    assert all(later - earlier == timedelta(hours=1) for earlier, later in pairwise(starts))


@few
@given(stream=streams(), unit=st.sampled_from(["day", "week", "month"]))
def test_people_are_those_behind_each_number(make_scope, stream, unit):
    scope = scope_of(make_scope, stream)
    days = {"from": stream["first"], "to": stream["last"]}
    question = Trend.model_validate(
        {
            "product": "shop", "range": days, "unit": unit, "limit": 2, "breakdown": ["city"],
            "series": [{"event": "buy", "measure": "users"}],
        }
    ).resolve(scope)  # fmt: skip
    result = TREND.run(question, scope)
    for entry in result["series"]:
        chosen = {"series": 0, "breakdown": entry["breakdown"]}
        found = TREND.people(question, scope, chosen, 100, 0)
        assert found.total == entry["total"] == len(set(found.persons))
        start, count = max(entry["points"], key=lambda point: point[1])
        cell = TREND.people(question, scope, {**chosen, "start": start}, 1, 0)
        assert cell.total == count
        assert len(cell.persons) == min(count, 1)


def test_a_day_that_a_time_zone_skips_has_no_points(make_scope):
    moment = int(datetime(2011, 12, 29, 12, tzinfo=ZoneInfo("Pacific/Apia")).timestamp()) * 1000
    scope = make_scope(
        [{"event": "buy", "uid": 0, "ts": moment, "city": "上海"}], timezone="Pacific/Apia"
    )
    asked = {"breakdown": ["city"], "series": [{"event": "buy"}]}
    there, skipped = date(2011, 12, 29), date(2011, 12, 30)
    (line,) = ask(scope, {"first": there, "last": there}, **asked)["series"]
    assert line["total"] == 1  # its value is remembered now
    assert ask(scope, {"first": skipped, "last": skipped}, **asked)["series"] == []
