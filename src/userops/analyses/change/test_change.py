from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from math import prod
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.breakdown import Breakdown
from userops.analyses.change import candidates, oracle, when
from userops.analyses.change.segments import OVERLAP
from userops.analyses.change.table import CODES
from userops.analyses.change.wording import number_words
from userops.analyses.registry import BY_KIND, CHANGE
from userops.errors import DocumentError
from userops.query.steps import OTHERS
from userops.stats.comparisons import cramers_v

DAY = 86_400_000
BEGIN = int(datetime(2024, 3, 4, tzinfo=UTC).timestamp() * 1000)
RANGE = {"from": "2024-03-11", "to": "2024-03-17"}
CITIES = ["上海", "北京", ""]


@st.composite
def streams(draw) -> dict[str, Any]:
    """Events of the week before the range and of the range, with ties and events on the edges."""
    at = st.one_of(
        st.integers(0, 14 * DAY - 1),
        st.sampled_from([0, -1, 7 * DAY - 1, 7 * DAY, 14 * DAY - 1, 14 * DAY]),
        st.sampled_from([3 * DAY, 9 * DAY]),
    )
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["view", "pay"]),
            "uid": st.integers(0, 7),
            "ts": at.map(lambda ms: BEGIN + ms),
            "city": st.sampled_from(CITIES),
            "amount": st.sampled_from([None, 1.0, 2.5, 40.0]),
        }
    )
    levels = st.fixed_dictionaries({"level": st.sampled_from(["gold", "new"])})
    return {
        "events": draw(st.lists(event, min_size=draw(st.sampled_from([0, 25, 40])), max_size=60)),
        "merges": draw(st.dictionaries(st.integers(4, 7), st.integers(0, 3), max_size=2)),
        "profiles": draw(st.dictionaries(st.integers(0, 7), levels, max_size=5)),
    }


def document(question: dict[str, Any], **fields: Any) -> Any:
    whole = {"product": "shop", "range": RANGE, "min_size": 1, "question": question, **fields}
    return CHANGE.document.model_validate(whole)


def scope_of(make_scope, stream):
    return make_scope(stream["events"], merges=stream["merges"], profiles=stream["profiles"])


def halves(stream: dict[str, Any], counted: Any) -> tuple[list[Any], list[Any]]:
    """The rows of the base and of the range that count anywhere, with persons and levels."""
    rows = []
    for event in stream["events"]:
        person = stream["merges"].get(event["uid"], event["uid"])
        level = stream["profiles"].get(person, {}).get("level", "")
        counts = counted(event)
        if counts:
            rows.append({**event, "person": person, "level": level, "counts": counts})
    first = [row for row in rows if BEGIN <= row["ts"] < BEGIN + 7 * DAY]
    second = [row for row in rows if BEGIN + 7 * DAY <= row["ts"] < BEGIN + 14 * DAY]
    return first, second


PAY = {"event": "pay"}
AMOUNT = {"property": "amount"}
FIGURES: dict[str, tuple[dict[str, Any], list[tuple[str, str]], float, bool]] = {
    "total": ({"series": [PAY]}, [("events", "pay")], 1, False),
    "users": ({"series": [{**PAY, "measure": "users"}]}, [("persons", "pay")], 1, True),
    "sum": ({"series": [{**PAY, "measure": "sum", **AMOUNT}]}, [("sum", "pay")], 1, False),
    "average": (
        {"series": [{**PAY, "measure": "avg", **AMOUNT}]},
        [("sum", "pay"), ("numbers", "pay")], 1, False,
    ),
    "per_user": (
        {"series": [{**PAY, "measure": "per_user"}]},
        [("events", "pay"), ("persons", "pay")], 1, True,
    ),
    "formula": (
        {
            "series": [{**PAY, "measure": "users"}, {"event": "view", "measure": "users"}],
            "formulas": [{"formula": "A/B*100"}],
        },
        [("persons", "pay"), ("persons", "view")], 100, True,
    ),
    "events_formula": (
        {"series": [PAY, {"event": "*"}], "formulas": [{"formula": "A/B"}]},
        [("events", "pay"), ("events", "any")], 1, False,
    ),
}  # fmt: skip


def counted(event: dict[str, Any]) -> set[str]:
    return {event["event"], "any"}


SETTINGS = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@SETTINGS
@given(
    stream=streams(),
    name=st.sampled_from(list(FIGURES)),
    standing=st.sampled_from(["first", "last"]),
    of=st.sampled_from(["event", "user"]),
    filtered=st.booleans(),
)
def test_figures_of_a_trend_divide_as_the_oracle_says(
    make_scope, stream, name, standing, of, filtered
):
    scope = scope_of(make_scope, stream)
    fields, parts, scale, persons = FIGURES[name]
    property_ = "city" if of == "event" else "level"
    filters = [{"property": "city", "op": "set"}] if filtered else []
    question = document(
        {"kind": "trend", **fields},
        breakdown=[{"property": property_, "of": of}],
        standing=standing,
        filters=filters,
    )
    result = CHANGE.run(question, scope)
    check_against_the_trend(question, scope, result)
    used = {series for _, series in parts}
    rows = [
        [row for row in half if row["counts"] & used and (row["city"] or not filtered)]
        for half in halves(stream, counted)
    ]
    if not persons:
        standing = "own"
    expected = [
        {
            value: tuple(oracle.part(under, kind, series) for kind, series in parts)
            for value, under in oracle.divided(half, lambda row: row[property_], standing).items()
        }
        for half in rows
    ]
    check_dimension(result, expected, scale)


def check_against_the_trend(question, scope, result):
    """Both values are those of the trend itself, and what divides adds up to their difference."""
    trend = BY_KIND["trend"]
    for period, range_ in (("base", question.base()), ("now", question.range)):
        asked = question.over(range_, scope)
        entries = trend.run(asked.document, scope)["series"]
        index = len(asked.document.series) if asked.figure.name.startswith("formula") else 0
        assert result[period]["value"] == entries[index]["total"]
    for each in result["dimensions"]:
        total = sum(row["contribution"] for row in each["values"])
        assert total == pytest.approx(result["change"], abs=1e-9)
    if result["factors"]:
        assert sum(each["contribution"] for each in result["factors"]) == pytest.approx(
            result["change"], abs=1e-9
        )
        for at, period in (("before", "base"), ("after", "now")):
            factors = prod(each[at] for each in result["factors"])
            assert factors == pytest.approx(result[period]["value"])


def without_base(halves):
    """The same with what has nothing to be divided by in either period among others: it is below `min_size`."""
    kept = {value for half in halves for value, each in half.items() if each[-1]}
    rest = {value for half in halves for value in half} - kept
    if not rest:
        return halves
    folded = []
    for half in halves:
        others = [half[value] for value in rest if value in half]
        sums = tuple(map(sum, zip(*others, strict=True)))
        told = {value: each for value, each in half.items() if value in kept}
        folded.append({**told, **({OTHERS: sums} if others else {})})
    return folded


def check_dimension(result, expected, scale):
    if any(len(each) == 2 for half in expected for each in half.values()):
        expected = without_base(expected)
    values = {value for half in expected for value in half}
    if len(values) < 2 or result["change"] is None:
        assert result["dimensions"] == []
        return
    (found,) = result["dimensions"]
    rows = {row["value"]: row for row in found["values"]}
    assert set(rows) == values
    if "before_parts" not in found["values"][0]:
        for value, row in rows.items():
            before, after = (half.get(value, (0,))[0] for half in expected)
            assert (row["before"], row["after"]) == pytest.approx((before, after))
            assert row["contribution"] == pytest.approx(after - before)
        return
    parts = oracle.midpoint(*expected)
    for value, row in rows.items():
        assert tuple(row["before_parts"]) == pytest.approx(expected[0].get(value, (0, 0)))
        assert tuple(row["after_parts"]) == pytest.approx(expected[1].get(value, (0, 0)))
        assert (row["mix"], row["rate"]) == pytest.approx(
            tuple(each * scale for each in parts[value]), abs=1e-9
        )


@SETTINGS
@given(stream=streams())
def test_persons_at_every_value_still_add_up(make_scope, stream):
    scope = scope_of(make_scope, stream)
    question = document(
        {"kind": "trend", "series": [{"event": "*", "measure": "users"}]},
        breakdown=["city"],
        standing="every",
    )
    result = CHANGE.run(question, scope)
    check_against_the_trend(question, scope, result)
    for each in result["dimensions"]:
        for half, at in zip(halves(stream, counted), ("before", "after"), strict=True):
            for row in each["values"]:
                if row["value"] != OVERLAP:
                    mine = {e["person"] for e in half if e["city"] == row["value"]}
                    assert row[at] == len(mine)


KINDS = {
    "funnel": {"kind": "funnel", "steps": ["view", "pay"], "window": "2d"},
    "retention": {"kind": "retention", "start": "view", "return": "pay", "periods": 2},
}


@SETTINGS
@given(stream=streams(), kind=st.sampled_from(list(KINDS)), of=st.sampled_from(["event", "user"]))
def test_funnels_and_retentions_divide_as_they_break_down_themselves(make_scope, stream, kind, of):
    scope = scope_of(make_scope, stream)
    breakdown = [{"property": "city" if of == "event" else "level", "of": of}]
    question = document(KINDS[kind], breakdown=breakdown)
    result = CHANGE.run(question, scope)
    own = BY_KIND[kind]
    expected = []
    for period, range_ in (("base", question.base()), ("now", question.range)):
        asked = question.over(range_, scope).document
        broken = own.document.model_validate(
            {**asked.as_json(), "product": "shop", "breakdown": breakdown}
        )
        answer = own.run(broken, scope)
        assert result[period]["value"] == whole_of(kind, answer)
        parts = {
            next(iter(each["breakdown"].values())): parts_of(kind, each)
            for each in answer["breakdown"]
        }
        expected.append({value: pair for value, pair in parts.items() if any(pair)})
    if result["change"] is not None:
        check_dimension(result, expected, 1)


def whole_of(kind, answer):
    return answer["steps"][1]["rate_from_first"] if kind == "funnel" else answer["average"][1]


def parts_of(kind, each):
    if kind == "funnel":
        return (each["steps"][1]["users"], each["steps"][0]["users"])
    return tuple(each["average_kn"][1])


@SETTINGS
@given(
    stream=streams(),
    name=st.sampled_from(["users", "per_user", "formula", "total", "funnel", "retention"]),
)
def test_the_people_behind_a_number_are_as_many_as_it_says(make_scope, stream, name):
    scope = scope_of(make_scope, stream)
    inner = KINDS.get(name) or {"kind": "trend", **FIGURES[name][0]}
    question = document(inner, breakdown=["city"])
    result = CHANGE.run(question, scope)
    table = CHANGE.table(question, result)
    cells = CHANGE.page.cells(question, result, table)
    names = [column.name for column in table.columns]
    persons = {"users": ("base", "now"), "per_user": ("base_below", "now_below")}
    counted_persons = persons.get(name, ("base_below", "now_below"))
    for row, line in zip(table.rows, cells, strict=True):
        for column, value, selection in zip(names, row, line, strict=True):
            if selection is None or name == "total":
                continue
            found = CHANGE.people(question, scope, selection, 1000, 0)
            assert len(found.persons) == found.total
            if column in counted_persons and name != "retention":
                assert found.total == value


def events(**cities: int) -> list[dict[str, Any]]:
    """So many payments a day in each city, of one person each, in the base and then in the range."""
    made, uid = [], 0
    for city, (before, after) in cities.items():
        for day in range(14):
            for _ in range(before if day < 7 else after):
                at = {"uid": uid, "ts": BEGIN + day * DAY + 3_600_000}
                more = {"city": city, "platform": city.upper(), "amount": 2.0}
                made.append({"event": "pay", **at, **more})
                uid += 1
    return made


def test_the_figure_and_the_base_are_those_asked_for(make_scope):
    scope = make_scope(events(x=(4, 6)))
    days = {"from": "2024-03-15", "to": "2024-03-17"}
    for fields, begin in (
        ({}, "2024-03-12"),
        ({"compare": "same_weekdays"}, "2024-03-08"),
        ({"compare": "chosen", "base_from": "2024-03-05"}, "2024-03-05"),
    ):
        question = document({"kind": "trend", "series": [PAY]}, range=days, **fields)
        assert CHANGE.run(question, scope)["base"]["from"] == begin
    for figure in ("period_1", "period_2"):
        found = CHANGE.run(document(KINDS["retention"], figure=figure), scope)["figure"]
        assert found["name"] == figure


def notes_of(question, result):
    return CHANGE.page.notes(question, result, lambda _of, name: name)


def test_the_value_that_moved_is_named_and_twins_once(make_scope):
    scope = make_scope(events(x=(40, 40), y=(40, 90), z=(20, 21)))
    question = document({"kind": "trend", "series": [PAY]})
    result = CHANGE.run(question, scope)
    assert result["noise"]["within"] is False
    first, second = result["dimensions"][:2]
    assert {first["property"], second["property"]} == {"city", "platform"}
    assert next(row["value"] for row in first["values"] if row["named"]).lower() == "y"
    assert result["same_story"]["v"] > 0.9
    words = notes_of(question, result)
    assert any(each.zh.startswith("位置：") for each in words)
    assert any("同一件事" in each.zh for each in words)


def test_a_move_within_noise_tells_no_shares(make_scope):
    scope = make_scope(events(x=(3, 3), y=(2, 3)))
    question = document({"kind": "trend", "series": [PAY]}, breakdown=["city"])
    result = CHANGE.run(question, scope)
    assert (result["noise"]["test"], result["noise"]["within"]) == ("poisson", True)
    words = notes_of(question, result)
    assert any("没有超出噪声" in each.zh for each in words)
    assert not any(each.zh.startswith("位置：") for each in words)
    table = CHANGE.table(question, result)
    place = [column.name for column in table.columns].index("share")
    assert {row[place] for row in table.rows} == {None}


def test_small_values_stand_among_others(make_scope):
    scope = make_scope(events(a=(9, 30), b=(8, 8), c=(7, 7), d=(1, 1)))
    question = document({"kind": "trend", "series": [PAY]}, breakdown=["city"], top=2, min_size=20)
    (found,) = CHANGE.run(question, scope)["dimensions"]
    assert [row["value"] for row in found["values"]] == ["a", "b", OTHERS]
    assert found["values"][2]["before"] == 56


@pytest.mark.parametrize("others", [0, 40])
def test_where_collecting_began_no_level_shifted(make_scope, others):
    """Two sign-ups a day were brought along; a figure that rises while others are collected as before did shift."""
    rows = [
        {"event": name, "uid": uid, "ts": BEGIN + day * DAY + 3_600_000 + uid}
        for day in range(-40, 14)
        for name, often in (("pay", 2 if day < -10 else 60 + day % 3), ("view", others))
        for uid in range(often)
    ]
    question = document({"kind": "trend", "series": [PAY]})
    found = CHANGE.run(question, make_scope(rows))["when"]
    if others:
        assert found["shift"]["day"] == "2024-02-23" and len(found["days"]) == 54
    else:
        assert found["shift"] is None and found["days"][0][0] == "2024-02-23"


def test_where_collecting_began_is_seen_in_the_own_product_to_the_millisecond(make_scope):
    """In the week before the day and the week from it on; another product's events tell nothing."""
    day, begin = date(2024, 3, 11), BEGIN + 7 * DAY

    def at(*moments: int) -> list[dict[str, Any]]:
        return [{"event": "x", "uid": n, "ts": begin + ms} for n, ms in enumerate(moments)]

    one = [0] * 20  # one event before is 5% of twenty, and so not less
    make_scope(at(*[-DAY] * 50))
    assert when._begins(day, make_scope(at(*one)))
    assert not when._begins(day, make_scope(at(-1, *one)))
    assert not when._begins(day, make_scope(at(-7 * DAY, *one)))
    assert when._begins(day, make_scope(at(-7 * DAY - 1, *one)))
    last = [7 * DAY - 1] * 21
    assert when._begins(day, make_scope(at(-1, *last)))
    assert not when._begins(day, make_scope(at(-1, *[7 * DAY] * 21)))


def test_properties_that_only_the_gone_or_another_product_have_are_no_candidates(make_scope):
    rows = events(x=(40, 40), y=(40, 90))
    level = {uid: {"level": "gold" if uid % 2 else "new"} for uid in range(10)}
    make_scope(rows, profiles={uid: {"theirs": str(uid % 2)} for uid in range(10)})
    scope = make_scope(rows, profiles=level)
    gone = {uid: {"once": str(uid % 2)} for uid in (700, 701)}
    columns = {
        "product": pa.array([scope.product] * 2, pa.uint32()),
        "person": pa.array(list(gone), pa.uint32()),
        "version": pa.array([1] * 2, pa.uint64()),
        "gone": pa.array([1] * 2, pa.uint8()),
        "props": [json.dumps(each) for each in gone.values()],
    }
    scope.engine.insert("profiles", pa.table(columns))
    question = document({"kind": "trend", "series": [PAY]})
    assert candidates._profile_paths(scope) == ["level"]
    span = (BEGIN, BEGIN + 14 * DAY)
    found = candidates._few("profile_few", "user", ["level", "once"], question, scope, span)
    assert [each.property for each in found] == ["level"]


def test_how_alike_two_properties_are_is_told_by_the_events_of_the_figure_in_the_period(make_scope):
    question = document({"kind": "trend", "series": [PAY]})
    days = question.range
    begin, after = days.bounds(make_scope([]).zone)
    told = {"上海": "ads", "北京": "search"}

    def row(city: str, channel: str, ts: int, event: str = "pay") -> dict[str, Any]:
        return {"event": event, "uid": 1, "ts": ts, "city": city, "channel": channel}

    both = [row(*each, at) for each in told.items() for at in (begin, after - 1)]
    # what is before, behind, or something else has no say
    others = [row("上海", "search", begin - 1), row("北京", "ads", after)]
    others.append(row("上海", "search", begin, "view"))
    first, second = (Breakdown(property=name) for name in ("city", "channel"))

    def found(rows: list[dict[str, Any]]) -> float | None:
        return candidates.alike(question, make_scope(rows), days, first, second)

    assert found([*both, *others]) == pytest.approx(1)
    crossed = [row("上海", "search", begin), row("北京", "ads", begin)]
    # by how many events there are, and not by which pairs
    assert found([*both, *both, *crossed]) == pytest.approx(cramers_v([[4, 1], [1, 4]]))
    assert found([*both, *crossed, *crossed]) == pytest.approx(0)


def test_a_product_divides_into_its_factors(make_scope):
    scope = make_scope(events(x=(10, 12)))
    series = [{**PAY, "measure": "users"}, PAY, {**PAY, "measure": "sum", **AMOUNT}]
    question = document(
        {"kind": "trend", "series": series, "formulas": [{"formula": "A*(B/A)*(C/B)"}]}
    )
    result = CHANGE.run(question, scope)
    assert result["change"] == pytest.approx(28)
    assert [each["contribution"] for each in result["factors"]] == pytest.approx([28, 0, 0])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"figure": "step_2"}, "change_figure"),
        ({"compare": "chosen"}, "change_base"),
        ({"base_from": "2024-01-01"}, "change_base"),
        ({"breakdown": ["city", "city"]}, "breakdown_twice"),
        (
            {"question": {"kind": "trend", "series": [{**PAY, "measure": "p90", **AMOUNT}]}},
            "change_no_figure",
        ),
    ],
)
def test_what_cannot_be_explained_is_refused(fields, code):
    with pytest.raises(ValueError, match=code):
        document(**{"question": {"kind": "trend", "series": [PAY]}, **fields})


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({}, "2024-03-04"),
        ({"compare": "same_weekdays"}, "2024-03-04"),
        ({"compare": "same_period_last_year"}, "2023-03-11"),
        ({"compare": "chosen", "base_from": "2024-01-01"}, "2024-01-01"),
        (
            {"compare": "same_weekdays", "range": {"from": "2024-03-11", "to": "2024-03-18"}},
            "2024-02-26",
        ),
        ({"range": {"from": "2024-03-01", "to": "2024-03-31"}, "unit": "month"}, "2024-02-01"),
    ],
)
def test_the_base_is_the_period_that_is_asked_for(fields, first):
    unit = fields.pop("unit", "day")
    question = document({"kind": "trend", "series": [PAY], "unit": unit}, **fields)
    assert str(question.base().first) == first


def test_wrong_selections_are_refused(make_scope):
    question = document({"kind": "trend", "series": [PAY]})
    for selection in ({"part": 1}, {"period": "then"}, {"odd": 1}):
        with pytest.raises(DocumentError) as wrong:
            CHANGE.people(question, make_scope([]), selection, 10, 0)
        assert wrong.value.code == "selection_invalid"


def test_an_empty_product_has_nothing_to_compare(make_scope):
    for question in (*KINDS.values(), {"kind": "trend", "series": [PAY]}):
        asked = document(question)
        result = CHANGE.run(asked, make_scope([]))
        assert result["dimensions"] == []
        assert notes_of(asked, result)
        CHANGE.chart(asked, result, "zh-hans")


def test_an_unfinished_period_is_said_so(make_scope):
    scope = make_scope(events(x=(10, 10)), now=datetime(2024, 3, 18, 12, tzinfo=UTC))
    trend = document({"kind": "trend", "series": [PAY]})
    funnel = document(KINDS["funnel"])
    assert CHANGE.run(trend, scope)["unfinished"] is False
    assert CHANGE.run(funnel, scope)["unfinished"] is True


def test_the_waterfall_goes_from_base_to_now(make_scope):
    scope = make_scope(events(x=(40, 20), y=(40, 90)))
    question = document({"kind": "trend", "series": [PAY]}, breakdown=["city"])
    result = CHANGE.run(question, scope)
    option = CHANGE.chart(question, result, "zh-hans")
    assert option["xAxis"]["data"] == ["基期", "y", "x", "本期"]
    series = {each.get("id"): each["data"] for each in option["series"]}
    assert series["level"] == [560, None, None, 770]
    assert (series["up"][1], series["down"][2]) == (350, 140)
    assert option["series"][0]["data"] == [0, 560, 770, 0]


REASONS = re.compile(
    r"因为|由于|导致|造成|引起|because|caus|due to|led to|result(ed)? in", re.IGNORECASE
)


def test_no_sentence_names_a_reason(make_scope):
    """A decomposition tells where, never why."""
    scope = make_scope(events(x=(40, 40), y=(40, 90), z=(20, 20)))
    texts = []
    for fields in ({}, {"breakdown": ["city"]}, {"standing": "every"}):
        question = document({"kind": "trend", "series": [{**PAY, "measure": "users"}]}, **fields)
        result = CHANGE.run(question, scope)
        texts += [CHANGE.describe(question), *notes_of(question, result)]
    texts += [CHANGE.describe(document(each)) for each in KINDS.values()]
    page = CHANGE.page
    texts += [page.teaching.title, page.teaching.text, *page.words.values(), *CODES.values()]
    for words in texts:
        assert not REASONS.search(words.zh), words.zh
        assert not REASONS.search(words.en), words.en
    assert "为什么" in CHANGE.describe(document(KINDS["funnel"])).zh
    assert "where" in CHANGE.describe(document(KINDS["funnel"])).en


@pytest.mark.parametrize(
    ("value", "type_", "signed", "zh"),
    [
        (-286.357, "count", True, "−286.4"),
        (2_357.83, "number", False, "2,358"),
        (12.3456, "number", False, "12.35"),
        (-3.0, "count", True, "−3"),
        (-0.0305, "share", True, "−3.05 个百分点"),
        (None, "count", False, "无"),
    ],
)
def test_figures_in_sentences(value, type_, signed, zh):
    """With the sign of mathematics, and no more decimals than say something."""
    assert number_words(value, type_, signed=signed).zh == zh
