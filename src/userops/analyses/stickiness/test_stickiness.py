from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from userops.analyses.stickiness import STICKINESS, oracle
from userops.analyses.stickiness.document import Stickiness
from userops.analyses.streams import (
    CITY,
    GOLD,
    examples,
    inside,
    matching,
    rows_of,
    scope_of,
    streams,
)
from userops.errors import DocumentError
from userops.query.active import by_number, count_once


def question_of(stream: dict[str, Any], **document: Any) -> Stickiness:
    days = {"from": stream["first"], "to": stream["last"]}
    return Stickiness.model_validate({"product": "shop", "range": days, **document})


def spread(found: dict[int, set[Any]], intervals: int) -> dict[str, Any]:
    """Exactly and at least, from the oracle's intervals of each person."""
    counts = [len(each) for each in found.values()]
    return {
        "users": len(found),
        "exactly": [counts.count(k) for k in range(1, intervals + 1)],
        "at_least": [sum(count >= k for count in counts) for k in range(1, intervals + 1)],
    }


def same(figures: dict[str, Any], found: dict[int, set[Any]]) -> None:
    expected = spread(found, len(figures["exactly"]))
    assert {name: figures[name] for name in expected} == expected
    total = sum(len(each) for each in found.values())
    assert figures["average"] == (pytest.approx(total / len(found)) if found else None)


OPTIONS = {
    "event": st.sampled_from(["buy", "*", ("buy", "view")]),
    "filters": st.sampled_from([[], [CITY], [GOLD], [CITY, GOLD]]),
    "min_times": st.sampled_from([1, 1, 2]),
}


@examples(25)
@given(
    stream=streams(),
    unit=st.sampled_from(["hour", "day", "week", "month"]),
    options=st.fixed_dictionaries(OPTIONS),
    k=st.integers(1, 3),
)
def test_frequencies_are_what_the_oracle_says(make_scope, stream, unit, options, k):
    scope = scope_of(make_scope, stream)
    question = question_of(stream, unit=unit, **options)
    result = STICKINESS.run(question, scope)
    begin, _ = question.range.bounds(scope.zone)
    rows = matching(rows_of(stream), options["event"], options["filters"])
    mine = inside(rows, scope.zone, stream["first"], stream["last"])
    found = oracle.active(mine, scope.zone, unit, options["min_times"], begin)
    same(result, found)
    for at_least in (True, False):
        chosen = {"intervals": k, "at_least": at_least}
        behind = STICKINESS.people(question, scope, chosen, 100, 0)
        who = [p for p, each in found.items() if len(each) == k or (at_least and len(each) > k)]
        assert (behind.persons, behind.total) == (sorted(who), len(who))


@examples(20)
@given(
    stream=streams(),
    units=st.sampled_from([("hour", "day"), ("day", "week"), ("day", "month"), ("week", "month"),
                           ("hour", "week"), ("month", "quarter")]),
    options=st.fixed_dictionaries(OPTIONS),
)  # fmt: skip
def test_periods_are_what_the_oracle_says(make_scope, stream, units, options):
    unit, period = units
    scope = scope_of(make_scope, stream)
    question = question_of(stream, unit=unit, period=period, view="periods", **options)
    result = STICKINESS.run(question, scope)
    begin, _ = question.range.bounds(scope.zone)
    rows = matching(rows_of(stream), options["event"], options["filters"])
    mine = inside(rows, scope.zone, stream["first"], stream["last"])
    for point in result["periods"]:
        start = date.fromisoformat(point["start"])
        at = int(datetime(start.year, start.month, start.day, 12, tzinfo=scope.zone).timestamp())
        which = oracle.interval(at * 1000, scope.zone, period, begin)
        own = [r for r in mine if oracle.interval(r["ts"], scope.zone, period, begin) == which]
        found = oracle.active(own, scope.zone, unit, options["min_times"], begin)
        same(point, found)
    behind = STICKINESS.people(question, scope, {"start": point["start"], "at_least": True}, 100, 0)
    assert behind.persons == sorted(found)


@examples(20)
@given(stream=streams(), options=st.fixed_dictionaries(OPTIONS))
def test_dau_wau_and_mau_are_what_the_oracle_says(make_scope, stream, options):
    scope = scope_of(make_scope, stream)
    question = question_of(stream, view="ratio", **options)
    result = STICKINESS.run(question, scope)["ratio"]
    rows = matching(rows_of(stream), options["event"], options["filters"])
    days = oracle.days_active(rows, scope.zone, options["min_times"])
    sums = dict.fromkeys([1, 7, 30], 0)
    for point in result["points"]:
        for name, window in (("dau", 1), ("wau", 7), ("mau", 30)):
            who = oracle.trailing(days, date.fromisoformat(point["start"]), window)
            assert point[name] == len(who)
            sums[window] += len(who)
    assert result["dau_mau"] == (pytest.approx(sums[1] / sums[30]) if sums[30] else None)
    assert result["dau_wau"] == (pytest.approx(sums[1] / sums[7]) if sums[7] else None)
    behind = STICKINESS.people(question, scope, {"start": point["start"], "days": 30}, 100, 0)
    assert behind.persons == sorted(who)


@examples(20)
@given(
    stream=streams(),
    view=st.sampled_from(["exactly", "ratio"]),
    limit=st.integers(1, 3),
    names=st.sampled_from([["city"], ["level"], ["city", "level"]]),
)
def test_groups_part_the_events_and_others_are_recomputed(make_scope, stream, view, limit, names):
    scope = scope_of(make_scope, stream)
    asked = [{"property": "level", "of": "user"} if name == "level" else name for name in names]
    question = question_of(stream, breakdown=asked, limit=limit, view=view)
    result = STICKINESS.run(question, scope)
    mine = inside(rows_of(stream), scope.zone, stream["first"], stream["last"])
    persons: dict[tuple[str, ...], set[int]] = {}
    for row in mine:
        persons.setdefault(tuple(row[name] for name in names), set()).add(row["person"])
    ranked = sorted(persons, key=lambda value: (-len(persons[value]), value))
    rest = [("$others",) * len(names)] if len(ranked) > limit else []
    shown = [tuple(part["breakdown"].values()) for part in result["breakdown"]]
    assert shown == ranked[:limit] + rest
    begin, _ = question.range.bounds(scope.zone)
    for value, part in zip(shown, result["breakdown"], strict=True):
        own = [
            row
            for row in (mine if view == "exactly" else rows_of(stream))
            if (tuple(row[name] for name in names) == value)
            or ("$others" in value and tuple(row[name] for name in names) not in ranked[:limit])
        ]
        if view == "ratio":
            days = oracle.days_active(own, scope.zone, 1)
            point = part["ratio"]["points"][-1]
            assert point["mau"] == len(oracle.trailing(days, stream["last"], 30))
            continue
        found = oracle.active(own, scope.zone, "day", 1, begin)
        same(part, found)
        chosen = {"intervals": 1, "at_least": True, "breakdown": part["breakdown"]}
        assert STICKINESS.people(question, scope, chosen, 100, 0).persons == sorted(found)


def at(text: str, uid: int, **more: Any) -> dict[str, Any]:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return {"event": "open", "uid": uid, "ts": int(moment.timestamp() * 1000), **more}


MARCH = {"first": "2024-03-01", "last": "2024-03-10"}
STORY = [
    *(at(f"2024-03-{day:02}T10:00", 1) for day in range(1, 11)),  # every day
    *(at(f"2024-03-{day:02}T10:00", 2, city="上海") for day in (1, 5)),
    at("2024-03-10T23:59:59.999", 3),
    at("2024-03-11T00:00", 4),  # after the range
    at("2024-02-29T23:59:59.999", 5),  # before it
]


def test_a_small_story(make_scope):
    result = STICKINESS.run(question_of(MARCH), make_scope(STORY))
    assert result["users"] == 3
    assert result["exactly"] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert result["at_least"] == [3, 2, 1, 1, 1, 1, 1, 1, 1, 1]
    assert result["average"] == 13 / 3
    # one day in the range, MAU looks back over February
    assert result["ratio"]["points"][0] | {"start": ""} == {
        "start": "", "dau": 2, "wau": 3, "mau": 3, "dau_mau": 2 / 3, "dau_wau": 2 / 3, "unfinished": False,
    }  # fmt: skip


def test_more_than_64_intervals_count_the_same(make_scope):
    begin = datetime(2024, 1, 1, tzinfo=UTC)
    events = [
        at((begin + timedelta(days=day)).isoformat()[:19], person)
        for person in range(1, 8)
        for day in range(0, 200, person)
    ]
    long = {"first": "2024-01-01", "last": "2024-07-18"}
    result = STICKINESS.run(question_of(long), make_scope(events))
    assert [k for k, users in enumerate(result["exactly"], 1) if users] == [
        29,
        34,
        40,
        50,
        67,
        100,
        200,
    ]
    assert result["average"] == pytest.approx((29 + 34 + 40 + 50 + 67 + 100 + 200) / 7)


@examples(40)
@given(
    st.lists(st.sets(st.integers(0, 70_000) | st.integers(0, 9)), max_size=40), st.integers(1, 90)
)
def test_numbers_counted_in_planes_are_those_counted_one_by_one(of_days, most):
    of_days = (of_days * most)[:most]
    days, planes = [BitMap(day) for day in of_days], []
    for day in days:
        count_once(planes, day)
    numbers = Counter(person for day in of_days for person in day)
    found = {person: number for number, persons in by_number(planes) for person in persons}
    assert found == numbers
    # they are shared with other questions
    assert days == [BitMap(day) for day in of_days]


def test_what_is_unfinished_is_marked_and_left_out_of_averages(make_scope):
    scope = make_scope(STORY, now=datetime(2024, 3, 10, 12, tzinfo=UTC))
    result = STICKINESS.run(question_of(MARCH), scope)
    assert result["unfinished"] == ["2024-03-10"]
    assert result["exactly"][9] == 1
    assert result["average"] == 11 / 2
    points = result["ratio"]["points"]
    assert [point["unfinished"] for point in points] == [False] * 9 + [True]
    assert result["ratio"]["dau_mau"] == pytest.approx(11 / sum(p["mau"] for p in points[:9]))
    often = STICKINESS.run(question_of(MARCH, min_times=2), scope)
    assert (often["users"], often["average"], often["ratio"]["dau_mau"]) == (0, None, None)


def test_compared_with_the_period_before(make_scope):
    scope = make_scope(STORY)
    question = question_of(MARCH, compare="previous_period", breakdown=["city"])
    result = STICKINESS.run(question, scope)
    then = result["comparison"]
    assert (then["from"], then["to"]) == ("2024-02-20", "2024-02-29")
    assert then["exactly"] == [1, *[0] * 9]
    chosen = {"intervals": 1, "comparison": True}
    assert STICKINESS.people(question, scope, chosen, 10, 0).persons == [5]
    assert [part["comparison"]["users"] for part in result["breakdown"]] == [1, 0]
    table = STICKINESS.table(question, result)
    assert table.columns[0].name == "by_city"
    assert table.rows[0] == ("", 1, 1, 1 / 3, 3, 1.0, 1, 1.0, 1, 1.0)
    assert len(table.rows) == 30
    assert STICKINESS.page.whole(result) == 10
    option = STICKINESS.chart(question, result, "zh")
    assert [each["name"] for each in option["series"]][:2] == [
        "（未设置）",
        "（未设置） · 上一周期",
    ]


@pytest.mark.parametrize("view", ["exactly", "at_least", "ratio", "periods"])
@pytest.mark.parametrize("breakdown", [[], ["city"]])
def test_every_number_of_a_table_has_its_people(make_scope, view, breakdown):
    scope = make_scope(STORY, now=datetime(2024, 3, 10, 12, tzinfo=UTC))
    question = question_of(MARCH, view=view, breakdown=breakdown)
    result = STICKINESS.run(question, scope)
    table = STICKINESS.table(question, result)
    cells = STICKINESS.page.cells(question, result, table)
    assert len(cells) == len(table.rows)
    asked = 0
    for line, row in zip(cells[::7], table.rows[::7], strict=True):
        for selection, value in zip(line, row, strict=True):
            if selection is not None:
                assert STICKINESS.people(question, scope, selection, 10, 0).total == value
                asked += 1
    assert asked
    option = STICKINESS.chart(question, result, "en")
    marks = STICKINESS.page.marks(question, result, "en")
    assert set(marks) <= {each["name"] for each in option["series"]}
    assert STICKINESS.page.facts(question, result)


def test_an_empty_product_answers_zeros(make_scope):
    for view in ("exactly", "ratio", "periods"):
        question = question_of(MARCH, view=view, breakdown=["city"])
        result = STICKINESS.run(question, make_scope([]))
        assert result["breakdown"] == []
        assert result["ratio"]["dau_mau"] is None
        STICKINESS.chart(question, result, "zh")


def test_the_definition_names_every_option():
    words = STICKINESS.describe(
        question_of(
            MARCH, min_times=3, breakdown=["city"], compare="previous_period", filters=[CITY]
        )
    )
    for part in ["至少发生 3 次", "恰好活跃", "30 天内", "“city”", "环比", "未结束"]:
        assert part in words.zh
    for part in ["at least 3 times", "exactly and at least", "“others”", "2024-02-20"]:
        assert part in words.en
    assert "week of" in STICKINESS.describe(question_of(MARCH, view="periods")).en


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"view": "periods", "unit": "week", "period": "week"}, "stickiness_period"),
        ({"breakdown": ["city", "city"]}, "breakdown_twice"),
    ],
)
def test_wrong_documents_are_refused_with_a_code_that_has_words(change, code):
    with pytest.raises(ValueError, match=code):
        question_of(MARCH, **change)
    assert code in STICKINESS.problems


@pytest.mark.parametrize(
    "selection",
    [
        {"intervals": "x"}, {"odd": 1}, {"days": 5}, {"start": "2024-03-01"}, {"comparison": True},
        {"breakdown": {"city": "x"}}, {"days": 30, "start": "2024-05-01"}, {"days": 30},
    ],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        STICKINESS.people(question_of(MARCH), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_too_many_intervals_are_refused(make_scope):
    long = {"first": "2020-01-01", "last": "2024-01-01"}
    with pytest.raises(DocumentError) as wrong:
        STICKINESS.run(question_of(long), make_scope([]))
    assert wrong.value.code == "too_many_intervals"


def test_the_example_is_a_valid_document():
    STICKINESS.describe(STICKINESS.document.model_validate(STICKINESS.example))
