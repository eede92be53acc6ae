"""Correlation against its oracle, against planted and shuffled goals, and in its guard rails."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.answering import parse
from userops.analyses.correlation import CORRELATION, oracle
from userops.analyses.correlation.candidates import Candidate, Whole, ranked, splits
from userops.analyses.correlation.document import Correlation
from userops.errors import DocumentError
from userops.stats.association import fisher_p, phi_coefficient

ZONES = {
    "Asia/Shanghai": date(2024, 3, 15),
    "America/New_York": date(2024, 3, 10),
    "Europe/Berlin": date(2023, 10, 29),
}
HOUR = 3_600_000
DAY = 24 * HOUR
CITY = {"property": "city", "op": "is", "value": "上海"}


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    """Events of some persons around a day on which clocks change, many a multiple of days ± 1 ms apart."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = ZONES[zone]
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    at = st.builds(
        lambda days, more: middle + days * DAY + more,
        st.integers(-4, 12),
        st.sampled_from([-1, 0, 0, 1, HOUR]),
    )
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["open", "open", "buy", "share"]),
            "uid": st.integers(0, 8),
            "ts": at,
            "city": st.sampled_from(["上海", "上海", "北京"]),
            "channel": st.sampled_from(["a", "b", ""]),
        }
    )
    return {
        "events": draw(st.lists(event, min_size=draw(st.sampled_from([0, 25, 40])), max_size=60)),
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(7, 8), st.integers(0, 6), max_size=2)),
        "range": {"from": day - timedelta(days=draw(st.integers(0, 4))), "to": day + timedelta(days=2)},
        "now": middle + draw(st.sampled_from([6, 60])) * DAY,
    }  # fmt: skip


documents = st.fixed_dictionaries(
    {
        "start": st.sampled_from(["*", "open", "buy"]),
        "early": st.integers(1, 3),
        "early_unit": st.sampled_from(["hour", "day"]),
        "goal": st.builds(
            lambda event, more, least: {"event": event, "from": 3, "to": 3 + more, "least": least},
            st.sampled_from(["*", "open", "buy"]),
            st.integers(0, 3),
            st.integers(1, 2),
        ),
        "events": st.sampled_from([[], ["open", "share"]]),
        "filters": st.sampled_from([[], [CITY]]),
        "max_times": st.integers(1, 4),
    }
)


def persons_of(stream: dict[str, Any], question: Correlation) -> list[oracle.Person]:
    def named(step: Any, name: str) -> bool:
        return not step.events or name in step.events

    rows = [
        {
            **row,
            "person": stream["merges"].get(row["uid"], row["uid"]),
            "is_start": named(question.start, row["event"]),
            "is_goal": named(question.goal, row["event"]),
        }
        for row in stream["events"]
        if not question.filters or row["city"] == "上海"
    ]
    hours = 1 if question.early_unit == "hour" else 24
    goal = (question.goal.from_ * DAY, (question.goal.to + 1) * DAY)
    days = (question.range.first, question.range.last_day)
    early, least = question.early * hours * HOUR, question.goal.least
    return oracle.persons(rows, stream["timezone"], days, early, goal, least, stream["now"])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(stream=streams(), more=documents)
def test_agrees_with_the_oracle(make_scope, stream, more):
    scope = make_scope(
        stream["events"],
        timezone=stream["timezone"],
        merges=stream["merges"],
        now=datetime.fromtimestamp(stream["now"] / 1000, UTC),
    )
    question = Correlation.model_validate(
        {
            "product": "p",
            "range": stream["range"],
            "min_support": 1,
            "properties": ["channel"],
            **more,
        }
    )
    result = json.loads(json.dumps(CORRELATION.run(question, scope), allow_nan=False))
    everyone = persons_of(stream, question)
    whole = [person for person in everyone if person.over]
    reached = [person for person in whole if person.reached]
    assert (result["users"], result["reached"]) == (len(whole), len(reached))
    assert result["unfinished"] == len(everyone) - len(whole)
    wanted = expected(question, whole)
    shown = {(c["kind"], c["name"], c["value"]): c for c in result["candidates"]}
    assert set(shown) == {key for key, found in wanted.items() if found}
    for key, candidate in shown.items():
        check(candidate, wanted[key])
        for did in (True, False):
            who = [p.number for p in whole if (counted(key, p) >= candidate["times"]) == did]
            selection = {
                "kind": key[0], "times": candidate["times"], "did": did,
                **({"name": key[1]} if key[1] else {}), **({"value": key[2]} if key[2] else {}),
            }  # fmt: skip
            assert CORRELATION.people(question, scope, selection, 100, 0).persons == who
    both = CORRELATION.people(question, scope, {"reached": True}, 100, 0)
    assert both.persons == [person.number for person in reached]


def counted(key: tuple[str, str, str | None], person: oracle.Person) -> int:
    kind, name, value = key
    if kind == "active_days":
        return person.active_days()
    if kind == "event":
        return person.times(lambda row: row["event"] == name)
    return min(1, person.times(lambda row: row["channel"] == value))


Counts = tuple[int, int, int, int]


def expected(question: Correlation, whole: list[oracle.Person]) -> dict[Any, dict[int, Counts]]:
    """By candidate and threshold the four counts, where both sides hold somebody and phi exists."""
    names = question.events or ("open", "buy", "share")
    keys: list[Any] = [("event", name, None) for name in names]
    keys += [("active_days", "", None), *(("property", "channel", value) for value in "ab")]
    found: dict[Any, dict[int, Counts]] = {}
    for key in keys:
        limit = 60 if key[0] == "active_days" else question.max_times
        found[key] = {}
        for times in range(1, limit + 1):
            did = [person for person in whole if counted(key, person) >= times]
            rest = [person for person in whole if counted(key, person) < times]
            counts = (
                len(did), sum(p.reached for p in did), len(rest), sum(p.reached for p in rest)
            )  # fmt: skip
            if did and rest and phi_coefficient(*counts) is not None:
                found[key][times] = counts
    return found


def check(candidate: dict[str, Any], by_times: dict[int, Counts]) -> None:
    names = ("did", "did_reached", "not", "not_reached")
    assert tuple(candidate[name] for name in names) == by_times[candidate["times"]]
    strengths = {times: abs(phi_coefficient(*each) or 0) for times, each in by_times.items()}
    assert abs(candidate["phi"]) == pytest.approx(max(strengths.values()))
    low, high = candidate["difference_interval"]
    assert low <= candidate["difference"] <= high
    assert candidate["p"] <= candidate["q"] <= 1


START = 1_709_251_200_000  # 2024-03-01 00:00 UTC
MARCH = {"from": "2024-03-01", "to": "2024-03-01"}


def build(**more: Any) -> Correlation:
    return Correlation.model_validate({"product": "p", "range": MARCH, "start": "join", **more})


def company(seed: int, planted: float) -> list[dict[str, Any]]:
    """400 persons with ten kinds of early events; who did `e0` at least three times comes back more often,
    by `planted`."""
    rng = random.Random(seed)
    rows = []
    for uid in range(400):
        rows.append({"event": "join", "uid": uid, "ts": START + uid})
        counts = [rng.randrange(5) for _ in range(10)]
        for kind, count in enumerate(counts):
            rows += [
                {"event": f"e{kind}", "uid": uid, "ts": START + uid + rng.randrange(7 * DAY)}
                for _ in range(count)
            ]
        if rng.random() < 0.3 + planted * (counts[0] >= 3):
            rows.append({"event": "back", "uid": uid, "ts": START + 9 * DAY})
    return rows


def test_a_planted_behaviour_comes_first_with_its_threshold(make_scope):
    result = CORRELATION.run(build(goal="back"), make_scope(company(1, 0.4)))
    first, second = result["candidates"][:2]
    assert (first["name"], first["times"], first["significant"]) == ("e0", 3, True)
    assert first["phi"] > 0.3 > 2 * abs(second["phi"]) and first["q"] < 1e-6
    low, high = first["difference_interval"]
    assert low < 0.4 < high
    columns = CORRELATION.table(build(goal="back"), result).columns
    points = {each.name for each in columns if each.type == "points"}
    assert points == {"difference", "difference_low", "difference_high"}


def test_shuffled_goals_are_not_significant():
    """A hundred companies in which nothing matters: the share with any discovery stays below 0.05 and some
    noise, though the best of ten thresholds of ten events is taken."""
    rng = random.Random(7)
    false = 0
    for _ in range(100):
        goal = [rng.random() < 0.3 for _ in range(400)]
        candidates = [Candidate("event", f"e{n}") for n in range(10)]
        for one in candidates:
            for reached in goal:
                one.note(rng.randrange(11), 1, reached)
        best, tests = ranked(candidates, Whole(400, sum(goal)), 30)
        assert tests > 50
        false += any(split.q < 0.05 for split in best)
    assert false <= 10


def test_a_company_without_effect_has_no_discovery(make_scope):
    result = CORRELATION.run(build(goal="back"), make_scope(company(2, 0.0)))
    assert result["tests"] > 30 and result["significant"] == 0


def test_little_support_is_left_out():
    one = Candidate("event", "x", users={0: 970, 1: 30}, reached={0: 300, 1: 20})
    assert len(splits(one, Whole(1000, 320), 30)) == 1
    assert splits(one, Whole(1000, 320), 31) == []
    rare = Candidate("event", "x", users={0: 970, 1: 30}, reached={0: 10, 1: 1})
    (split,) = splits(rare, Whole(1000, 11), 30)
    assert split.p == pytest.approx(fisher_p(30, 1, 970, 10))


def test_windows_to_the_millisecond(make_scope):
    """The early window ends before its last millisecond's successor; the goal's begins with its first."""

    def person(uid: int, early: int, late: int) -> list[dict[str, Any]]:
        return [
            {"event": "join", "uid": uid, "ts": START},
            {"event": "look", "uid": uid, "ts": START + early},
            {"event": "back", "uid": uid, "ts": START + late},
        ]

    rows = [*person(0, 7 * DAY - 1, 7 * DAY), *person(1, 7 * DAY, 7 * DAY - 1),
            *person(2, 0, 14 * DAY - 1), *person(3, 7 * DAY - 1, 14 * DAY)]  # fmt: skip
    scope = make_scope(rows)
    question = build(goal="back", min_support=1)
    assert CORRELATION.run(question, scope)["reached"] == 2
    looked = {"kind": "event", "name": "look", "times": 1}
    found = CORRELATION.people(question, scope, {**looked, "did": True}, 10, 0)
    assert (found.persons, found.total) == ([0, 2, 3], 3)
    found = CORRELATION.people(question, scope, {**looked, "did": True, "reached": True}, 10, 0)
    assert found.persons == [0, 2]
    assert CORRELATION.people(question, scope, {"reached": False}, 10, 0).persons == [1, 3]


def test_who_is_not_over_is_counted_apart(make_scope):
    now = datetime.fromtimestamp((START + 14 * DAY + 5) / 1000, UTC)
    rows = [{"event": "join", "uid": uid, "ts": START + uid} for uid in range(10)]
    result = CORRELATION.run(build(), make_scope(rows, now=now))
    assert (result["users"], result["unfinished"]) == (6, 4)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"early": 8}, "early window must end before"),
        ({"early": 25, "early_unit": "hour", "goal": {"event": "x", "from": 1, "to": 1}}, "leaks"),
        ({"goal": {"event": "x", "from": 9, "to": 8}}, "must not end before"),
        ({"early": 61, "goal": {"event": "x", "from": 90, "to": 91}}, "at most 60 days"),
        ({"properties": ["a", "a"]}, "only once"),
        ({"min_support": 0}, "min_support"),
        ({"start": None}, "start"),
    ],
)
def test_wrong_documents_say_why(more, code):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "correlation", "product": "p", "start": "join", **more})
    assert code in wrong.value.words.en
    assert "correlation_" not in wrong.value.words.en


@pytest.mark.parametrize(
    "selection",
    [{"kind": "odd", "times": 1}, {"kind": "event", "times": 1}, {"kind": "event", "name": "x"},
     {"kind": "property", "name": "nope", "value": "x", "times": 1}, {"did": True}, {"reached": 1},
     {"kind": "active_days", "times": True}, {"kind": [], "times": 1}, {"x": 1}],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        CORRELATION.people(build(), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_nothing_there(make_scope):
    document = build(properties=["city"])
    result = CORRELATION.run(document, make_scope([]))
    assert result["users"] == 0 and result["rate"] is None and result["candidates"] == []
    json.dumps([result, CORRELATION.chart(document, result, "zh")], allow_nan=False)
    assert CORRELATION.table(document, result).rows == []


def test_every_option_is_told():
    told = CORRELATION.describe(
        build(
            early=36, early_unit="hour", goal={"event": "pay", "from": 2, "to": 3, "unit": "week", "least": 4},
            events=["look"], properties=["city"], max_times=6, min_support=44, filters=[CITY],
        )
    )  # fmt: skip
    for word in (
        "not cause",
        "36 hours",
        "week 2–3",
        "4 times",
        "look",
        "city",
        "1 to 6",
        "44 users",
    ):
        assert word in told.en
    for word in ("不等于因果", "36 小时", "2–3 周", "4 次", "look", "city", "1–6", "44 人"):
        assert word in told.zh
    assert CORRELATION.page.notice is not None


def test_chart_and_table_show_the_same(make_scope):
    document = build(goal="back")
    result = CORRELATION.run(document, make_scope(company(1, 0.4)))
    chart = CORRELATION.chart(document, result, "en")
    table = CORRELATION.table(document, result)
    assert chart["yAxis"]["data"][0] == "e0 ≥ 3"
    rates = [series["data"][0] for series in chart["series"]]
    row = dict(zip([column.name for column in table.columns], table.rows[0], strict=True))
    assert rates == [row["did_rate"], row["not_rate"]]
    assert (row["candidate"], row["times"], row["q"]) == ("e0", "3", "< 0.0001")
