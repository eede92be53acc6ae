from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.interval import INTERVAL, oracle
from userops.analyses.interval.document import Interval
from userops.analyses.streams import CITY, GOLD, examples, matching, rows_of, scope_of, streams
from userops.errors import DocumentError
from userops.query.filters import Condition

crowds = streams(days=4, close=60_000)
"""Events come about so long after another: the limit of a minute, to the millisecond."""


def question_of(stream: dict[str, Any], **document: Any) -> Interval:
    days = {"from": stream["first"], "to": stream["last"]}
    given = {"product": "shop", "range": days, "start": "view", "end": "buy", **document}
    return Interval.model_validate(given)


def expected_of(question: Interval, scope: Any, stream: dict[str, Any], value: Any) -> list[Any]:
    begin, after = question.range.bounds(scope.zone)
    asked = [each for each in (CITY, GOLD) if Condition(**each) in question.filters]
    rows = matching(rows_of(stream), "*", asked)
    seen = [row for row in rows if begin <= row["ts"] < after + question.within_ms]

    def test(step: Any) -> Any:
        events = step.events
        city = bool(step.filters)
        return lambda row: (
            (not events or row["event"] in events) and (not city or row["city"] == "上海")
        )

    found = oracle.pairs(
        seen, test(question.start), test(question.end), question.within_ms,
        list(question.hold_constant), value, chained=question.chained,
    )  # fmt: skip
    return [pair for pair in found if pair.start["ts"] < after]


def same(part: dict[str, Any], found: list[oracle.Pair]) -> None:
    for name, value in oracle.figures(found).items():
        assert part[name] == (pytest.approx(value) if value is not None else None), name


STEPS = st.sampled_from(
    ["view", "buy", "*", {"event": ["view", "buy"]}, {"event": "buy", "filters": [CITY]}]
)
OPTIONS = {
    "start": STEPS,
    "end": STEPS,
    "within": st.sampled_from(["60s", "2m", "1d"]),
    "chained": st.booleans(),
    "filters": st.sampled_from([[], [], [CITY], [GOLD]]),
    "hold_constant": st.sampled_from([[], [], ["order"], ["order", "page"]]),
}


@examples(18)
@given(
    stream=crowds,
    options=st.fixed_dictionaries(OPTIONS),
    unit=st.sampled_from(["day", "week", "month"]),
)
def test_figures_are_what_the_oracle_says(make_scope, stream, options, unit):
    scope = scope_of(make_scope, stream)
    question = question_of(stream, view="periods", unit=unit, **options)
    result = INTERVAL.run(question, scope)
    found = expected_of(question, scope, stream, lambda row: ())
    same(result, found)
    for point in result["points"]:
        own = [pair for pair in found if _starts(pair.start, scope.zone, unit) == point["start"]]
        same(point, own)
    behind = INTERVAL.people(question, scope, {"start": point["start"]}, 100, 0)
    who = sorted({pair.start["person"] for pair in own})
    assert (behind.persons, behind.total) == (who, len(who))


def _starts(row: dict[str, Any], zone: Any, unit: str) -> str:
    day = datetime.fromtimestamp(row["ts"] / 1000, tz=UTC).astimezone(zone).date()
    if unit == "week":
        day -= timedelta(days=day.weekday())
    return (day.replace(day=1) if unit == "month" else day).isoformat()


@examples(12)
@given(stream=crowds, options=st.fixed_dictionaries(OPTIONS))
def test_histograms_are_what_the_oracle_says(make_scope, stream, options):
    scope = scope_of(make_scope, stream)
    question = question_of(stream, view="histogram", **options)
    result = INTERVAL.run(question, scope)
    found = expected_of(question, scope, stream, lambda row: ())
    for bucket in result["histogram"]:
        high = bucket["to"] if bucket["to"] is not None else float("inf")
        own = [pair for pair in found if bucket["from"] <= pair.gap / 1000 < high]
        assert bucket["pairs"] == len(own)
        chosen = {"from": bucket["from"], "to": bucket["to"]}
        behind = INTERVAL.people(question, scope, chosen, 100, 0)
        assert behind.persons == sorted({pair.start["person"] for pair in own})
    assert sum(bucket["pairs"] for bucket in result["histogram"]) == len(found)


@examples(14)
@given(
    stream=crowds,
    options=st.fixed_dictionaries(OPTIONS),
    names=st.sampled_from([["city"], ["level"], ["page", "level"]]),
    limit=st.integers(1, 3),
)
def test_groups_are_those_of_the_start(make_scope, stream, options, names, limit):
    scope = scope_of(make_scope, stream)
    asked = [{"property": each, "of": "user"} if each == "level" else each for each in names]
    question = question_of(stream, breakdown=asked, limit=limit, **options)
    result = INTERVAL.run(question, scope)

    def value(row: dict[str, Any]) -> tuple[str, ...]:
        return tuple(row[name] for name in names)

    groups: dict[tuple[str, ...], list[oracle.Pair]] = {}
    for pair in expected_of(question, scope, stream, value):
        groups.setdefault(value(pair.start), []).append(pair)
    ranked = sorted(groups, key=lambda own: (-len(groups[own]), own))
    expected = {own: groups[own] for own in ranked[:limit]}
    if len(ranked) > limit:
        rest = [pair for own in ranked[limit:] for pair in groups[own]]
        expected[("$others",) * len(names)] = rest
    shown = [tuple(part["breakdown"].values()) for part in result["breakdown"]]
    assert shown == list(expected)
    for part, found in zip(result["breakdown"], expected.values(), strict=True):
        same(part, found)
        chosen = {"breakdown": part["breakdown"]}
        behind = INTERVAL.people(question, scope, chosen, 100, 0)
        assert behind.persons == sorted({pair.start["person"] for pair in found})


def at(event: str, uid: int, text: str, **more: Any) -> dict[str, Any]:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return {"event": event, "uid": uid, "ts": int(moment.timestamp() * 1000), **more}


DAYS = {"first": "2024-03-01", "last": "2024-03-02"}
STORY = [
    at("view", 1, "2024-03-01T10:00"), at("view", 1, "2024-03-01T10:01"), at("buy", 1, "2024-03-01T10:03"),
    at("buy", 1, "2024-03-01T10:04"),  # no start is left for it
    at("view", 2, "2024-03-02T23:59", city="上海"), at("buy", 2, "2024-03-03T00:59"),  # after the range
    at("view", 3, "2024-03-01T10:00"), at("buy", 3, "2024-03-01T11:00:00.001"),  # a millisecond too late
    at("view", 4, "2024-02-29T23:59:59.999"), at("buy", 4, "2024-03-01T00:10"),  # before the range
    at("view", 5, "2024-03-01T12:00"), at("buy", 5, "2024-03-01T12:00"),  # at once
]  # fmt: skip


def test_a_small_story(make_scope):
    result = INTERVAL.run(question_of(DAYS, within="1h"), make_scope(STORY))
    assert (result["pairs"], result["users"]) == (3, 3)
    assert (result["min"], result["median"], result["max"]) == (0, 120, 3600)
    assert result["mean"] == 1240


def test_an_event_is_in_one_pair_unless_they_are_chained(make_scope):
    events = [at("buy", 1, f"2024-03-01T10:{minute:02}") for minute in (0, 1, 3, 6, 10)]
    scope = make_scope(events)
    alone = INTERVAL.run(question_of(DAYS, start="buy"), scope)
    assert (alone["pairs"], alone["min"], alone["max"]) == (2, 60, 180)
    chained = INTERVAL.run(question_of(DAYS, start="buy", chained=True), scope)
    assert (chained["pairs"], chained["max"]) == (4, 240)


def test_whiskers_leave_out_what_is_far(make_scope):
    events = []
    for uid, seconds in enumerate([10, 11, 12, 13, 14, 1000]):
        events += [at("view", uid, "2024-03-01T10:00")]
        events += [{**events[-1], "event": "buy", "ts": events[-1]["ts"] + seconds * 1000}]
    result = INTERVAL.run(question_of(DAYS), make_scope(events))
    assert (result["low"], result["high"], result["max"]) == (10, 14, 1000)
    option = INTERVAL.chart(question_of(DAYS), result, "zh")
    assert option["series"][0]["data"] == [[10, 11.25, 12.5, 13.75, 14]]


def test_starts_that_may_still_find_an_end_are_marked(make_scope):
    scope = make_scope(STORY, now=datetime(2024, 3, 2, 12, tzinfo=UTC))
    result = INTERVAL.run(question_of(DAYS, within="13h", view="periods"), scope)
    assert result["unfinished"] == ["2024-03-01", "2024-03-02"]
    result = INTERVAL.run(question_of(DAYS, within="12h", view="periods"), scope)
    assert [point["unfinished"] for point in result["points"]] == [False, True]


def test_compared_with_the_period_before(make_scope):
    scope = make_scope(STORY)
    question = question_of(DAYS, compare="previous_period", within="1h")
    result = INTERVAL.run(question, scope)
    assert result["comparison"]["from"] == "2024-02-28"
    assert (result["comparison"]["pairs"], result["comparison"]["median"]) == (1, 600.001)
    table = INTERVAL.table(question, result)
    names = [column.name for column in table.columns]
    assert table.rows[0][names.index("pairs_compared")] == 1
    assert INTERVAL.people(question, scope, {"comparison": True}, 10, 0).persons == [4]
    option = INTERVAL.chart(question, result, "en")
    assert [each["name"] for each in option["series"]] == ["Interval", "Interval · previous period"]


@pytest.mark.parametrize("view", ["box", "histogram", "periods"])
@pytest.mark.parametrize("breakdown", [[], ["city"]])
@pytest.mark.parametrize("compare", [None, "previous_period"])
def test_users_of_a_table_have_their_people(make_scope, view, breakdown, compare):
    scope = make_scope(STORY)
    question = question_of(DAYS, view=view, breakdown=breakdown, compare=compare)
    result = INTERVAL.run(question, scope)
    table = INTERVAL.table(question, result)
    cells = INTERVAL.page.cells(question, result, table)
    assert len(cells) == len(table.rows) >= INTERVAL.page.whole(result)
    for line, row in zip(cells, table.rows, strict=True):
        assert len(line) == len(row) == len(table.columns)
        for column, selection, value in zip(table.columns, line, row, strict=True):
            if column.name.startswith("users") and selection is not None:
                assert INTERVAL.people(question, scope, selection, 10, 0).total == value
    option = INTERVAL.chart(question, result, "en")
    marks = INTERVAL.page.marks(question, result, "en")
    assert set(marks) <= {each["name"] for each in option["series"]}
    assert len(INTERVAL.page.facts(question, result)) == 5
    if view == "periods":
        assert table.rows[0][len(breakdown)] == date(2024, 3, 1)


def test_an_empty_product_answers_zeros_and_nulls(make_scope):
    for view in ("box", "histogram", "periods"):
        question = question_of(DAYS, view=view, breakdown=["city"])
        result = INTERVAL.run(question, make_scope([]))
        assert (result["pairs"], result["median"], result["breakdown"]) == (0, None, [])
        INTERVAL.chart(question, result, "zh")
        INTERVAL.table(question, result)


def test_the_definition_names_every_option():
    words = INTERVAL.describe(
        question_of(DAYS, within="24h", hold_constant="order", breakdown=["city"], view="periods",
                    compare="previous_period", filters=[CITY])
    )  # fmt: skip
    for part in ["“view”", "“buy”", "24 小时", "“order”须相同", "“city”", "环比", "至多属于一对"]:
        assert part in words.zh
    for part in ["24 hours", "the same “order”", "“others”", "two pairs", "linear", "by day"]:
        assert part in words.en
    assert "may start the next pair" in INTERVAL.describe(question_of(DAYS, chained=True)).en


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"within": "soon"}, "interval_within"),
        ({"within": "4000d"}, "interval_within"),
        ({"breakdown": ["city", "city"]}, "breakdown_twice"),
    ],
)
def test_wrong_documents_are_refused_with_a_code_that_has_words(change, code):
    with pytest.raises(ValueError, match=code):
        question_of(DAYS, **change)
    assert code in INTERVAL.problems


@pytest.mark.parametrize(
    "selection",
    [
        {"from": "x"}, {"odd": 1}, {"start": "2024-05-01"}, {"comparison": True},
        {"breakdown": {"city": "x"}},
    ],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        INTERVAL.people(question_of(DAYS), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_too_many_points_are_refused(make_scope):
    long = {"first": "2000-01-01", "last": "2024-01-01"}
    with pytest.raises(DocumentError) as wrong:
        INTERVAL.run(
            question_of(long, view="periods", breakdown=["city"], limit=200), make_scope([])
        )
    assert wrong.value.code == "too_many_points"


def test_the_example_is_a_valid_document():
    INTERVAL.describe(INTERVAL.document.model_validate(INTERVAL.example))
