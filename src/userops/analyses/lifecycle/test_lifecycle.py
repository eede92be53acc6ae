from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.lifecycle import LIFECYCLE, oracle
from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.states import BY_NAME
from userops.errors import DocumentError

# around these days clocks go forward or back, a day is missing, a month or a year ends
ZONES: dict[str, list[date]] = {
    "America/New_York": [date(2024, 3, 10), date(2024, 11, 3)],
    "Asia/Shanghai": [date(2024, 2, 29), date(2024, 12, 31)],
    "Asia/Kolkata": [date(2024, 3, 31), date(2024, 1, 1)],
    "Pacific/Apia": [date(2011, 12, 30), date(2011, 9, 24)],
}
SPAN = {"day": 6, "week": 35, "month": 120, "quarter": 300, "year": 900}
HOUR = 3_600_000


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    """Events of few persons around an awkward day, some of them at the edges of days."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = draw(st.sampled_from(ZONES[zone]))
    unit = draw(st.sampled_from(list(SPAN)))
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    days = st.integers(-SPAN[unit], SPAN[unit])
    offset = st.one_of(
        st.tuples(days, st.integers(-30, 30)).map(lambda n: n[0] * 24 * HOUR + n[1] * HOUR),
        days.flatmap(lambda n: st.sampled_from([n * 24 * HOUR - 1, n * 24 * HOUR])),
    )
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["buy", "view"]),
            "uid": st.integers(0, 5),
            "ts": offset.map(lambda n: middle + n),
            "city": st.sampled_from(["上海", "北京", ""]),
        }
    )
    levels = st.fixed_dictionaries({"level": st.sampled_from(["gold", "new"])})
    return {
        "events": draw(
            st.lists(event, min_size=draw(st.sampled_from([0, 20, 25, 30])), max_size=40)
        ),
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(3, 5), st.integers(0, 2), max_size=2)),
        "profiles": draw(st.dictionaries(st.integers(0, 5), levels, max_size=4)),
        "unit": unit,
        "first": day - timedelta(days=draw(st.integers(0, SPAN[unit]))),
        "last": day + timedelta(days=draw(st.integers(0, SPAN[unit]))),
    }


def question_of(stream: dict[str, Any], **document: Any) -> Lifecycle:
    days = {"from": stream["first"], "to": stream["last"]}
    return Lifecycle.model_validate(
        {"product": "shop", "range": days, "unit": stream["unit"], **document}
    )


CITY = {"property": "city", "op": "is", "value": "上海"}
GOLD = {"property": "level", "op": "is_not", "value": "gold", "of": "user"}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    stream=streams(),
    event=st.sampled_from(["buy", "*", ("buy", "view")]),
    filters=st.sampled_from([[], [CITY], [GOLD], [CITY, GOLD]]),
    new_by=st.sampled_from(["event", "any_event"]),
    asked=st.sampled_from(["new", "returning", "resurrected", "active"]),
)
def test_the_states_are_what_the_oracle_says(make_scope, stream, event, filters, new_by, asked):
    scope = make_scope(
        stream["events"],
        timezone=stream["timezone"],
        merges=stream["merges"],
        profiles=stream["profiles"],
    )
    question = question_of(stream, event=event, filters=filters, new_by=new_by)
    result = LIFECYCLE.run(question, scope)
    rows = [
        {**row, "person": stream["merges"].get(row["uid"], row["uid"])} for row in stream["events"]
    ]
    levels = {person: profile["level"] for person, profile in stream["profiles"].items()}
    active = [
        row
        for row in rows
        if (event != "buy" or row["event"] == "buy")
        and (CITY not in filters or row["city"] == "上海")
        and (GOLD not in filters or levels.get(row["person"]) != "gold")
    ]
    firsts = rows if new_by == "any_event" else active
    expected = oracle.lifecycle(
        active, firsts, scope.zone, stream["first"], stream["last"], stream["unit"]
    )
    assert [point["start"] for point in result["points"]] == [str(start) for start in expected]
    for point, states in zip(result["points"], expected.values(), strict=True):
        assert {name: point[name] for name in states} == {
            name: len(persons) for name, persons in states.items()
        }
        assert point["active"] == point["new"] + point["returning"] + point["resurrected"]
    busiest = max(expected, key=lambda start: sum(map(len, expected[start].values())))
    for name in (asked, "dormant"):
        persons = expected[busiest][name]
        chosen = {"start": str(busiest), "state": name}
        found = LIFECYCLE.people(question, scope, chosen, 100, 0)
        assert (found.persons, found.total) == (sorted(persons), len(persons))


def day(uid: int, text: str, event: str = "commit") -> dict[str, Any]:
    at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return {"event": event, "uid": uid, "ts": int(at.timestamp() * 1000)}


WEEKS = {"first": "2024-01-08", "last": "2024-01-28", "unit": "week"}
EVENTS = [
    day(1, "2023-12-20"), day(1, "2024-01-10"),  # resurrected
    day(2, "2024-01-03"), day(2, "2024-01-09"),  # returning
    day(3, "2024-01-09"), day(3, "2024-01-11"),  # new
    day(4, "2024-01-07"),  # dormant
    day(5, "2024-01-02", "look"), day(5, "2024-01-12"),  # new by event, not by any event
]  # fmt: skip


def states(result: dict[str, Any]) -> list[tuple[int, ...]]:
    names = ("new", "returning", "resurrected", "dormant")
    return [tuple(point[name] for name in names) for point in result["points"]]


def test_the_four_states_of_a_small_story(make_scope):
    scope = make_scope(EVENTS)
    question = question_of(WEEKS, event="commit")
    assert states(LIFECYCLE.run(question, scope)) == [(2, 1, 1, 1), (0, 0, 0, 4), (0, 0, 0, 0)]
    by_any = question_of(WEEKS, event="commit", new_by="any_event")
    assert states(LIFECYCLE.run(by_any, scope))[0] == (1, 1, 2, 1)


def test_late_events_change_what_is_new(make_scope):
    scope = make_scope([*EVENTS, day(3, "2001-01-01")])
    assert states(LIFECYCLE.run(question_of(WEEKS, event="commit"), scope))[0] == (1, 1, 2, 1)


def test_a_cut_range_looks_at_whole_units(make_scope):
    scope = make_scope(EVENTS)
    cut = {**WEEKS, "first": "2024-01-11", "last": "2024-01-11"}
    (point,) = LIFECYCLE.run(question_of(cut, event="commit"), scope)["points"]
    assert point["start"] == "2024-01-08"
    assert point["active"] == 4


def test_unfinished_periods_are_marked_and_left_out_of_averages(make_scope):
    scope = make_scope(EVENTS, now=datetime(2024, 1, 16, tzinfo=UTC))
    result = LIFECYCLE.run(question_of(WEEKS, event="commit"), scope)
    assert [point["unfinished"] for point in result["points"]] == [False, True, True]
    assert result["average"] == {
        "new": 2, "returning": 1, "resurrected": 1, "dormant": 1, "active": 4,
    }  # fmt: skip


def test_periods_that_have_not_begun_have_no_bars(make_scope):
    scope = make_scope(EVENTS, now=datetime(2024, 1, 16, tzinfo=UTC))
    question = question_of(WEEKS, event="commit")
    option = LIFECYCLE.chart(question, LIFECYCLE.run(question, scope), "en")
    assert all(each["data"][1] is not None for each in option["series"])
    assert [each["data"][2] for each in option["series"]] == [None] * 4


def test_an_empty_product_answers_zeros(make_scope):
    result = LIFECYCLE.run(question_of(WEEKS), make_scope([]))
    assert states(result) == [(0, 0, 0, 0)] * 3


def test_chart_and_table_show_the_same_figures(make_scope):
    scope = make_scope(EVENTS, now=datetime(2024, 1, 23, tzinfo=UTC))
    question = question_of(WEEKS, event="commit")
    result = LIFECYCLE.run(question, scope)
    option = LIFECYCLE.chart(question, result, "zh-hans")
    bars = {series["id"]: series["data"] for series in option["series"]}
    assert bars["dormant"][:2] == [-1, -4]
    assert bars["new"][2]["value"] == 0
    assert bars["new"][2]["itemStyle"]["borderType"] == "dashed"
    assert option["legend"]["data"] == ["留存", "回流", "新增", "流失"]
    table = LIFECYCLE.table(question, result)
    assert table.rows[0] == (date(2024, 1, 8), 2, 1, 1, 1, 4, 0)
    assert table.rows[2][-1] == 1
    assert [column.name for column in table.columns][1:6] == list(BY_NAME)


def test_the_definition_says_what_new_means():
    words = LIFECYCLE.describe(question_of(WEEKS, event="commit", filters=[CITY]))
    assert "首次出现落在本周" in words.zh
    assert "“commit”" in words.zh
    assert "“city”" in words.zh
    assert "whole history" in words.en
    assert "any kind" in LIFECYCLE.describe(question_of(WEEKS, new_by="any_event")).en


@pytest.mark.parametrize(
    "selection",
    [
        {},
        {"start": "2024-01-08"},
        {"start": "2024-01-09", "state": "new"},
        {"start": "2024-01-08", "state": "odd"},
        {"start": "2024-01-08", "state": ["new"]},
    ],
)
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        LIFECYCLE.people(question_of(WEEKS), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_too_many_days_are_refused(make_scope):
    long = {"first": "1970-01-01", "last": "2100-01-01", "unit": "day"}
    with pytest.raises(DocumentError) as wrong:
        LIFECYCLE.run(question_of(long), make_scope([]))
    assert wrong.value.code == "too_many_intervals"


def test_hours_are_refused():
    with pytest.raises(ValueError, match="unit"):
        question_of({**WEEKS, "unit": "hour"})


def test_the_example_is_a_valid_document():
    LIFECYCLE.describe(LIFECYCLE.document.model_validate(LIFECYCLE.example))
