"""Segments against the oracle on random streams; and the laws of sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.analyses.streams import DAY, ZONES, examples
from userops.errors import DocumentError, Refused
from userops.events.rollups.building import count_days
from userops.query.dates import LATEST
from userops.segments import Segment, as_of, evaluate, everyone, parse
from userops.segments.oracle import Company

EVENTS = ["buy", "view", "share", "*"]
FILTER = {"property": "city", "op": "is", "value": "上海"}


class Dice:
    """Random streams and documents, dense enough that conditions meet the events."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.zone = self.random.choice(list(ZONES))
        self.day = self.random.choice(ZONES[self.zone])
        self.today = self.day + timedelta(days=self.random.randint(-1, 5))
        noon = datetime.combine(self.today, time(12), ZoneInfo(self.zone)).astimezone(UTC)
        if noon.astimezone(ZoneInfo(self.zone)).date() != self.today:
            self.today += timedelta(days=1)  # a day that the zone left out: nobody stands on it

    def events(self):
        begins = [
            int(
                datetime.combine(
                    self.day + timedelta(days=n), time(), ZoneInfo(self.zone)
                ).timestamp()
                * 1000
            )
            for n in range(-5, 6)
        ]
        moments = [
            self.random.choice(begins) + self.random.choice([-1, 0, 1, self.random.randint(0, DAY)])
            for _ in range(12)
        ]
        return [
            {
                "event": self.random.choice(EVENTS[:3]),
                "uid": self.random.randint(0, 6),
                "ts": self.random.choice(moments)
                + self.random.randint(0, 3) * 30_000
                + self.random.choice([-1, 0, 0, 1]),
                "city": self.random.choice(["上海", "北京", ""]),
                "amount": self.random.choice([None, 0.0, 1.5, 2.0, -2.0]),
                "props": {},
            }
            for _ in range(self.random.randint(5, 60))
        ]

    def range(self):
        begin = self.day + timedelta(days=self.random.randint(-5, 3))
        end = begin + timedelta(days=self.random.randint(0, 4))
        forms = [{"preset": "all_time"}, {"last": self.random.randint(1, 6)}]
        forms += [{"from": str(begin), "to": str(end)}] * 2
        return self.random.choice(forms)

    def step(self):
        filters = [FILTER] if self.random.random() < 0.3 else []
        return {"event": self.random.choice(EVENTS), "filters": filters}

    def condition(self):
        who = self.random.choice(["did", "did", "did", "first", "last", "user", "sequence"])
        if who == "user":
            op = self.random.choice(["is", "is_not", "set", "not_set"])
            value = {"value": self.random.choice(["gold", "new"])} if op.startswith("is") else {}
            name = self.random.choice(["level", "$tag/level"])
            return {"who": "user", "property": name, "op": op, **value}
        if who == "sequence":
            steps = [self.step() for _ in range(self.random.randint(2, 3))]
            window = self.random.choice(["30s", "1m", "1d", "1w"])
            return {"who": "sequence", "steps": steps, "window": window, "range": self.range()}
        if who in ("first", "last"):
            return {"who": who, **self.step(), "range": self.range()}
        return {"who": "did", **self.step(), **self.figure(), "range": self.range()}

    def figure(self):
        op = self.random.choice(["gte", "gte", "lte", "eq", "between", "none"])
        if op == "none":
            return {"op": op}
        figure = {"op": op, "value": self.random.randint(0, 3)}
        if op == "between":
            figure["high"] = figure["value"] + self.random.randint(0, 2)
        measure = self.random.choice(["times", "times", "days", "sum", "average"])
        more = {"property": "amount"} if measure in ("sum", "average") else {}
        return {**figure, "measure": measure, **more}

    def tree(self, depth=2):
        if not depth or self.random.random() < 0.3:
            return self.condition()
        join = self.random.choice(["and", "or", "not"])
        if join == "not":
            return {"not": self.tree(depth - 1)}
        return {join: [self.tree(depth - 1) for _ in range(self.random.randint(0, 3))]}


def company_of(make_scope, dice):
    """The same random company as a scope, some of its days from rollups, and as the oracle reads it."""
    merges = dice.random.choice([{}, {5: 2, 6: 2}, {4: 0}])
    levels = {
        n: dice.random.choice(["gold", "new"]) for n in (0, 1, 2, 7) if dice.random.random() < 0.6
    }
    tags = {n: dice.random.choice(["gold", "new"]) for n in range(7) if dice.random.random() < 0.4}
    events = dice.events()
    now = datetime.combine(dice.today, time(12), ZoneInfo(dice.zone)).astimezone(UTC)
    scope = make_scope(
        events,
        timezone=dice.zone,
        merges=merges,
        profiles={n: {"level": level} for n, level in levels.items()},
        facts={"$tag/level": tags},
        now=now,
    )
    known = {n: {"level": level} for n, level in levels.items()}
    # a person's own tag counts, then that of the lowest number merged into it
    for n, level in sorted(tags.items(), key=lambda each: (each[0] in merges, each[0])):
        known.setdefault(merges.get(n, n), {}).setdefault("$tag/level", level)
    days = [dice.day + timedelta(days=n) for n in range(-6, 7)]
    kept = dice.random.choice([[], days, days[::2]])
    if kept:
        count_days(scope.engine, scope.product, scope.timezone, kept, 1, merged=scope.merged)
    scope = replace(scope, version=1, builds=lambda: dict.fromkeys(kept, 1))
    rows = [{**each, "person": merges.get(each["uid"], each["uid"])} for each in events]
    return scope, rows, known


@given(seed=st.integers(0, 10**6))
@examples(20)
def test_against_the_oracle(make_scope, seed):
    dice = Dice(seed)
    scope, rows, known = company_of(make_scope, dice)
    # the past day of a company that has gone on, or today, when nothing later can have come in
    past = dice.random.random() < 0.6
    if past:
        scope = as_of(scope, dice.today)
    else:
        last = max([dice.today, *(Company(rows, {}, dice.zone, LATEST).day(row) for row in rows)])
        dice.today = last + timedelta(days=dice.random.randint(0, 2))
        now = datetime.combine(dice.today, time(12), ZoneInfo(dice.zone)).astimezone(UTC)
        scope = replace(scope, now=now)
    company = Company(rows, known, dice.zone, dice.today)
    # tags of nobody make no person
    company.persons -= {n for n in known if "level" not in known[n]} - {
        r["person"] for r in company.rows
    }
    assert set(everyone(scope)) == company.persons
    for where in [*(dice.condition() for _ in range(10)), *(dice.tree() for _ in range(3))]:
        found = set(evaluate(parse({"product": "shop", "where": where}), scope))
        assert found == company.members(where), where
    rest = set(evaluate(parse({"product": "shop", "where": {"not": where}}), scope))
    assert found | rest == company.persons
    assert not found & rest


def test_a_circle_is_refused(make_scope):
    class Two:
        def definition(self, segment):
            other = {1: 2, 2: 1}[segment]
            return parse({"product": "shop", "where": {"who": "segment", "segment": other}})

    scope = make_scope([{"event": "a", "uid": 1, "ts": 1}])
    with pytest.raises(Refused) as refused:
        evaluate(Two().definition(2), scope, Two(), own=2)
    assert refused.value.code == "segment_circle"


def test_other_segments_and_lists(make_scope):
    class Others:
        def definition(self, segment):
            if segment == 1:
                return None  # frozen
            return parse({"product": "shop", "where": {"who": "did", "event": "a"}})

    events = [{"event": e, "uid": u, "ts": 1_000} for e, u in (("a", 1), ("b", 2), ("a", 3))]
    scope = make_scope(events, facts={"$segment/1": {2: "$in", 9: "$in"}, "$list/x": {1: "$in"}})

    def of(where):
        return set(evaluate(parse({"product": "shop", "where": where}), scope, Others()))

    assert of({"who": "segment", "segment": 1}) == {2}  # 9 is nobody of the product
    assert of({"who": "segment", "segment": 2}) == {1, 3}
    assert of({"who": "list", "list": "x"}) == {1}
    assert of({"who": "list", "list": "unknown"}) == set()


def test_behind_a_number(make_scope):
    at = 1_709_600_000_000
    events = [{"event": e, "uid": u, "ts": at + u} for e, u in (("a", 1), ("b", 1), ("a", 3))]
    scope = make_scope(events)
    range_ = {"from": "2024-03-01", "to": "2024-03-31"}
    question = {"kind": "funnel", "product": "shop", "steps": ["a", "b"], "range": range_}

    def of(selection):
        leaf = {"who": "behind", "question": question, "selection": selection}
        return set(evaluate(parse({"product": "shop", "where": leaf}), scope))

    assert of({"step": 2}) == {1}
    assert of({"step": 2, "what": "dropped"}) == {3}


def test_behind_a_number_of_data_that_ended(make_scope):
    """The last 30 days are those before the end of the data, as in the number that was seen."""
    scope = make_scope([{"event": "a", "uid": 1, "ts": 1_709_600_000_000}])  # 2024-03-05
    question = {"kind": "funnel", "product": "shop", "steps": ["a", "b"], "range": {"last": 30}}

    def of(**more):
        leaf = {"who": "behind", "question": question | more, "selection": {"step": 1}}
        return set(evaluate(parse({"product": "shop", "where": leaf}), scope))

    assert of(until="2024-03-10T00:00:00+00:00") == {1}
    assert of() == of(until="2024-03-05T00:00:00+00:00") == set()


@pytest.mark.parametrize(
    "where",
    [
        {"who": "did", "measure": "sum"},
        {"who": "did", "op": "none", "value": 1},
        {"who": "did", "op": "between", "value": 3, "high": 2},
        {"who": "did", "op": "between", "value": 3},
        {"who": "did", "value": 1.5},
        {"who": "nobody"},
        {"who": "sequence", "steps": ["a"]},
        {"who": "user"},
        {"who": "behind", "question": {"kind": "trend"}},
        {"and": [{"who": "did"}] * 101},
    ],
)
def test_wrong_documents_are_refused(where):
    with pytest.raises(DocumentError):
        parse({"product": "shop", "where": where})


@pytest.mark.parametrize(
    ("where", "place", "said"),
    [
        ({"who": "nobody"}, "where", "who must be one of did, sequence"),
        ({"and": [{"who": "did", "event": "a", "op": "gt"}]}, "where.and.0.op", "'gte', 'lte'"),
        ({"not": {"who": "segment", "segment": "x"}}, "where.not.segment", "a whole number"),
        ({"or": [{"who": "list"}]}, "where.or.0.list", "required"),
        (
            {"who": "sequence", "steps": ["a", {"event": "b", "evnt": "c"}]},
            "where.steps.1.evnt",
            "no such field",
        ),
        ({"who": "user", "property": "level", "op": "is"}, "where", "at least one value"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_in_the_document(where, place, said):
    """Without the names that the parser gives the alternatives."""
    with pytest.raises(DocumentError) as wrong:
        parse({"product": "shop", "where": where})
    first = wrong.value.data["problems"][0]
    assert first["field"] == place and said in first["en"]
    assert place in wrong.value.words.en and "segments.md" in wrong.value.hint.en


def test_a_place_deep_inside_is_cut():
    where = {"who": "nobody"}
    for _ in range(60):
        where = {"not": where}
    with pytest.raises(DocumentError) as wrong:
        parse({"product": "shop", "where": where})
    assert len(wrong.value.data["problems"][0]["field"]) < 200


def test_a_document_reads_back_as_itself():
    where = {
        "and": [{"who": "did", "event": "a", "value": 2}, {"not": {"who": "segment", "segment": 3}}]
    }
    document = parse({"product": "shop", "where": where})
    again = parse(document.as_json())
    assert again == document
    assert again.hash() == document.hash()
    assert document.segments() == {3}
    assert isinstance(document, Segment)
