from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.risk import RISK
from userops.analyses.risk import oracle as slow
from userops.analyses.risk.bands import NAMES, band_of
from userops.analyses.risk.document import Risk
from userops.analyses.risk.drivers import in_words
from userops.analyses.risk.features import frame, left
from userops.analyses.risk.history import common_names, number_of, read
from userops.analyses.risk.scoring import learner, scored
from userops.analyses.streams import CITY, examples, matching, rows_of, scope_of, streams
from userops.errors import DocumentError
from userops.words import Words

FIRST = date(2024, 1, 1)
DAYS = 80
VIEWS = ["bands", "drivers", "calibration", "lift", "backtest", "models"]


@examples(25)
@given(
    stream=streams(days=25),
    window=st.integers(1, 12),
    gap=st.integers(0, 3),
    back=st.integers(7, 15),
    filters=st.sampled_from([[], [CITY]]),
    ago=st.integers(0, 20),
)
def test_features_and_outcomes_are_those_of_the_oracle(
    make_scope, stream, window, gap, back, filters, ago
):
    scope = scope_of(make_scope, stream)
    first, last = stream["first"], stream["last"]
    question = Risk.model_validate({
        "product": "p", "range": {"from": first, "to": last}, "event": "buy", "window": window,
        "gap": gap, "lookback": back, "signals": ["share"], "filters": filters,
    })  # fmt: skip
    names = common_names(question, scope, last)
    assert names[0] == "share" and len(set(names)) == len(names)
    history = read(question, scope, first, last, names, whole=False)
    day = last - timedelta(days=ago)
    rows = [
        {**row, "core": row["event"] == "buy"}
        for row in matching(rows_of(stream), "*", filters)
        if first <= datetime.fromtimestamp(row["ts"] / 1000, scope.zone).date() <= last
    ]
    found = frame(question, history, number_of(day))
    wanted = slow.frame(rows, scope.zone, day, window, back, list(names))
    assert found.person.tolist() == list(wanted)
    if wanted:
        assert found.values == pytest.approx(np.array(list(wanted.values())))
    here = slow.stayed(rows, scope.zone, day, gap, window)
    gone = left(question, history, found)
    assert gone.tolist() == [float(person not in here) for person in wanted]


def people_who_leave(users: int = 2_000, days: int = DAYS) -> list[dict[str, Any]]:
    """Everybody comes with their own habit, and leaves for good at some time; the rare ones sooner."""
    generator = np.random.default_rng(11)
    begin = int(datetime(2024, 1, 1, 12, tzinfo=UTC).timestamp() * 1000)
    events = []
    for uid in range(users):
        habit = generator.choice([0.2, 0.5, 0.9])
        start, here = int(generator.integers(0, days)), True
        for day in range(max(0, start - 30), days):
            here = here and generator.random() > 0.06 * (1 - habit)
            if here and generator.random() < habit:
                at = begin + day * 86_400_000
                events.append({"event": "open", "uid": uid, "ts": at})
                if generator.random() < habit:
                    events.append({"event": "look", "uid": uid, "ts": at + 1000})
    return events


def question_of(**more: Any) -> Risk:
    days = {"from": FIRST, "to": FIRST + timedelta(days=DAYS - 1)}
    given = {"product": "p", "range": days, "event": "open", "window": 7, "gap": 1, **more}
    return Risk.model_validate(given)


@pytest.fixture(scope="module")
def events() -> list[dict[str, Any]]:
    return people_who_leave()


@pytest.fixture(scope="module")
def scope(make_scope: Any, events: list[dict[str, Any]]) -> Any:
    return make_scope(events)


@pytest.fixture(scope="module")
def answer(scope: Any) -> dict[str, Any]:
    """What is learnt is the same for every view."""
    return RISK.run(question_of(), scope)


def test_chances_are_right_and_better_than_the_rule(answer):
    result = answer
    json.dumps(result, allow_nan=False)
    assert result["reason"] is None and result["sampled"] == 1
    assert result["as_of"] == "2024-03-20" and result["test"]["day"] == "2024-03-12"
    scores = {each["model"]: each for each in result["metrics"]}
    used = next(each for each in result["metrics"] if each["used"])
    assert 0.75 < used["ratio"] < 1.3
    assert used["log_loss"] <= scores["rfm"]["log_loss"] + 0.01
    assert used["lift"] > 1.3
    assert sum(each["users"] for each in result["bands"]) == result["users"]
    tested = sum(each["tested"] for each in result["bands"])
    assert tested == result["test"]["users"] == sum(each["users"] for each in result["curve"])
    drivers = {each["feature"]: each for each in result["drivers"]}
    assert drivers["active_days"]["from"] > 0 > drivers["recency"]["to"]  # the rare ones leave
    days = [each["day"] for each in result["learnt"]]
    assert max(days) == days[-1] and result["learnt"][-1]["role"] == "calibrate"
    # what is learnt from for today is known today, and the test was not
    assert all(date.fromisoformat(day) + timedelta(days=8) <= date(2024, 3, 20) for day in days)


def test_filters_choose_whose_core_action_counts(make_scope, events):
    scope = make_scope([{**each, "city": "上海" if each["uid"] % 5 else ""} for each in events])
    chosen = make_scope([each for each in events if each["uid"] % 5])
    result = RISK.run(question_of(filters=[CITY]), scope)
    wanted = RISK.run(question_of(), chosen)
    assert 0 < result["users"] == wanted["users"] and result["expected"] == wanted["expected"]


def test_days_and_signals_are_those_asked_for(scope, monkeypatch):
    monkeypatch.setattr("userops.analyses.risk.history.NAMES", 1)

    def told(**more: Any) -> tuple[dict[str, Any], list[date]]:
        result = RISK.run(question_of(gap=2, step=9, **more), scope)
        return result, sorted(date.fromisoformat(each["day"]) for each in result["learnt"])

    result, days = told(lookback=7, signals=["look"])
    assert date.fromisoformat(result["test"]["day"]) == date(2024, 3, 20) - timedelta(days=2 + 7)
    assert {(after - before).days for before, after in pairwise(days[:-1])} == {9}
    assert "times:look" in {each["feature"] for each in result["drivers"]}
    assert "times:look" not in {each["feature"] for each in told()[0]["drivers"]}
    # one learns from no day that has not as many before it as are looked back on
    assert days[0] < FIRST + timedelta(days=39) <= told(lookback=40)[1][0]


def test_nothing_later_changes_what_was_said_on_a_day(make_scope, events):
    """Every event after the day of the test is taken away, or others are put in their place: features,
    model and chances of that day stay what they were."""
    question = question_of()
    day = number_of(date(2024, 3, 12))
    until = int(datetime(2024, 3, 13, tzinfo=UTC).timestamp() * 1000)
    before = [each for each in events if each["ts"] < until]
    noise = [
        {"event": "later", "uid": uid, "ts": until + uid * 7_000_000 % (8 * 86_400_000)}
        for uid in range(2_000)
    ]
    chances = []
    for some in (events, before, [*before, *noise]):
        of = learner(question, make_scope(some))
        assert of is not None
        predictor = of.predictor(day)
        assert predictor is not None
        known = of.past(day).frame
        days = [each.frame.day for each in (*predictor.learnt, predictor.calibrated)]
        assert max(days) + question.gap + question.window <= day
        assert max(each.frame.day for each in predictor.learnt) < predictor.calibrated.frame.day
        chances.append((known.person, known.values, predictor.chances(known)))
    for other in chances[1:]:
        for one, two in zip(chances[0], other, strict=True):
            assert np.array_equal(one, two)


def test_a_sample_learns_and_all_are_predicted(scope, answer, events, monkeypatch):
    whole = answer
    persons = len({each["uid"] for each in events})
    monkeypatch.setattr("userops.analyses.risk.history.MOST_PERSONS", persons // 2 + 9)
    monkeypatch.setattr("userops.analyses.risk.learning.FEWEST", 15)
    part = RISK.run(question_of(), scope)
    assert part["sampled"] == 2 and part["users"] == whole["users"]
    assert part["test"]["users"] < whole["test"]["users"]
    assert any("1/2" in each.zh for each in RISK.page.notes(question_of(), part, None))


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_has_its_table_chart_people(scope, answer, view):
    question = question_of(view=view)
    result = RISK.page.named(question, answer, {"open": "打开"})
    table = RISK.table(question, result)
    cells = RISK.page.cells(question, result, table)
    assert table.rows and [len(row) for row in table.rows] == [len(line) for line in cells]
    for line, row in zip(cells[-1:], table.rows[-1:], strict=True):
        for selection, value in zip(line, row, strict=True):
            if selection is not None:
                assert RISK.people(question, scope, selection, 3, 0).total == value
    option = RISK.chart(question, result, "zh")
    assert set(RISK.page.marks(question, result, "zh")) <= {
        each.get("name") for each in option["series"]
    }
    notes = RISK.page.notes(question, result, None)
    assert "100" in notes[0].zh and "RFM" in notes[1].en
    assert len(notes) == (5 if view == "drivers" else 2)
    assert len(RISK.page.facts(question, result)) == 5


def test_reasons_are_what_raises_the_risk_of_a_person(scope, answer):
    of = learner(question_of(), scope)
    assert of is not None
    found = scored(question_of(), scope, of)
    assert found is not None
    first = found.reasons(found.order[:20])
    assert all(first) and all(len(each) <= 3 for each in first)
    feature, value, usual = first[0][0]
    assert in_words(feature, value, usual).zh.startswith(feature.words.zh)
    counted = next(each for each in found.frame.features if each.event)
    labels = {counted.event: Words("打开应用", "Open app")}
    assert in_words(counted, 3, 1.5, labels).zh == "“打开应用”次数 3（平均 1.5）"
    assert in_words(counted, 3, 1.5).en.startswith(f"Times of “{counted.event}”: 3")
    everyone = RISK.people(question_of(), scope, {}, 10_000, 0)
    assert everyone.total == len(found.person)
    chances = found.chance[found.order]
    assert np.all(np.diff(chances) <= 0)
    assert band_of(np.array([0.9, 0.8, 0.5, 0.2, 0.1])).tolist() == [0, 0, 1, 2, 3]
    assert [len(found.band(name)) for name in NAMES] == [each["users"] for each in answer["bands"]]


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"window": 60}, "data"),
        ({"range": {"from": FIRST, "to": FIRST + timedelta(days=9)}}, "data"),
    ],
)
def test_too_little_is_refused_politely(scope, more, part):
    for view in VIEWS:
        question = question_of(view=view, **more)
        result = RISK.run(question, scope)
        assert part in result["reason"]["en"] and result["users"] is None
        assert RISK.page.notes(question, result, None)[0].zh == result["reason"]["zh"]
        assert RISK.table(question, result).rows == []
        RISK.chart(question, result, "en")
        RISK.page.facts(question, result)
    assert RISK.people(question, scope, {}, 10, 0).total == 0


def test_where_nobody_leaves_nothing_is_learnt(make_scope):
    begin = int(datetime(2024, 1, 1, 12, tzinfo=UTC).timestamp() * 1000)
    loyal = [
        {"event": "open", "uid": uid, "ts": begin + day * 86_400_000}
        for uid in range(80)
        for day in range(0, DAYS, 2)
    ]
    result = RISK.run(question_of(), make_scope(loyal))
    assert "50 who left" in result["reason"]["en"] and "0 and 80" in result["reason"]["en"]
    empty = RISK.run(question_of(), make_scope([]))
    assert empty["reason"] is not None


@pytest.mark.parametrize("selection", [{"band": "odd"}, {"odd": 1}, {"band": 3}])
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        RISK.people(question_of(), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_the_definition_names_every_option():
    words = RISK.describe(question_of(gap=3, lookback=30, step=10, window=20))
    for part in ["“open”", "第 4 天至第 23 天", "20 天", "30 天", "10 天"]:
        assert part in words.zh
    for part in ["“open”", "4th to the 23rd", "20 days", "30 days", "10 days", "Wilson"]:
        assert part in words.en


def test_the_example_is_a_valid_document():
    RISK.describe(RISK.document.model_validate(RISK.example))


def test_days_end_at_midnight_of_the_product(make_scope):
    question, probe = question_of(signals=[]), make_scope([])
    begin, after = question.range.bounds(probe.zone)
    at = [begin - 1, begin, after - 1, after]
    scope = make_scope([{"event": "open", "uid": uid, "ts": ts} for uid, ts in enumerate(at, 1)])
    last = FIRST + timedelta(days=DAYS - 1)
    history = read(question, scope, FIRST, last, (), whole=False)
    assert sorted(set(history.person.tolist())) == [2, 3]
    rare = make_scope([{"event": "rare", "uid": 1, "ts": ts} for ts in (begin - 1, after)])
    assert common_names(question, rare, last) == ()


def test_names_are_those_of_most_persons_and_of_those_who_are_asked_for(make_scope):
    begin, _after = question_of().range.bounds(make_scope([]).zone)
    did = [
        ("once", 3),
        ("often", 1),
        ("often", 1),
        ("often", 1),
        ("b", 1),
        ("b", 2),
        ("a", 1),
        ("a", 2),
    ]
    events = [
        {"event": name, "uid": uid, "ts": begin + at, "city": "上海" if name == "a" else "北京"}
        for at, (name, uid) in enumerate(did)
    ]
    question, scope = question_of(signals=[]), make_scope(events)
    assert common_names(question, scope, FIRST) == ("a", "b", "often", "once")
    here = question_of(signals=[], filters=[CITY])
    assert common_names(here, scope, FIRST) == ("a",)
