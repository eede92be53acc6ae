"""Retention against its oracle, against pinned cases, and against its own properties."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.retention import RETENTION, RetentionDocument
from userops.analyses.retention.calendar import calendar
from userops.analyses.retention.members import members
from userops.analyses.retention.oracle import Oracle
from userops.analyses.retention.returns import counted, returned

ZONE = "America/New_York"
HOUR = 3_600_000


def at(year, month, day, hour=0, minute=0):
    """UTC ms of a UTC wall time; New York is at UTC−5, from 2026-03-08 07:00 UTC at UTC−4."""
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


# days around the change to summer time, month ends, local midnights and their neighbours
MOMENTS = [
    moment + shift
    for moment in (
        at(2026, 1, 31, 5), at(2026, 2, 1, 5), at(2026, 2, 28, 12), at(2026, 3, 1, 5),
        at(2026, 3, 6, 5), at(2026, 3, 7, 5), at(2026, 3, 7, 6, 30), at(2026, 3, 8, 5),
        at(2026, 3, 9, 4), at(2026, 3, 10, 4), at(2026, 3, 15, 4), at(2026, 4, 1, 4),
    )
    for shift in (-1, 0, 1)
]  # fmt: skip


@st.composite
def streams(draw):
    rng = random.Random(draw(st.integers(0, 2**32)))
    rows = []
    for uid in range(12):
        moments = rng.sample(MOMENTS, rng.randint(1, 8))
        for _ in range(rng.randint(1, 10)):
            props = {
                name: rng.choice(values)
                for name, values in {"k": ["u", "v"], "p": ["1", "2"]}.items()
                if rng.random() < 0.8
            }
            row = {
                "event": rng.choice("AABX"),
                "uid": uid,
                "ts": rng.choice(moments),
                "props": props,
            }
            if rng.random() < 0.8:
                row["amount"] = rng.choice([1.5, 10.0, -2.0])
            rows.append(row)
    rng.shuffle(rows)
    return rows


@st.composite
def documents(draw):
    unit = draw(st.sampled_from(["hour", "day", "day", "week", "month"]))
    narrow = {"from": "2026-03-06", "to": "2026-03-09"}
    wide = {"from": "2026-01-31", "to": "2026-03-31"}
    more = {
        "unit": unit,
        "range": narrow if unit == "hour" else draw(st.sampled_from([narrow, wide])),
        "start": draw(
            st.sampled_from(
                ["A", "*", {"event": "A", "filters": [{"property": "p", "value": "1"}]}]
            )
        ),
        "return": draw(st.sampled_from([None, "B", "A", {"event": ["A", "B"]}])),
        "periods": draw(st.sampled_from([1, 3, 30])),
        "entry": draw(st.sampled_from(["first", "first_ever", "recurring"])),
        "criterion": draw(st.sampled_from(["on", "on_or_after"])),
        "clock": draw(st.sampled_from(["calendar", "calendar", "rolling"])),
        "min_occurrences": draw(st.sampled_from([1, 1, 2])),
        "reference": draw(st.sampled_from(["cohort", "previous"])),
        "filters": draw(st.sampled_from([[], [{"property": "k", "value": ["u"]}]])),
        "breakdown": draw(st.sampled_from([[], ["k"], [{"property": "c", "of": "user"}]])),
    }
    if draw(st.booleans()):
        more["brackets"] = draw(st.sampled_from([[[1, 1], [2, 4]], [[1, 7], [9, 30]]]))
    elif draw(st.booleans()):
        more["value"] = {"property": "amount", "measure": draw(st.sampled_from(["sum", "average"]))}
    return RetentionDocument.model_validate({"product": "p", **more})


def cohort_key(document, cohort):
    return cohort.isoformat() if isinstance(cohort, date) else cohort


def check(document, scope, rows, merges, profiles):
    oracle = Oracle(document, rows, ZONE, merges)
    result = json.loads(json.dumps(RETENTION.run(document, scope)))
    who = oracle.members()
    check_cohorts(document, oracle, result["cohorts"], who)
    check_averages(document, result)
    if document.breakdown:
        each = document.breakdown[0]

        def value(person, start):
            if each.of == "user":
                return profiles.get(person, {}).get(each.property, "")
            return oracle.start_value(person, start, each.property)

        keys = {value(person, start) for _, person, start in who}
        found = {part["breakdown"][each.property]: part for part in result["breakdown"]}
        assert set(found) == keys
        for key, part in found.items():
            of = [one for one in who if value(one[1], one[2]) == key]
            check_cohorts(document, oracle, part["cohorts"], of)
    check_people(document, oracle, scope, who)


def check_cohorts(document, oracle, cohorts, who):
    begin = calendar_start(document, oracle)
    for number, cohort in enumerate(cohorts):
        label = begin(number)
        own = [(person, start) for each, person, start in who if each == label]
        assert cohort["size"] == len(own)
        assert cohort["retained"] == [
            sum(oracle.came_back(person, start, column) for person, start in own)
            for column in document.columns
        ]
        if document.value is not None:
            sums = [
                sum(oracle.worth(person, start, period) for person, start in own)
                for period in range(document.periods + 1)
            ]
            share = len(own) if document.value.measure == "average" and own else 1
            assert cohort["values"] == pytest.approx([each / share for each in sums], abs=1e-6)


def check_averages(document, result):
    """All cells are finished here: pooled shares of the cohort or of the column before."""
    for column in range(len(document.columns)):
        base = 0 if document.reference == "cohort" or not column else column - 1
        hits = sum(cohort["retained"][column] for cohort in result["cohorts"])
        whole = sum(cohort["retained"][base] for cohort in result["cohorts"])
        assert result["average_kn"][column] == [hits, whole]
        assert result["average"][column] == (hits / whole if whole else None)


def calendar_start(document, oracle):
    """Number of a cohort → the oracle's label for it."""
    first = int(
        datetime.combine(document.range.first, datetime.min.time(), oracle.zone).timestamp() * 1000
    )
    return lambda number: oracle.label(first, number)


def check_people(document, oracle, scope, who):
    column = len(document.columns) - 1
    back = {p for _, p, start in who if oracle.came_back(p, start, document.columns[column])}
    found = RETENTION.people(document, scope, {"period": column}, 100, 0)
    assert (found.persons, found.total) == (sorted(back), len(back))


quick = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@quick
@given(rows=streams(), asked=st.lists(documents(), min_size=8, max_size=8), merge=st.booleans())
def test_agrees_with_the_oracle(make_scope, rows, asked, merge):
    merges = {1: 0} if merge else {}
    profiles = {0: {"c": "x"}, 2: {"c": "y"}}
    scope = make_scope(rows, timezone=ZONE, merges=merges, profiles=profiles)
    for document in asked:
        check(document, scope, rows, merges, profiles)


@quick
@given(rows=streams(), asked=st.lists(documents(), min_size=4, max_size=4))
def test_both_engines_agree(make_scope, rows, asked):
    scope = make_scope(rows, timezone=ZONE)
    for document in asked:
        plain = document.model_copy(update={"clock": "calendar", "min_occurrences": 1})
        days = calendar(plain, scope)
        of = members(plain, scope, days)
        hits = returned(plain, scope, days, of)
        slow = [hits[of.cohort == at].sum(axis=0).tolist() for at in range(len(days.cohorts))]
        assert counted(plain, scope, days, of).tolist() == slow
