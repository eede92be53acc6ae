from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.churn import CHURN
from userops.analyses.churn.document import Churn
from userops.analyses.churn.oracle import ONE, Oracle
from userops.analyses.churn.window import suggest
from userops.analyses.streams import (
    CITY,
    GOLD,
    examples,
    matching,
    rows_of,
    scope_of,
    streams,
)
from userops.errors import DocumentError

OPTIONS = {
    "event": st.sampled_from(["view", "*", ["view", "buy"]]),
    "unit": st.sampled_from(["day", "week", "month"]),
    "window": st.one_of(st.none(), st.integers(1, 6)),
    "horizon": st.integers(1, 5),
    "min_support": st.integers(1, 3),
    "filters": st.sampled_from([[], [], [CITY], [GOLD]]),
    "breakdown": st.sampled_from([[], [], ["page"], [{"property": "level", "of": "user"}]]),
    "limit": st.integers(1, 3),
}


def last_day(start: date, unit: str) -> date:
    if unit == "day":
        return start
    if unit == "week":
        return start + timedelta(days=6)
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE


@examples(40)
@given(stream=streams(), options=st.fixed_dictionaries(OPTIONS), ago=st.integers(0, 3))
def test_figures_are_what_the_oracle_says(make_scope, stream, options, ago):
    asked = {"product": "shop", "range": {"from": stream["first"], "to": stream["last"]}, **options}
    question = Churn.model_validate(asked)
    now = datetime.combine(stream["last"] - ago * ONE, datetime.min.time(), UTC)
    scope = scope_of(make_scope, stream, now=now + timedelta(hours=23))
    question = question.resolve(scope)
    result = json.loads(json.dumps(CHURN.run(question, scope), allow_nan=False))
    rows = matching(rows_of(stream), options["event"], options["filters"])
    name = {"page": "page", "level": "level"}
    by = next((name[each.property] for each in question.breakdown), None)
    for row in rows:
        row["value"] = row[by] if by else ""
    first = _start(stream["first"], question.unit)
    last = min(
        last_day(_start(stream["last"], question.unit), question.unit),
        scope.now.astimezone(scope.zone).date() - ONE,
    )
    if last < first:
        assert (result["as_of"], result["users"], result["periods"]) == (None, 0, [])
        return
    assert result["as_of"] == last.isoformat()
    oracle = Oracle(rows, scope.zone, first, last)
    check(question, oracle, result, result["window"], None)
    behind(question, scope, oracle, result)
    shown = [next(iter(part["breakdown"].values())) for part in result["breakdown"]]
    assert shown == (told_apart(oracle, question.limit) if by else [])
    for value, part in zip(shown, result["breakdown"], strict=True):
        if value != "$others":
            check(question, oracle, part, result["window"], value)
    if result["breakdown"]:
        assert sum(part["silences"] for part in result["breakdown"]) == result["silences"]
        assert sum(part["users"] for part in result["breakdown"]) == result["users"]


def told_apart(oracle: Oracle, limit: int) -> list[str]:
    """The values that most persons have on some day, and one for all others."""
    persons: dict[str, set[int]] = {}
    for person, days in oracle.days.items():
        for value in days.values():
            persons.setdefault(value, set()).add(person)
    ranked = sorted(persons, key=lambda value: (-len(persons[value]), value))
    return [*ranked[:limit], *(["$others"] if len(ranked) > limit else [])]


def _start(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def check(question: Churn, oracle: Oracle, part: dict[str, Any], window: int | None, value: Any):
    lengths = oracle.lengths(value)
    assert part["silences"] == len(lengths)
    assert part["returned"] == sum(over for _, over in lengths)
    for point in part["curve"]:
        assert point["at_risk"] == oracle.watched(value, point["days"]) >= question.min_support
        later = oracle.watched(value, point["days"] + question.horizon)
        chance = oracle.chance(value, point["days"], question.horizon)
        if later < question.min_support or chance is None:
            assert point["chance"] is None
        elif point["silent"] > 0:
            assert point["chance"] == pytest.approx(float(chance), abs=1e-9)
            assert point["low"] - 1e-9 <= point["chance"] <= point["high"] + 1e-9
    if window is None:
        assert part["periods"] == [] and part["gone"] is None
        return
    users, gone = oracle.at_the_end(window)
    if value is not None:
        users, gone = (
            {p for p in who if oracle.began(p, oracle.last + ONE) == value} for who in (users, gone)
        )
    assert (part["users"], part["gone"]) == (len(users), len(gone))
    for period in part["periods"]:
        active, lost, back = expected(oracle, question, period["start"], window, value)
        found = (period["active"], period["churned"], period["reactivated"])
        assert found == (len(active), len(lost), len(back)), period
        assert period["rate"] == (len(lost) / len(active) if active else None)
    whole = [p for p in part["periods"] if not p["unfinished"] and not p["partial"]]
    assert part["average"]["active"] == sum(p["active"] for p in whole)


def expected(oracle: Oracle, question: Churn, start: str, window: int, value: Any) -> Any:
    first = date.fromisoformat(start)
    last = last_day(first, question.unit)
    found = oracle.period(first, last, window)
    if value is None:
        return found
    active = {p for p in found[0] if oracle.began(p, first) == value}
    back = {
        p for p in oracle.days
        for day in oracle.days[p]
        if first <= day <= min(last, oracle.last)
        and (oracle.silent_for(p, day - ONE) or 0) >= window
        and oracle.began(p, day) == value
    }  # fmt: skip
    return active, active & found[1], back


def behind(question: Churn, scope: Any, oracle: Oracle, result: dict[str, Any]) -> None:
    if result["window"] is None or not result["periods"]:
        return
    users, gone = oracle.at_the_end(result["window"])
    for state, who in (("users", users), ("gone", gone)):
        found = CHURN.people(question, scope, {"state": state}, 100, 0)
        assert (found.persons, found.total) == (sorted(who), len(who))
    start = result["periods"][-1]["start"]
    wanted = expected(oracle, question, start, result["window"], None)
    for state, who in zip(("active", "churned", "reactivated"), wanted, strict=True):
        found = CHURN.people(question, scope, {"start": start, "state": state}, 100, 0)
        assert found.persons == sorted(who)


def days_of(*users: str) -> list[dict[str, Any]]:
    """A text for each user: `"1 2 9"` are days of March 2024."""
    return [
        {
            "event": "open",
            "uid": uid,
            "ts": int(datetime(2024, 3, int(day), 12, tzinfo=UTC).timestamp() * 1000),
            "channel": "ads" if uid % 2 else "web",
        }
        for uid, text in enumerate(users)
        for day in text.split()
    ]


def question_of(**more: Any) -> Churn:
    days = {"from": "2024-03-04", "to": "2024-03-24"}
    return Churn.model_validate({"product": "p", "range": days, "min_support": 1, **more})


STORY = days_of("1 2 3 4 5", "4 11 18", "5 6 20", "12 13 24", "2 25")


def test_a_small_story(make_scope):
    result = CHURN.run(question_of(window=7, horizon=7), make_scope(STORY))
    weeks = {each["start"]: each for each in result["periods"]}
    # 4 March: 0 and 4 were there in the seven days before; 4 was last there on the 2nd and is gone on the 9th
    assert (weeks["2024-03-04"]["active"], weeks["2024-03-04"]["churned"]) == (2, 1)
    assert weeks["2024-03-04"]["partial"] and not weeks["2024-03-11"]["partial"]
    # 11 March: 0 (5th), 1 (4th), 2 (6th); 0 and 2 are gone on the 12th and 13th
    assert (weeks["2024-03-11"]["active"], weeks["2024-03-11"]["churned"]) == (3, 2)
    # 18 March: 1 (11th), 3 (13th); 3 is gone on the 20th, and back on the 24th, as 2 is on the 20th
    assert (weeks["2024-03-18"]["active"], weeks["2024-03-18"]["churned"]) == (2, 1)
    assert weeks["2024-03-18"]["reactivated"] == 2
    assert result["average"] == {"periods": 2, "active": 5, "churned": 3, "rate": 0.6}
    assert (result["users"], result["gone"]) == (4, 1)  # of 0, 1, 2, 3 only 0 is gone


def test_the_chance_to_return_and_the_window(make_scope):
    """Ten people return after one day; of these two after five more, eight never."""
    users = ["4 5", *["4 5"] * 7, "4 5 10", "4 5 10"]
    question = question_of(horizon=5, threshold=0.15, min_support=3)
    result = CHURN.run(question, make_scope(days_of(*users)))
    chances = [point["chance"] for point in result["curve"]]
    # 22 silences: 10 end after a day, 2 after five; 10 go on
    assert chances[:2] == [pytest.approx(12 / 22), pytest.approx(2 / 12)]
    assert chances[4] == pytest.approx(2 / 12) and chances[5] == 0
    assert result["suggested"] == {"window": 5, "by": "threshold"} and result["window"] == 5
    sooner = question_of(horizon=5, threshold=0.2, min_support=3)
    assert CHURN.run(sooner, make_scope(days_of(*users)))["window"] == 1
    assert CHURN.run(question_of(window=9), make_scope([]))["window"] == 9


def test_the_knee_where_the_chance_stays_high():
    def points(*chances: float | None) -> list[dict[str, Any]]:
        return [{"days": at, "chance": each} for at, each in enumerate(chances)]

    assert suggest(points(0.9, 0.6, 0.3, 0.28, 0.26, 0.24), 0.05).window == 2
    assert suggest(points(0.9, 0.6, 0.3, 0.28, 0.26, 0.24), 0.05).by == "knee"
    assert suggest(points(0.9, 0.8, 0.7, 0.6, 0.5), 0.05).by == "none"
    assert suggest(points(0.9, 0.04, 0.06, 0.03, 0.02, None), 0.05).window == 3
    assert suggest(points(), 0.05).window is None
    assert suggest(points(None, None), 0.05).window is None
    assert suggest(points(0.01, 0.01), 0.05).window == 1


def test_unfinished_days_are_not_looked_at(make_scope):
    now = datetime(2024, 3, 20, 18, tzinfo=UTC)
    result = CHURN.run(question_of(window=7), make_scope(STORY, now=now))
    assert result["as_of"] == "2024-03-19"
    assert [each["unfinished"] for each in result["periods"]] == [False, False, True]


@pytest.mark.parametrize("view", ["curve", "periods"])
@pytest.mark.parametrize("breakdown", [[], ["channel"]])
def test_numbers_of_a_table_have_their_people(make_scope, view, breakdown):
    scope = make_scope(STORY)
    question = question_of(view=view, breakdown=breakdown, window=7, horizon=3)
    result = CHURN.run(question, scope)
    table = CHURN.table(question, result)
    cells = CHURN.page.cells(question, result, table)
    assert len(cells) == len(table.rows) >= CHURN.page.whole(result)
    seen = 0
    for line, row in zip(cells, table.rows, strict=True):
        assert len(line) == len(row) == len(table.columns)
        for selection, value in zip(line, row, strict=True):
            if selection is not None:
                assert CHURN.people(question, scope, selection, 10, 0).total == value
                seen += 1
    assert bool(seen) == (view == "periods")
    option = CHURN.chart(question, result, "en")
    marks = CHURN.page.marks(question, result, "en")
    assert set(marks) <= {each.get("name") for each in option["series"]}
    assert CHURN.page.facts(question, result) and CHURN.page.notes(question, result, None)


def test_values_are_those_at_the_end_of_a_day_of_the_zone_up_to_the_last_moment(make_scope):
    """Later than the range counts nothing; of simultaneous values the last in text stands."""
    zone, end = "Asia/Shanghai", int(datetime(2024, 3, 24, 16, tzinfo=UTC).timestamp() * 1000)
    noon = end - 18 * 3_600_000  # 06:00 in Shanghai of the 24th, which is the 23rd in UTC

    def opened(uid: int, ts: int, channel: str) -> dict[str, Any]:
        return {"event": "open", "uid": uid, "ts": ts, "channel": channel}

    rows = [
        opened(1, noon, "late"), opened(2, noon, "late"), opened(3, noon, "late"),
        # one and the same millisecond, told in either order
        opened(1, end - 1, "b"), opened(1, end - 1, "a"), opened(2, end - 1, "a"), opened(2, end - 1, "b"),
        opened(3, end - 1, "b"), opened(4, end - 1, "a"),
        # the next day
        *(opened(uid, end, "next") for uid in range(1, 9)),
    ]  # fmt: skip
    result = CHURN.run(
        question_of(window=7, breakdown=["channel"]), make_scope(rows, timezone=zone)
    )
    found = {part["breakdown"]["channel"]: part["users"] for part in result["breakdown"]}
    assert found == {"b": 3, "a": 1}
    assert (result["users"], result["silences"]) == (4, 4)


def test_an_empty_product_answers_nulls(make_scope):
    for more in ({}, {"view": "periods", "breakdown": ["city"]}, {"window": 3}):
        question = question_of(**more)
        result = CHURN.run(question, make_scope([]))
        assert (result["users"], result["curve"], result["periods"]) == (0, [], [])
        assert result["suggested"]["window"] is None and result["average"]["rate"] is None
        option = CHURN.chart(question, result, "zh")
        assert option["title"]["text"] and option["series"] == [], "says why there is no line"
        assert CHURN.table(question, result).rows == []
        assert CHURN.page.notes(question, result, None)


def test_a_curve_that_cannot_be_estimated_says_why(make_scope):
    """Silences there are, but too few for a point: that is no curve without a knee."""
    question = question_of(min_support=1_000)
    result = CHURN.run(question, make_scope(STORY))
    assert result["silences"] and result["suggested"]["by"] == "none"
    (note,) = CHURN.page.notes(question, result, None)
    assert "1,000" in note.en and "knee" not in note.en
    assert "Too few silences" in CHURN.chart(question, result, "en")["title"]["text"]


def test_the_definition_names_every_option():
    words = CHURN.describe(
        question_of(event="open", window=21, horizon=14, threshold=0.1, breakdown=["city"],
                    filters=[CITY], view="periods")
    )  # fmt: skip
    for part in ["“open”", "21 天", "14 天", "“city”", "Kaplan–Meier", "Wilson"]:
        assert part in words.zh
    for part in ["“open”", "21 days", "14 days", "“city”", "Kaplan–Meier", "Wilson"]:
        assert part in words.en
    assert "10%" in CHURN.describe(question_of(threshold=0.1)).en


@pytest.mark.parametrize(
    "selection",
    [{"state": "churned"}, {"start": "2024-03-05", "state": "churned"}, {"odd": 1}, {},
     {"start": "2024-03-04", "state": "gone"}, {"state": "gone", "breakdown": {"x": "1"}},
     {"state": "gone", "breakdown": 3}],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        CHURN.people(question_of(window=5), make_scope(STORY), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_wrong_documents_are_refused_with_a_code_that_has_words():
    with pytest.raises(ValueError, match="breakdown_twice"):
        question_of(breakdown=["a", "a"])
    assert "breakdown_twice" in CHURN.problems


def test_the_example_is_a_valid_document():
    CHURN.describe(CHURN.document.model_validate(CHURN.example))
