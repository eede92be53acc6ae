from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.distribution import DISTRIBUTION, oracle
from userops.analyses.distribution.document import Distribution
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


def question_of(stream: dict[str, Any], **document: Any) -> Distribution:
    days = {"from": stream["first"], "to": stream["last"]}
    return Distribution.model_validate({"product": "shop", "range": days, **document})


def same(part: dict[str, Any], buckets: list[Any], found: dict[int, float]) -> None:
    values = list(found.values())
    assert part["users"] == len(values)
    assert part["counts"] == [
        sum(oracle.holds(bucket, value) for value in values) for bucket in buckets
    ]
    assert part["total"] == pytest.approx(sum(values))
    if not values:
        assert (part["mean"], part["median"], part["min"], part["max"]) == (None,) * 4
        return
    assert part["mean"] == pytest.approx(sum(values) / len(values))
    assert part["median"] == pytest.approx(oracle.quantile(values, 0.5))
    assert (part["min"], part["max"]) == (min(values), max(values))


MEASURES = [
    ("times", None), ("days", None), ("hours", None), ("sum", "amount"), ("avg", "amount"),
    ("max", "amount"), ("min", "amount"), ("distinct", "page"),
]  # fmt: skip
OPTIONS = {
    "event": st.sampled_from(["buy", "*", ("buy", "view")]),
    "filters": st.sampled_from([[], [], [CITY], [GOLD]]),
}
BUCKETS = st.sampled_from(
    [{}, {"cuts": [2]}, {"cuts": [-1, 0.5, 3]}, {"quantiles": 4}, {"quantiles": 3}]
)


@examples(25)
@given(
    stream=streams(days=10),
    measure=st.sampled_from(MEASURES),
    cut=BUCKETS,
    unit=st.sampled_from(["range", "day", "week", "month"]),
    options=st.fixed_dictionaries(OPTIONS),
)
def test_buckets_are_what_the_oracle_says(make_scope, stream, measure, cut, unit, options):
    name, property_ = measure
    scope = scope_of(make_scope, stream)
    given_ = {"measure": name, **({"property": property_} if property_ else {})}
    question = question_of(stream, unit=unit, **given_, **cut, **options)
    result = DISTRIBUTION.run(question, scope)
    begin, _ = question.range.bounds(scope.zone)
    rows = matching(rows_of(stream), options["event"], options["filters"])
    mine = inside(rows, scope.zone, stream["first"], stream["last"])
    found = oracle.figures(mine, name, property_ or "", scope.zone, begin)
    buckets = result["buckets"]
    same(result, buckets, found)
    assert sum(result["counts"]) == len(found)
    if "quantiles" in cut and found:
        edges = [bucket["from"] for bucket in buckets[1:]]
        levels = [part / cut["quantiles"] for part in range(1, cut["quantiles"])]
        wanted = {oracle.quantile(list(found.values()), level) for level in levels}
        expected = sorted(edge for edge in wanted if edge > min(found.values()))
        assert edges == pytest.approx(expected)
    for bucket in buckets:
        who = [person for person, value in found.items() if oracle.holds(bucket, value)]
        chosen = {key: edge for key, edge in bucket.items() if edge is not None}
        behind = DISTRIBUTION.people(question, scope, chosen, 100, 0)
        assert (behind.persons, behind.total) == (sorted(who), len(who))
    for point in result.get("points", []):
        start = date.fromisoformat(point["start"])
        own = [row for row in mine if _starts(row, scope.zone, unit) == start]
        each = oracle.figures(own, name, property_ or "", scope.zone, begin)
        same(point, buckets, each)
    if unit != "range":
        behind = DISTRIBUTION.people(question, scope, {"start": point["start"]}, 100, 0)
        assert behind.persons == sorted(each)


def _starts(row: dict[str, Any], zone: Any, unit: str) -> date:
    day = datetime.fromtimestamp(row["ts"] / 1000, tz=UTC).astimezone(zone).date()
    if unit == "week":
        return date.fromordinal(day.toordinal() - day.weekday())
    return day.replace(day=1) if unit == "month" else day


@examples(14)
@given(
    stream=streams(days=10),
    limit=st.integers(1, 3),
    names=st.sampled_from([["city"], ["level"], ["city", "level"]]),
    measure=st.sampled_from([("times", None), ("sum", "amount")]),
    unit=st.sampled_from(["range", "week"]),
)
def test_groups_part_the_events_and_others_are_recomputed(
    make_scope, stream, limit, names, measure, unit
):
    name, property_ = measure
    scope = scope_of(make_scope, stream)
    asked = [{"property": each, "of": "user"} if each == "level" else each for each in names]
    given_ = {"measure": name, **({"property": property_} if property_ else {})}
    question = question_of(stream, breakdown=asked, limit=limit, unit=unit, **given_)
    result = DISTRIBUTION.run(question, scope)
    begin, _ = question.range.bounds(scope.zone)
    mine = inside(rows_of(stream), scope.zone, stream["first"], stream["last"])
    groups: dict[tuple[str, ...], list[Any]] = {}
    for row in mine:
        groups.setdefault(tuple(row[each] for each in names), []).append(row)
    figures = {
        value: oracle.figures(own, name, property_ or "", scope.zone, begin)
        for value, own in groups.items()
    }
    ranked = sorted((v for v in figures if figures[v]), key=lambda v: (-len(figures[v]), v))
    expected = {value: figures[value] for value in ranked[:limit]}
    if len(ranked) > limit:
        rest = [row for value in groups if value not in ranked[:limit] for row in groups[value]]
        others = oracle.figures(rest, name, property_ or "", scope.zone, begin)
        expected[("$others",) * len(names)] = others
    shown = [tuple(part["breakdown"].values()) for part in result["breakdown"]]
    assert shown == list(expected)
    for part, found in zip(result["breakdown"], expected.values(), strict=True):
        same(part, result["buckets"], found)
        behind = DISTRIBUTION.people(question, scope, {"breakdown": part["breakdown"]}, 100, 0)
        assert behind.persons == sorted(found)


def at(text: str, uid: int, **more: Any) -> dict[str, Any]:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return {"event": "pay", "uid": uid, "ts": int(moment.timestamp() * 1000), **more}


MARCH = {"first": "2024-03-01", "last": "2024-03-10"}
STORY = [
    *(at(f"2024-03-{day:02}T10:00", 1, amount=10.0) for day in range(1, 8)),
    at("2024-03-01T10:00", 2, amount=5.0, city="上海"), at("2024-03-01T10:59:59.999", 2, amount=2.5),
    at("2024-03-10T23:59:59.999", 3, amount=-4.0),
    at("2024-03-05T00:00", 4),  # no amount
    at("2024-03-11T00:00", 5, amount=1.0), at("2024-02-29T23:59", 5, amount=1.0),  # outside
]  # fmt: skip


def test_a_small_story(make_scope):
    scope = make_scope(STORY)
    times = DISTRIBUTION.run(question_of(MARCH), scope)
    assert times["buckets"] == [
        {"from": 1, "to": 2}, {"from": 2, "to": 3}, {"from": 3, "to": 4}, {"from": 4, "to": 5},
        {"from": 5, "to": 6}, {"from": 6, "to": 11},
    ]  # fmt: skip
    assert times["counts"] == [2, 1, 0, 0, 0, 1]
    hours = DISTRIBUTION.run(question_of(MARCH, measure="hours"), scope)
    assert hours["counts"] == [3, 0, 0, 0, 0, 1]
    amount = question_of(MARCH, measure="sum", property="amount", cuts=[0, 7.5, 70])
    result = DISTRIBUTION.run(amount, scope)
    assert result["buckets"][0] == {"from": None, "to": 0}
    assert (result["users"], result["counts"]) == (3, [1, 0, 1, 1])
    assert (result["total"], result["median"], result["min"]) == (73.5, 7.5, -4.0)


def test_periods_and_what_is_unfinished(make_scope):
    scope = make_scope(STORY, now=datetime(2024, 3, 10, 12, tzinfo=UTC))
    question = question_of(MARCH, unit="week")
    result = DISTRIBUTION.run(question, scope)
    assert [point["start"] for point in result["points"]] == ["2024-02-26", "2024-03-04"]
    assert [point["unfinished"] for point in result["points"]] == [False, True]
    assert result["partial"] == ["2024-02-26"]
    option = DISTRIBUTION.chart(question, result, "zh")
    assert [each["name"] for each in option["series"]] == ["1", "2", "3", "4", "5", "6–10"]
    assert option["series"][0]["userops"] == {"unfinished": 1}
    assert DISTRIBUTION.table(question, result).rows[1][:3] == (date(2024, 3, 4), 3, 2.0)


def test_many_buckets_are_drawn_as_eight(make_scope):
    events = [at("2024-03-02T10:00", uid) for uid in range(12) for _ in range(2**uid)]
    question = question_of(MARCH, unit="month")
    result = DISTRIBUTION.run(question, make_scope(events))
    option = DISTRIBUTION.chart(question, result, "zh")
    assert [each["name"] for each in option["series"]][-2:] == ["11–20", "≥ 21"]
    assert sum(sum(each["data"]) for each in option["series"]) == 12
    marks = DISTRIBUTION.page.marks(question, result, "zh")
    assert marks["≥ 21"][0] == {"start": "2024-03-01", "from": 21, "to": 5001}


def test_compared_with_the_period_before(make_scope):
    scope = make_scope(STORY)
    question = question_of(MARCH, compare="previous_period")
    result = DISTRIBUTION.run(question, scope)
    assert result["comparison"]["from"] == "2024-02-20"
    assert result["comparison"]["counts"] == [1, 0, 0, 0, 0, 0]
    table = DISTRIBUTION.table(question, result)
    assert table.rows[0] == (1, 2, 2, 0.5, 1, 1.0)
    chosen = {"from": 1, "to": 2, "comparison": True}
    assert DISTRIBUTION.people(question, scope, chosen, 10, 0).persons == [5]


@pytest.mark.parametrize("unit", ["range", "week"])
@pytest.mark.parametrize("breakdown", [[], ["city"]])
@pytest.mark.parametrize("compare", [None, "previous_period"])
def test_every_number_of_a_table_has_its_people(make_scope, unit, breakdown, compare):
    scope = make_scope(STORY)
    question = question_of(MARCH, unit=unit, breakdown=breakdown, compare=compare)
    result = DISTRIBUTION.run(question, scope)
    table = DISTRIBUTION.table(question, result)
    cells = DISTRIBUTION.page.cells(question, result, table)
    assert len(cells) == len(table.rows) >= DISTRIBUTION.page.whole(result)
    for line, row in zip(cells, table.rows, strict=True):
        assert len(line) == len(row) == len(table.columns)
        for selection, value in zip(line, row, strict=True):
            if selection is not None:
                assert DISTRIBUTION.people(question, scope, selection, 10, 0).total == value
    option = DISTRIBUTION.chart(question, result, "en")
    marks = DISTRIBUTION.page.marks(question, result, "en")
    assert set(marks) <= {each["name"] for each in option["series"]}
    assert DISTRIBUTION.page.facts(question, result)


def test_an_empty_product_answers_nobody(make_scope):
    for more in ({}, {"quantiles": 4}, {"cuts": [1, 5]}, {"unit": "week"}):
        question = question_of(MARCH, breakdown=["city"], **more)
        result = DISTRIBUTION.run(question, make_scope([]))
        assert (result["users"], result["mean"], result["breakdown"]) == (0, None, [])
        DISTRIBUTION.chart(question, result, "zh")
        DISTRIBUTION.table(question, result)


def test_the_definition_names_every_option():
    words = DISTRIBUTION.describe(
        question_of(MARCH, measure="sum", property="amount", cuts=[1, 2.5], unit="week",
                    breakdown=["city"], compare="previous_period")
    )  # fmt: skip
    for part in ["“amount”总和", "分段点为 1, 2.5", "的每周内", "“city”", "环比", "有效值"]:
        assert part in words.zh
    for part in ["sum of “amount”", "cut at 1, 2.5", "each week", "“others”", "left out"]:
        assert part in words.en
    assert "分为 4 段" in DISTRIBUTION.describe(question_of(MARCH, quantiles=4)).zh


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"measure": "sum"}, "measure_property_missing"),
        ({"property": "amount"}, "measure_property_extra"),
        ({"cuts": [2, 1]}, "distribution_cuts"),
        ({"cuts": [1], "quantiles": 4}, "distribution_buckets"),
        ({"breakdown": ["city", "city"]}, "breakdown_twice"),
    ],
)
def test_wrong_documents_are_refused_with_a_code_that_has_words(change, code):
    with pytest.raises(ValueError, match=code):
        question_of(MARCH, **change)
    assert code in DISTRIBUTION.problems


@pytest.mark.parametrize(
    "selection",
    [
        {"from": "x"}, {"odd": 1}, {"start": "2024-03-01"}, {"comparison": True},
        {"breakdown": {"city": "x"}},
    ],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        DISTRIBUTION.people(question_of(MARCH), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_too_many_points_are_refused(make_scope):
    long = {"first": "2000-01-01", "last": "2024-01-01"}
    with pytest.raises(DocumentError) as wrong:
        DISTRIBUTION.run(
            question_of(long, unit="day", breakdown=["city"], limit=200), make_scope([])
        )
    assert wrong.value.code == "too_many_points"


def test_the_example_is_a_valid_document():
    DISTRIBUTION.describe(DISTRIBUTION.document.model_validate(DISTRIBUTION.example))


def test_a_latin_name_in_the_title_of_an_axis_stands_apart_from_the_chinese(make_scope):
    question = question_of(MARCH, measure="sum", property="Revenue")
    option = DISTRIBUTION.chart(question, DISTRIBUTION.run(question, make_scope(STORY)), "zh")
    assert option["yAxis"]["name"] == "用户数（按 Revenue 总和）"
