from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.sessions import SESSIONS, finding, oracle, told
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import DEPTHS, FIGURES, LENGTHS
from userops.analyses.streams import CITY, GOLD, examples, matching, rows_of, scope_of, streams
from userops.errors import DocumentError

CLOSE = 5 * 60_000
"""Events come about so long after another: the timeout, to the millisecond."""
crowds = streams(days=4, close=CLOSE)


def question_of(stream: dict[str, Any], **document: Any) -> Sessions:
    days = {"from": stream["first"], "to": stream["last"]}
    given = {"product": "shop", "range": days, "timeout": 5, **document}
    return Sessions.model_validate(given)


def expected_of(question: Sessions, scope: Any, rows: list[Any]) -> list[oracle.Session]:
    begin, after = question.range.bounds(scope.zone)
    return oracle.sessions(
        rows, begin, after, question.timeout_ms, ids=question.split == "id_or_gap"
    )


def same(part: dict[str, Any], question: Sessions, scope: Any, found: list[Any]) -> None:
    now = int(scope.now.timestamp() * 1000)
    expected = oracle.figures(found, now, question.timeout_ms, question.bounce_events)
    for name, value in expected.items():
        assert part[name] == (pytest.approx(value) if value is not None else None), name


OPTIONS = {
    "event": st.sampled_from(["buy", "*", "*", ("buy", "view")]),
    "filters": st.sampled_from([[], [], [CITY], [GOLD]]),
    "split": st.sampled_from(["id_or_gap", "gap"]),
    "bounce_events": st.integers(1, 2),
}


@examples(16)
@given(
    stream=crowds,
    options=st.fixed_dictionaries(OPTIONS),
    unit=st.sampled_from(["day", "week", "month"]),
    now=st.sampled_from(["2030-01-01T00:00", "event"]),
)
def test_figures_are_what_the_oracle_says(make_scope, stream, options, unit, now):
    rows = matching(rows_of(stream), options["event"], options["filters"])
    times = sorted(row["ts"] for row in rows) or [0]
    moment = datetime.fromisoformat("2030-01-01T00:00+00:00")
    if now == "event":
        moment = datetime.fromtimestamp((times[-1] + CLOSE) / 1000, tz=UTC)
    scope = scope_of(make_scope, stream, now=moment)
    question = question_of(stream, unit=unit, **options)
    result = SESSIONS.run(question, scope)
    found = expected_of(question, scope, rows)
    same(result, question, scope, found)
    for point in result["points"]:
        own = [e for e in found if oracle.period(e.begin, scope.zone, unit) == point["start"]]
        same(point, question, scope, own)
    for bounced in (False, True):
        chosen = {"start": point["start"], "bounced": bounced}
        behind = SESSIONS.people(question, scope, chosen, 100, 0)
        limit = int(scope.now.timestamp() * 1000) - question.timeout_ms
        who = {
            each.person
            for each in own
            if not bounced or (len(each.rows) <= question.bounce_events and each.end < limit)
        }
        assert (behind.persons, behind.total) == (sorted(who), len(who))


@examples(12)
@given(
    stream=crowds, view=st.sampled_from(["length", "depth"]), options=st.fixed_dictionaries(OPTIONS)
)
def test_histograms_are_what_the_oracle_says(make_scope, stream, view, options):
    scope = scope_of(make_scope, stream)
    question = question_of(stream, view=view, **options)
    result = SESSIONS.run(question, scope)
    rows = matching(rows_of(stream), options["event"], options["filters"])
    found = expected_of(question, scope, rows)
    edges = LENGTHS if view == "length" else DEPTHS
    counted = [0] * len(edges)
    who: list[set[int]] = [set() for _ in edges]
    for each in found:
        size = (each.end - each.begin) / 1000 if view == "length" else len(each.rows)
        place = max(at for at, edge in enumerate(edges) if edge <= size)
        counted[place] += 1
        who[place].add(each.person)
    assert [bar["sessions"] for bar in result["histogram"]] == counted
    for bucket, persons in enumerate(who):
        if persons:
            behind = SESSIONS.people(question, scope, {"bucket": bucket}, 100, 0)
            assert behind.persons == sorted(persons)


@examples(16)
@given(
    stream=crowds,
    asked=st.sampled_from(
        [{"breakdown": ["city"]}, {"breakdown": ["city", {"property": "level", "of": "user"}]},
         {"view": "entry"}, {"view": "exit"}, {"view": "entry", "place": "event"},
         {"breakdown": [{"property": "level", "of": "user"}, "page", "city"]},
         {"view": "exit", "place": "event"}, {"view": "depth", "breakdown": ["page"]}]
    ),
    split=st.sampled_from(["id_or_gap", "gap"]),
    limit=st.integers(1, 3),
    few=st.sampled_from([1, told.FEW]),
)  # fmt: skip
def test_groups_are_those_of_the_first_or_last_event(make_scope, stream, asked, split, limit, few):
    with patch.object(told, "FEW", few):
        _check_groups(scope_of(make_scope, stream), stream, asked, split, limit)


def _check_groups(scope, stream, asked, split, limit):
    question = question_of(stream, limit=limit, split=split, **asked)
    result = SESSIONS.run(question, scope)
    found = expected_of(question, scope, rows_of(stream))

    def value(row: dict[str, Any]) -> tuple[str, ...]:
        if question.at_places:
            return (row[question.place],)
        return tuple(row[each.property] for each in question.breakdown)

    groups: dict[tuple[str, ...], list[oracle.Session]] = {}
    for each in found:
        own = each.last(value) if question.view == "exit" else each.first(value)
        groups.setdefault(own, []).append(each)
    ranked = sorted(groups, key=lambda own: (-len(groups[own]), own))
    shown = ranked[:limit]
    parts = [groups[own] for own in shown]
    if len(ranked) > limit:
        shown.append(("$others",) * question.width)
        parts.append([each for own in ranked[limit:] for each in groups[own]])
    assert [tuple(part["breakdown"].values()) for part in result["breakdown"]] == shown
    for part, own in zip(result["breakdown"], parts, strict=True):
        same(part, question, scope, own)
        behind = SESSIONS.people(question, scope, {"breakdown": part["breakdown"]}, 100, 0)
        assert behind.persons == sorted({each.person for each in own})


def at(text: str, uid: int, **more: Any) -> dict[str, Any]:
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return {"event": "open", "uid": uid, "ts": int(moment.timestamp() * 1000), **more}


DAYS = {"first": "2024-03-01", "last": "2024-03-02"}
STORY = [
    at("2024-02-29T23:58", 1), at("2024-03-01T00:01", 1),  # began before the range
    at("2024-03-01T00:06:00.001", 1),  # one millisecond too late for that session
    at("2024-03-01T10:00", 2, page="/home"), at("2024-03-01T10:05", 2), at("2024-03-01T10:10", 2, page="/pay"),
    at("2024-03-02T23:59", 3), at("2024-03-03T00:03", 3),  # goes on after the range
    at("2024-03-02T10:00", 4, session="a"), at("2024-03-02T12:00", 4, session="a"),
    at("2024-03-02T11:00", 4, session="b"),
]  # fmt: skip


def test_a_small_story(make_scope):
    result = SESSIONS.run(question_of(DAYS), make_scope(STORY))
    assert (result["sessions"], result["users"], result["per_user"]) == (5, 4, 1.25)
    assert [point["sessions"] for point in result["points"]] == [2, 3]
    assert result["mean_seconds"] == (0 + 600 + 240 + 7200 + 0) / 5
    assert (result["median_seconds"], result["depth"], result["bounce_rate"]) == (240, 9 / 5, 2 / 5)
    by_gap = SESSIONS.run(question_of(DAYS, split="gap"), make_scope(STORY))
    assert by_gap["sessions"] == 6


def test_sessions_that_go_on_are_marked_and_left_out_of_lengths(make_scope):
    now = datetime(2024, 3, 3, 0, 8, tzinfo=UTC)
    scope = make_scope(STORY, now=now)
    result = SESSIONS.run(question_of(DAYS), scope)
    assert (result["sessions"], result["open"]) == (5, 1)
    assert result["mean_seconds"] == (0 + 600 + 7200 + 0) / 4
    assert [point["unfinished"] for point in result["points"]] == [False, True]
    option = SESSIONS.chart(question_of(DAYS), result, "zh")
    assert option["series"][0]["userops"] == {"cut": 0, "unfinished": 1}
    ahead = {**DAYS, "last": "2024-03-05"}
    later = SESSIONS.run(question_of(ahead), scope)
    data = SESSIONS.chart(question_of(ahead), later, "zh")["series"][0]["data"]
    assert data[1] is not None and data[2:] == [None] * 3, "days to come are not drawn as 0"


def test_entries_and_exits(make_scope):
    scope = make_scope(STORY)
    for view, value in (("entry", "/home"), ("exit", "/pay")):
        question = question_of(DAYS, view=view)
        result = SESSIONS.run(question, scope)
        shown = [(part["breakdown"][view], part["sessions"]) for part in result["breakdown"]]
        assert shown == [("", 4), (value, 1)]
        table = SESSIONS.table(question, result)
        assert table.rows[1][:3] == (value, 1, 0.2)
        option = SESSIONS.chart(question, result, "zh")
        assert option["yAxis"]["data"] == ["（未设置）", value]


@pytest.mark.parametrize("view", ["figures", "length", "depth", "entry", "exit"])
@pytest.mark.parametrize("broken", [False, True])
@pytest.mark.parametrize("compare", [None, "previous_period"])
def test_users_of_a_table_have_their_people(make_scope, view, broken, compare):
    scope = make_scope(STORY)
    breakdown = ["page"] if broken and view not in ("entry", "exit") else []
    question = question_of(DAYS, view=view, breakdown=breakdown, compare=compare)
    result = SESSIONS.run(question, scope)
    table = SESSIONS.table(question, result)
    cells = SESSIONS.page.cells(question, result, table)
    assert len(cells) == len(table.rows) >= SESSIONS.page.whole(result)
    for line, row in zip(cells, table.rows, strict=True):
        assert len(line) == len(row) == len(table.columns)
        for column, selection, value in zip(table.columns, line, row, strict=True):
            if column.name == "users" and selection is not None:
                assert SESSIONS.people(question, scope, selection, 10, 0).total == value
    option = SESSIONS.chart(question, result, "en")
    marks = SESSIONS.page.marks(question, result, "en")
    assert set(marks) <= {each["name"] for each in option["series"]}
    assert len(SESSIONS.page.facts(question, result)) == 6


def test_compared_with_the_period_before(make_scope):
    question = question_of(DAYS, compare="previous_period")
    result = SESSIONS.run(question, make_scope(STORY))
    assert result["comparison"]["from"] == "2024-02-28"
    assert result["comparison"]["sessions"] == 1
    table = SESSIONS.table(question, result)
    names = [column.name for column in table.columns]
    assert names[1 : 1 + len(FIGURES)] == [figure.name for figure in FIGURES]
    assert table.rows[1][names.index("sessions_compared")] == 1
    assert table.rows[0][0] == date(2024, 3, 1)
    chosen = {"comparison": True, "start": "2024-02-29"}
    assert SESSIONS.people(question, make_scope(STORY), chosen, 10, 0).persons == [1]


def test_an_empty_product_answers_zeros_and_nulls(make_scope):
    for view in ("figures", "length", "depth", "entry", "exit"):
        question = question_of(DAYS, view=view)
        result = SESSIONS.run(question, make_scope([]))
        assert (result["sessions"], result["median_seconds"], result["per_user"]) == (0, None, None)
        SESSIONS.chart(question, result, "zh")
        SESSIONS.table(question, result)


def test_the_definition_names_every_option():
    words = SESSIONS.describe(
        question_of(
            DAYS, timeout=10, breakdown=["city"], compare="previous_period", bounce_events=2
        )
    )
    for part in ["会话 ID", "10 分钟", "至多 2 个事件", "“city”", "环比", "24 小时", "第一个事件"]:
        assert part in words.zh
    for part in ["session id", "10 minutes", "at most 2 events", "“others”", "first event"]:
        assert part in words.en
    assert "出口" not in words.zh
    words = SESSIONS.describe(question_of(DAYS, view="exit", split="gap"))
    assert "最后一个事件的页面" in words.zh and "whatever their session ids" in words.en


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"view": "exit", "breakdown": ["city"]}, "sessions_breakdown"),
        ({"breakdown": ["city", "city"]}, "breakdown_twice"),
    ],
)
def test_wrong_documents_are_refused_with_a_code_that_has_words(change, code):
    with pytest.raises(ValueError, match=code):
        question_of(DAYS, **change)
    assert code in SESSIONS.problems


@pytest.mark.parametrize(
    "selection",
    [
        {"bucket": 1}, {"odd": 1}, {"start": "2024-05-01"}, {"start": 5}, {"comparison": True},
        {"breakdown": {"city": "x"}},
    ],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        SESSIONS.people(question_of(DAYS), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_too_many_points_are_refused(make_scope):
    long = {"first": "2000-01-01", "last": "2024-01-01"}
    with pytest.raises(DocumentError) as wrong:
        SESSIONS.run(question_of(long, breakdown=["city"], limit=200), make_scope([]))
    assert wrong.value.code == "too_many_points"


@pytest.mark.parametrize("few", [1, told.FEW])
def test_an_event_whose_text_came_in_after_the_texts_were_read_is_left_out(make_scope, few):
    scope, question = make_scope(STORY), question_of(DAYS, breakdown=["page"])
    with patch.object(told, "FEW", few):
        begin, after = question.range.bounds(scope.zone)
        # of a product in which only those had come in that carry no page yet
        early = told.told(question, make_scope(STORY[:3]), begin, after)
        with patch.object(finding, "told", lambda *_: early):
            result = SESSIONS.run(question, scope)
    assert result["sessions"] == 5
    # the person who began on /home is seen from the next event on
    assert result["mean_seconds"] == (0 + 0 + 240 + 7200 + 0) / 5


def test_too_many_values_are_refused(make_scope):
    with (
        patch.object(told, "FEW", 1),
        patch.object(told, "MANY", 2),
        pytest.raises(DocumentError) as wrong,
    ):
        SESSIONS.run(question_of(DAYS, breakdown=["page"]), make_scope(STORY))
    assert wrong.value.code == "too_many_values"


def test_the_example_is_a_valid_document():
    SESSIONS.describe(SESSIONS.document.model_validate(SESSIONS.example))
