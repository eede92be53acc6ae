from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.trend import TREND, oracle
from userops.analyses.trend.document import Trend
from userops.errors import DocumentError

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
        rows.append(
            {**event, "person": person, "score": None if score == "nan" else score, "level": level}
        )
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
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

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
)
def test_every_measure_is_what_the_oracle_says(make_scope, stream, unit, chosen):
    scope = scope_of(make_scope, stream)
    series = [
        {"event": "buy", "measure": name, **({"property": p} if p else {})} for name, p in chosen
    ]
    result = ask(scope, stream, unit=unit, series=series)
    rows = [row for row in rows_of(stream) if row["event"] == "buy"]
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
    values = Counter(tuple(row[name] for name in names) for row in inside)
    figures = {
        value: oracle.measure(
            measure,
            [r for r in inside if r["event"] == "buy" and tuple(r[n] for n in names) == value],
        )
        for value in values
    }
    top = sorted(values, key=lambda value: (-figures[value], -values[value], encoded(value)))[
        :limit
    ]
    others = ("$others",) * len(names)
    expected = top + ([others] if len(values) > limit else [])
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
    assert result["truncated"] == (len(values) > limit)


def encoded(value: tuple[str, ...]) -> tuple[bytes, ...]:
    """The engine orders text by its bytes."""
    return tuple(part.encode() for part in value)


@many
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


@many
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


@many
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


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def day(event: str, uid: int, text: str, **more: Any) -> dict[str, Any]:
    return {"event": event, "uid": uid, "ts": at(text), **more}


MARCH = {"first": "2024-03-01", "last": "2024-03-31"}


def test_missing_intervals_are_zeros_for_counts_and_empty_for_averages(make_scope):
    scope = make_scope([day("pay", 1, "2024-03-02T10:00", amount=5.0)])
    series = [
        {"event": "pay"},
        {"event": "pay", "measure": "sum", "property": "amount"},
        {"event": "pay", "measure": "avg", "property": "amount"},
    ]
    days = {"first": "2024-03-01", "last": "2024-03-03"}
    total, sum_, average = ask(scope, days, series=series)["series"]
    assert total["points"] == [["2024-03-01", 0], ["2024-03-02", 1], ["2024-03-03", 0]]
    assert [value for _, value in sum_["points"]] == [0, 5.0, 0]
    assert [value for _, value in average["points"]] == [None, 5.0, None]


def test_an_empty_product_answers_zeros_and_no_groups(make_scope):
    scope = make_scope([])
    (entry,) = ask(scope, MARCH, series=[{"event": "pay"}])["series"]
    assert entry["total"] == 0
    assert len(entry["points"]) == 31
    empty = ask(scope, MARCH, series=[{"event": "pay"}], breakdown=["city"])
    assert empty["series"] == []
    question = Trend.model_validate(
        {
            "product": "p", "range": {"from": "2024-03-01", "to": "2024-03-02"},
            "series": [{"event": "pay"}], "breakdown": ["city"],
        }
    )  # fmt: skip
    result = TREND.run(question, scope)
    assert TREND.table(question, result).rows == []
    assert TREND.chart(question, result, "zh")["series"] == []


def test_formulas_are_computed_per_point_and_are_empty_when_dividing_by_zero(make_scope):
    scope = make_scope(
        [day("view", 1, "2024-03-01T10:00"), day("view", 2, "2024-03-01T11:00"),
         day("pay", 1, "2024-03-01T12:00"), day("pay", 1, "2024-03-02T12:00")]
    )  # fmt: skip
    result = ask(
        scope,
        {"first": "2024-03-01", "last": "2024-03-02"},
        series=[{"event": "view"}, {"event": "pay"}],
        formulas=[{"formula": "B/A*100", "name": "rate"}],
    )
    rate = result["series"][2]
    assert rate["formula"] == "B/A*100"
    assert rate["points"] == [["2024-03-01", 50.0], ["2024-03-02", None]]
    assert rate["total"] == 100.0


def test_the_previous_period_of_a_whole_month_is_the_month_before(make_scope):
    events = [day("pay", 1, f"2024-02-{n:02}T10:00") for n in range(1, 30)]
    events += [day("pay", 1, "2024-03-05T10:00"), day("pay", 2, "2023-03-31T10:00")]
    scope = make_scope(events)
    series = [{"event": "pay"}]
    (entry,) = ask(scope, MARCH, series=series, unit="month", compare="previous_period")["series"]
    assert entry["comparison"]["points"] == [["2024-02-01", 29]]
    assert entry["comparison"]["change"] == pytest.approx(1 / 29 - 1)
    (entry,) = ask(scope, MARCH, series=series, compare="previous_period")["series"]
    assert entry["comparison"]["points"][0] == ["2024-01-30", 0]
    assert len(entry["comparison"]["points"]) == 31
    year = ask(scope, MARCH, series=series, compare="same_period_last_year")
    assert year["comparison"] == {"from": "2023-03-01", "to": "2023-03-31"}
    assert year["series"][0]["comparison"]["total"] == 1


def test_unfinished_and_cut_intervals_are_marked(make_scope):
    scope = make_scope([], now=datetime(2024, 3, 20, 12, tzinfo=UTC))
    result = ask(
        scope, {"first": "2024-03-06", "last": "2024-03-21"}, unit="week", series=[{"event": "a"}]
    )
    assert result["unfinished"] == ["2024-03-18"]
    assert result["partial"] == ["2024-03-04", "2024-03-18"]


def test_rest_beyond_the_drawn_lines_is_recomputed_for_distinct_users(make_scope):
    events = [day("pay", 1, "2024-03-02T10:00", city=f"c{n:02}") for n in range(12)]
    events += [day("pay", 2, "2024-03-02T10:00", city=f"c{n:02}") for n in range(8)]
    scope = make_scope(events)
    document = {"series": [{"event": "pay", "measure": "users"}], "breakdown": ["city"]}
    result = ask(scope, MARCH, **document)
    assert len(result["series"]) == 12
    assert result["rest"][0]["total"] == 1
    question = Trend.model_validate(
        {"product": "p", "range": {"from": "2024-03-01", "to": "2024-03-31"}, **document}
    )
    option = TREND.chart(question, result, "zh")
    assert [line["name"] for line in option["series"]] == [*(f"c{n:02}" for n in range(8)), "其他"]


ODD = "a`b'\\\"; drop table events --"


@pytest.mark.parametrize("name", ['x"} or 1=1; drop table events --', ODD, "城市 1", "$x", "a.b"])
def test_hostile_names_and_values_are_only_values(make_scope, name):
    scope = make_scope([day(ODD, 1, "2024-03-02T10:00", props={name: ODD})])
    result = ask(
        scope,
        MARCH,
        series=[{"event": ODD}, {"event": ODD, "measure": "distinct", "property": name}],
        breakdown=[name],
        filters=[{"property": name, "op": "is", "value": ODD}],
    )
    assert [entry["total"] for entry in result["series"]] == [1, 1]
    assert result["series"][0]["breakdown"] == {name: ODD}


def test_the_chart_is_solid_until_now_and_dashed_after(make_scope):
    scope = make_scope(
        [day("pay", 1, "2024-03-02T10:00")], now=datetime(2024, 3, 3, 12, tzinfo=UTC)
    )
    question = Trend.model_validate(
        {"product": "p", "range": {"from": "2024-03-01", "to": "2024-03-03"}, "series": [{"event": "pay"}]}
    )  # fmt: skip
    option = TREND.chart(question, TREND.run(question, scope), "en")
    solid, dashed = option["series"]
    assert solid["data"] == [0, 1, None]
    assert dashed["data"] == [None, 1, 0]
    assert dashed["lineStyle"]["type"] == "dashed"
    assert solid["name"] == dashed["name"] == "pay"
    assert dashed["endLabel"]["show"]


def test_the_table_has_a_row_per_group_and_interval(make_scope):
    scope = make_scope([day("pay", 1, "2024-03-02T10:00", city="上海", amount=2.0)])
    question = Trend.model_validate(
        {
            "product": "p", "range": {"from": "2024-03-01", "to": "2024-03-02"}, "breakdown": ["city"],
            "series": [{"event": "pay"}, {"event": "pay", "measure": "sum", "property": "amount"}],
            "formulas": [{"formula": "B/A"}], "compare": "previous_period",
        }
    )  # fmt: skip
    table = TREND.table(question, TREND.run(question, scope))
    assert [column.name for column in table.columns] == [
        "city", "start", "A", "A_compared", "B", "B_compared", "formula_1", "formula_1_compared",
        "unfinished",
    ]  # fmt: skip
    assert table.rows == [
        ("上海", date(2024, 3, 1), 0, 0, 0, 0, None, None, 0),
        ("上海", date(2024, 3, 2), 1, 0, 2.0, 0, 2.0, None, 0),
    ]


def test_the_definition_names_every_option():
    question = Trend.model_validate(
        {
            "product": "p", "range": {"from": "2024-03-01", "to": "2024-03-31"}, "unit": "month",
            "series": [{"event": "pay", "measure": "sum", "property": "amount"}, {"event": "*"}],
            "formulas": [{"formula": "A/B", "name": "客单价"}], "breakdown": ["city"],
            "filters": [{"property": "city", "op": "set"}], "compare": "previous_period",
        }
    )  # fmt: skip
    words = TREND.describe(question)
    for part in ["A = “pay”的“amount”总和", "任意事件", "“客单价” = A/B", "按月统计",
                 "2024-03-01 至 2024-03-31", "“city”", "环比", "2024-02-01 至 2024-02-29"]:  # fmt: skip
        assert part in words.zh
    for part in ["sum of “amount”", "any event", "by month", "2024-02-01 to 2024-02-29", "others"]:
        assert part in words.en


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"series": [{"event": "a", "measure": "sum"}]}, "measure_property_missing"),
        ({"series": [{"event": "a", "property": "x"}]}, "measure_property_extra"),
        ({"unit": "week", "series": [{"event": "a", "measure": "wau"}]}, "trailing_unit"),
        ({"formulas": [{"formula": "A+"}]}, "formula_syntax"),
        ({"formulas": [{"formula": "A+C"}]}, "formula_series"),
        ({"breakdown": ["city", "city"]}, "breakdown_twice"),
    ],
)
def test_wrong_documents_are_refused_with_a_code_that_has_words(change, code):
    with pytest.raises(ValueError, match=code):
        Trend.model_validate({"product": "p", "series": [{"event": "a"}], **change})
    assert code in TREND.problems


@pytest.mark.parametrize(
    "selection",
    [
        {"series": 1}, {"series": "x"}, {"start": "2024-03-99"}, {"breakdown": {"city": "x"}},
        {"comparison": True}, {"odd": 1},
    ],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    scope = make_scope([])
    question = Trend.model_validate(
        {"product": "p", "range": {"from": "2024-03-01", "to": "2024-03-31"}, "series": [{"event": "a"}]}
    )  # fmt: skip
    with pytest.raises(DocumentError) as wrong:
        TREND.people(question, scope, selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_too_many_intervals_are_refused(make_scope):
    days = {"first": "1970-01-01", "last": "2040-12-31"}
    with pytest.raises(DocumentError) as wrong:
        ask(make_scope([]), days, unit="hour", series=[{"event": "a"}])
    assert wrong.value.code == "too_many_intervals"


def test_the_example_is_a_valid_document():
    TREND.describe(TREND.document.model_validate(TREND.example))
