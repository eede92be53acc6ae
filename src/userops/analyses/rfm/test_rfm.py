"""RFM against its oracle, against a small story, and against real shops."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.answering import parse
from userops.analyses.rfm import RFM, oracle
from userops.analyses.rfm.document import Rfm
from userops.analyses.rfm.groups import ABSENT, NAMES
from userops.analyses.rfm.page import PAGE
from userops.errors import DocumentError

ZONES = {
    "Asia/Shanghai": date(2024, 3, 15),
    "America/New_York": date(2024, 3, 10),
    "Europe/Berlin": date(2023, 10, 29),
}
HOUR = 3_600_000
CITY = {"property": "city", "op": "is", "value": "上海"}


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    """Purchases of few persons around a day on which clocks change, some at the edges of days."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = ZONES[zone]
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    at = st.builds(
        lambda days, more: middle + days * 24 * HOUR + more,
        st.integers(-12, 12),
        st.sampled_from([-1, 0, 1, HOUR, 23 * HOUR, -HOUR]),
    )
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["buy", "buy", "view"]),
            "uid": st.integers(0, 7),
            "ts": at,
            "city": st.sampled_from(["上海", "上海", ""]),
            "amount": st.sampled_from([None, 10.0, 10.0, 0.1, 0.2, -5.5, 0.0]),
            "props": st.sampled_from([{}, {"order_id": "a"}, {"order_id": "b"}]),
        }
    )
    return {
        "events": draw(st.lists(event, max_size=40)),
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(5, 7), st.integers(0, 4), max_size=2)),
        "range": {
            "from": day - timedelta(days=draw(st.integers(0, 9))),
            "to": day + timedelta(days=draw(st.integers(0, 9))),
        },
    }


def points(low: int, high: int) -> st.SearchStrategy[list[int]]:
    return st.one_of(
        st.just([]),
        st.lists(st.integers(low, high), min_size=1, max_size=4, unique=True).map(sorted),
    )


documents = st.fixed_dictionaries(
    {
        "event": st.sampled_from(["buy", "*", ["buy", "view"]]),
        "filters": st.sampled_from([[], [CITY]]),
        "frequency": st.sampled_from(["times", "days", "orders"]),
        "scores": st.integers(2, 5),
        "high": st.sampled_from(["middle", "mean"]),
        "movement_days": st.integers(1, 12),
        "cuts": st.fixed_dictionaries(
            {"recency": points(0, 9), "frequency": points(1, 4), "monetary": points(-5, 20)}
        ),
    }
)


def expected(stream: dict[str, Any], question: Rfm, back: int = 0) -> dict[int, Any]:
    """Of each person the values, the scores and the group, by the oracle."""
    names = question.step().events
    rows = [
        {
            "person": stream["merges"].get(row["uid"], row["uid"]),
            "ts": row["ts"],
            "amount": row["amount"],
            "order": row["props"].get("order_id", ""),
        }
        for row in stream["events"]
        if (not names or row["event"] in names) and (not question.filters or row["city"] == "上海")
    ]
    first = question.range.first - timedelta(days=back)
    last = question.range.last_day - timedelta(days=back)
    zone = ZoneInfo(stream["timezone"])
    found = oracle.values(rows, zone, first, last, question.frequency)
    cuts = (
        list(question.cuts.recency),
        list(question.cuts.frequency),
        list(question.cuts.monetary),
    )
    scores = oracle.scored(found, question.scores, cuts, question.high)
    return {person: (found[person], *scores[person]) for person in found}


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(stream=streams(), more=documents, place=st.integers(0, 8), other=st.integers(0, 8))
def test_agrees_with_the_oracle(make_scope, stream, more, place, other):
    scope = make_scope(stream["events"], timezone=stream["timezone"], merges=stream["merges"])
    question = Rfm.model_validate(
        {"product": "shop", "range": stream["range"], "view": "movement", **more}
    )
    result = RFM.run(question, scope)
    now = expected(stream, question)
    check_groups(result, now)
    check_matrix(result, now)
    before = expected(stream, question, question.movement_days)
    states = [*NAMES, ABSENT]
    moves = [[0] * 9 for _ in states]
    who: dict[tuple[str, str], list[int]] = {}
    for person in sorted({*now, *before}):
        pair = tuple(side[person][2] if person in side else ABSENT for side in (before, now))
        moves[states.index(pair[0])][states.index(pair[1])] += 1
        who.setdefault(pair, []).append(person)
    assert result["movement"]["moves"] == moves
    asked = (states[place], states[other])
    found = RFM.people(question, scope, {"from": asked[0], "to": asked[1]}, 100, 0)
    assert found.persons == who.get(asked, [])
    group = NAMES[place % 8]
    found = RFM.people(question, scope, {"group": group}, 100, 0)
    assert found.persons == sorted(p for p, each in now.items() if each[2] == group)


def check_groups(result, now):
    assert result["users"] == len(now)
    total = sum(each[0][2] for each in now.values())
    assert result["value"] == pytest.approx(float(total), abs=1e-6)
    for group in result["groups"]:
        own = [each[0] for each in now.values() if each[2] == group["group"]]
        assert group["users"] == len(own)
        assert group["share"] == (len(own) / len(now) if now else None)
        assert group["value"] == pytest.approx(float(sum(v[2] for v in own)), abs=1e-6)
        for at, name in enumerate(("recency", "frequency", "monetary")):
            mean = float(sum(v[at] for v in own) / len(own)) if own else None
            assert group[name] == (mean if mean is None else pytest.approx(mean, abs=1e-6))
        if total > 0:
            assert group["value_share"] == pytest.approx(float(sum(v[2] for v in own) / total))
        else:
            assert group["value_share"] is None


def check_matrix(result, now):
    pairs = [scores[:2] for _, scores, _ in now.values()]
    for cell in result["matrix"]:
        assert cell["users"] == pairs.count((cell["recency"], cell["frequency"]))
    for place, name in enumerate(("recency", "frequency", "monetary")):
        for step in result["scores"][name]:
            own = [v[place] for v, scores, _ in now.values() if scores[place] == step["score"]]
            assert step["users"] == len(own)
            ends = [float(min(own)), float(max(own))] if own else [None, None]
            assert [step["lowest"], step["highest"]] == pytest.approx(ends, abs=1e-6)


NOON = 1_709_294_400_000  # 2024-03-01 12:00 UTC
DAY = 86_400_000


def bought(uid: int, day: int, amount: float | None = 10.0) -> dict[str, Any]:
    return {"event": "buy", "uid": uid, "ts": NOON + day * DAY, "amount": amount}


MARCH = {"from": "2024-03-01", "to": "2024-03-31"}
STORY = [
    *(bought(1, day, 50.0) for day in (3, 10, 17, 24, 29)),  # often, lately, for much
    bought(2, 30, 5.0),  # new and small
    *(bought(3, day, 60.0) for day in (0, 1, 2)),  # was good
    bought(4, 1, 500.0), bought(5, 1, 1.0), bought(6, 2, 1.0), bought(7, 28, 300.0),
    bought(8, 27, 2.0), bought(8, 27, -1.0), bought(8, 27, -1.0),  # paid back
]  # fmt: skip


def build(**more: Any) -> Rfm:
    return Rfm.model_validate({"product": "p", "range": MARCH, "event": "buy", "scores": 2, **more})


def test_a_small_story(make_scope):
    result = RFM.run(build(), make_scope(STORY))
    users = {group["group"]: group["users"] for group in result["groups"]}
    assert users == {
        "key_value": 1, "key_develop": 1, "key_keep": 1, "key_win_back": 1,
        "general_value": 1, "general_develop": 1, "general_keep": 0, "general_win_back": 2,
    }  # fmt: skip
    core, empty = result["groups"][0], result["groups"][6]
    assert (core["recency"], core["frequency"], core["monetary"]) == (1.0, 5.0, 250.0)
    assert empty["recency"] is None and empty["value"] == 0
    assert result["value"] == 1237.0
    paid_back = RFM.people(build(), make_scope(STORY), {"group": "general_value"}, 10, 0)
    assert paid_back.persons == [8]


def test_sums_are_money_where_the_amount_is_summed(make_scope):
    pounds = replace(make_scope(STORY), currency="GBP")
    for view, named in (("groups", {"value", "monetary"}), ("matrix", {"value", "monetary"})):
        document = build(view=view)
        result = RFM.run(document, pounds)
        columns = RFM.table(document, result).columns
        assert {each.name for each in columns if each.type == "money:GBP"} == named
        assert [each.type for each in RFM.page.facts(document, result)][1] == "money:GBP"
    # another property is not money, nor is anything where nobody says in what it is counted
    for other, scope in ((build(monetary={"property": "n"}), pounds), (build(), make_scope(STORY))):
        result = RFM.run(other, scope)
        assert not [e for e in RFM.table(other, result).columns if e.type.startswith("money")]


def test_ties_share_a_score(make_scope):
    """Six of ten bought once: they share score 1; the next, at 60%, have 1 + ⌊5 × 0.6⌋."""
    often = [1] * 6 + [2, 2, 3, 4]
    rows = [bought(uid, day) for uid, times in enumerate(often) for day in range(times)]
    result = RFM.run(build(scores=5), make_scope(rows))
    users = [step["users"] for step in result["scores"]["frequency"]]
    assert users == [6, 0, 0, 2, 2]


def test_values_on_a_cut_point_stand_on_its_better_side(make_scope):
    rows = [bought(1, 30), bought(2, 23), bought(3, 22)]
    result = RFM.run(build(cuts={"recency": [0, 7], "monetary": [10]}), make_scope(rows))
    assert [step["users"] for step in result["scores"]["recency"]] == [1, 1, 1]
    assert [step["users"] for step in result["scores"]["monetary"]] == [0, 3]


def test_edges_of_the_range(make_scope):
    begin, end = NOON - DAY // 2, NOON + 30 * DAY + DAY // 2
    rows = [{**bought(n, 0), "ts": at} for n, at in enumerate((begin - 1, begin, end - 1, end))]
    result = RFM.run(build(), make_scope(rows))
    assert result["users"] == 2
    assert result["scores"]["recency"][1]["lowest"] == 0.0
    assert result["scores"]["recency"][0]["highest"] == 30.0


def test_odd_amounts_are_left_out(make_scope):
    rows = [{**bought(1, 3), "props": {"paid": paid}} for paid in ("nan", "inf", "x", "7")]
    result = RFM.run(build(monetary={"property": "paid"}), make_scope(rows))
    assert result["value"] == 7.0


@pytest.mark.parametrize("view", ["groups", "matrix", "movement"])
def test_nothing_there(make_scope, view):
    document = build(view=view)
    result = RFM.run(document, make_scope([]))
    json.dumps([result, RFM.chart(document, result, "zh")], allow_nan=False)
    assert result["users"] == 0 and result["groups"][0]["share"] is None
    assert RFM.table(document, result).rows


def test_movement_counts_everyone_once(make_scope):
    scope = make_scope([*STORY, *(bought(9, day) for day in (-10, -20))])
    document = build(view="movement", movement_days=20)
    result = RFM.run(document, scope)
    moves = result["movement"]["moves"]
    assert result["movement"]["as_of"] == "2024-03-11"
    assert sum(map(sum, moves)) == 9 and moves[8][8] == 0
    types = {column.name: column.type for column in RFM.table(document, result).columns}
    assert (types["change"], types["now"]) == ("gain", "whole")  # increases have a plus sign
    rows = RFM.table(document, result).rows
    assert sum(row[2] for row in rows[:8]) == result["users"] == 8
    assert sum(row[1] for row in rows[:8]) == result["movement"]["users"] == 6
    chart = RFM.chart(document, result, "en")
    up = [sum(each["data"]) for each in chart["series"][:3]]
    assert sum(up) == result["users"]


def test_before_time_began(make_scope):
    early = {"from": "1970-01-02", "to": "1970-01-03"}
    document = build(view="movement", movement_days=3660, range=early)
    assert RFM.run(document, make_scope([]))["movement"]["as_of"] == "1970-01-01"


@pytest.mark.parametrize(
    "selection",
    [{}, {"group": "odd"}, {"group": []}, {"recency": 5}, {"recency": True, "frequency": 1},
     {"from": "key_value", "to": "nowhere"}, {"from": {}, "to": "absent"}],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        RFM.people(build(), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"scores": 6}, "scores"), ({"cuts": {"recency": [3, 3]}}, "cuts"), ({"event": None}, "event"),
     ({"cuts": {"monetary": [1, 2, 3, 4, 5]}}, "monetary"), ({"movement_days": 0}, "movement_days")],
)  # fmt: skip
def test_wrong_documents_say_why(more, field):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "rfm", "product": "p", "event": "buy", **more})
    assert field in wrong.value.words.en and "rfm_" not in wrong.value.words.en


def test_every_option_is_told():
    told = RFM.describe(
        build(
            frequency="orders", cuts={"recency": [7, 30.5]}, high="mean", view="movement",
            movement_days=9, filters=[CITY], scores=4,
        )
    )  # fmt: skip
    for word in ("order_id", "7, 30.5", "1–4", "mean score", "9 days", "“city”", "better side"):
        assert word in told.en
    for word in ("order_id", "7, 30.5", "1–4", "平均分", "9 天前", "“city”", "较好一侧", "同分"):
        assert word in told.zh


def test_the_retail_shop(make_scope, real_data):
    """4,372 customers with 22,190 invoices (cancellations included); the published sum of sales."""
    import polars as pl

    frame = (
        pl.read_csv(real_data / "online_retail.csv.gz", infer_schema=False, encoding="utf8-lossy")
        .filter(pl.col("CustomerID") != "")
        .select(
            pl.lit("purchase").alias("event"),
            pl.col("InvoiceDate").str.to_datetime().dt.epoch("ms").alias("ts"),
            pl.col("CustomerID").rank("dense").cast(pl.UInt32).alias("uid"),
            (pl.col("Quantity").cast(float) * pl.col("UnitPrice").cast(float)).alias("amount"),
            pl.struct("InvoiceNo").alias("props"),
        )
    )
    scope = make_scope(frame.to_dicts())
    _, document = parse(RFM.example)
    result = RFM.run(document, scope)
    assert result["users"] == 4372
    assert result["value"] == pytest.approx(8_300_065.81, abs=0.02)
    orders = sum(g["frequency"] * g["users"] for g in result["groups"] if g["users"])
    assert orders == pytest.approx(22_190)
    core = result["groups"][0]
    assert core["share"] < 0.3 and core["value_share"] > 0.6
    paid = frame.group_by("uid").agg(pl.col("amount").sum(), pl.col("ts").max())
    assert sum(step["users"] for step in result["scores"]["monetary"]) == paid.height


def test_cdnow(make_scope, real_data):
    """23,570 customers, 69,659 purchases, $35.893648 each: the published figures of the data set."""
    rows = []
    text = gzip.decompress((real_data / "CDNOW_master.txt.gz").read_bytes()).decode()
    for line in text.splitlines()[1:]:
        customer, day, _cds, dollars = line.split()
        at = datetime(int(day[:4]), int(day[4:6]), int(day[6:]), 12, tzinfo=UTC)
        rows.append({"event": "buy", "uid": int(customer), "ts": int(at.timestamp()) * 1000,
                     "amount": float(dollars)})  # fmt: skip
    whole = {"from": "1997-01-01", "to": "1998-06-30"}
    result = RFM.run(build(range=whole, scores=5), make_scope(rows))
    assert result["users"] == 23_570
    assert result["value"] / 69_659 == pytest.approx(35.893648, abs=1e-6)
    often = sum(g["frequency"] * g["users"] for g in result["groups"] if g["users"])
    assert often == pytest.approx(69_659)
    days = result["scores"]["recency"]
    assert days[0]["highest"] == 545.0 and days[-1]["lowest"] == 0.0


def test_notes_say_what_to_do_with_the_groups_that_bring_most():
    group = {"users": 4, "value": 60.0, "value_share": 0.6}
    less = {"users": 2_000, "value": 40.0, "value_share": 0.4}
    nobody = {"users": 0, "value": 0.0, "value_share": 0.0}
    groups = [
        {"group": "key_win_back", **group},
        {"group": "key_value", **less},
        {"group": "key_keep", **nobody},
    ]
    document = Rfm.model_validate({"product": "shop", "event": "buy"})
    first, second = PAGE.notes(document, {"value": 100.0, "groups": groups}, lambda _of, name: name)
    assert first.zh.startswith("重要挽留：4 人，占金额 60.0%。重点挽留")
    assert second.en.startswith(
        "Key · core: 2,000 users, 40.0% of the value. Look after them first"
    )
    assert PAGE.notes(document, {"value": 0.0, "groups": groups}, lambda _of, name: name) == []
