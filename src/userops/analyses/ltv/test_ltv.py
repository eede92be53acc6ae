"""LTV against its oracle, against retention's own value, and against real shops."""

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
from userops.analyses.ltv import LTV
from userops.analyses.ltv.document import Ltv
from userops.analyses.ltv.oracle import Oracle
from userops.analyses.registry import BY_KIND
from userops.errors import DocumentError

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
    """Events of few persons around a day on which clocks change, some at the edges of days."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = ZONES[zone]
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    at = st.builds(
        lambda days, more: middle + days * DAY + more,
        st.integers(-20, 40),
        st.sampled_from([-1, 0, 1, HOUR, 23 * HOUR, -HOUR]),
    )
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["join", "buy", "buy", "refund"]),
            "uid": st.integers(0, 5),
            "ts": at,
            "city": st.sampled_from(["上海", "上海", "北京"]),
            "channel": st.sampled_from(["a", "b", ""]),
            "amount": st.sampled_from([None, 10.0, 2.5, -4.0, 0.0]),
            "props": st.fixed_dictionaries({"price": st.sampled_from([1.5, 7])}),
        }
    )
    levels = st.fixed_dictionaries({"level": st.sampled_from(["gold", "new"])})
    return {
        "events": draw(
            st.lists(event, min_size=draw(st.sampled_from([0, 20, 25, 30])), max_size=40)
        ),
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(4, 5), st.integers(0, 3), max_size=2)),
        "profiles": draw(st.dictionaries(st.integers(0, 5), levels, max_size=4)),
        "range": {
            "from": day - timedelta(days=draw(st.integers(0, 15))),
            "to": day + timedelta(days=draw(st.integers(0, 15))),
        },
    }


documents = st.fixed_dictionaries(
    {
        "start": st.sampled_from(["*", "join", "buy", {"event": "join", "filters": [CITY]}]),
        "purchase": st.sampled_from(
            [
                "buy",
                {"event": ["buy", "join"], "property": "price"},
                {"event": "buy", "filters": [CITY]},
            ]
        ),
        "refund": st.sampled_from(
            [None, "refund", {"event": "refund", "property": "price", "filters": [CITY]}]
        ),
        "filters": st.sampled_from([[], [CITY]]),
        "unit": st.sampled_from(["day", "week", "month"]),
        "clock": st.sampled_from(["calendar", "rolling"]),
        "periods": st.integers(1, 6),
        "cost": st.sampled_from([None, 3.0]),
        "limit": st.integers(1, 3),
        "breakdown": st.sampled_from([[], ["channel"], [{"property": "level", "of": "user"}]]),
    }
)


def oracle_of(stream: dict[str, Any], question: Ltv) -> Oracle:
    def named(step: Any, row: dict[str, Any]) -> bool:
        if step is None or (step.filters and row["city"] != "上海"):
            return False
        return not step.events or row["event"] in step.events

    def worth(row: dict[str, Any]) -> Any:
        """The amount that the step of a row reads; each event is of one step with money alone."""
        step = question.refund if row["event"] == "refund" else question.purchase
        if step is None:
            return None
        return row["props"]["price"] if step.property == "price" else row["amount"]

    rows = [
        {
            **row,
            "amount": worth(row),
            "person": stream["merges"].get(row["uid"], row["uid"]),
            "is_start": named(question.start, row),
            "is_purchase": named(question.purchase, row),
            "is_refund": named(question.refund, row),
        }
        for row in stream["events"]
        if not question.filters or row["city"] == "上海"
    ]
    first, last = question.range.first, question.range.last_day
    return Oracle(rows, stream["timezone"], question.unit, question.clock, first, last)


def key_of(stream: dict[str, Any], question: Ltv, oracle: Oracle, person: int, at: int) -> str:
    each = question.breakdown[0]
    if each.of == "user":
        return stream["profiles"].get(person, {}).get("level", "")
    rows = [r for r in oracle.rows if r["person"] == person and r["ts"] == at and r["is_start"]]
    return max(row["channel"] for row in rows)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(stream=streams(), more=documents)
def test_agrees_with_the_oracle(make_scope, stream, more):
    scope = make_scope(
        stream["events"],
        timezone=stream["timezone"],
        merges=stream["merges"],
        profiles=stream["profiles"],
    )
    question = Ltv.model_validate({"product": "shop", "range": stream["range"], **more})
    result = json.loads(json.dumps(LTV.run(question, scope), allow_nan=False))
    oracle = oracle_of(stream, question)
    starts = oracle.starts()
    check(question, oracle, starts, result)
    period = question.periods - 1
    paid = sorted(person for person in starts if oracle.by_then(person, period)[1])
    assert LTV.people(question, scope, {"period": period}, 100, 0).persons == paid
    assert LTV.people(question, scope, {}, 100, 0).persons == sorted(starts)
    if not question.breakdown:
        return
    groups: dict[str, list[int]] = {}
    for person, at in starts.items():
        groups.setdefault(key_of(stream, question, oracle, person, at), []).append(person)
    ranked = sorted(groups, key=lambda key: (-len(groups[key]), key))
    shown = {key: groups[key] for key in ranked[: question.limit]}
    rest = [person for key in ranked[question.limit :] for person in groups[key]]
    if rest:
        shown["$others"] = rest
    assert len(result["breakdown"]) == len(shown)
    for part, (key, persons) in zip(result["breakdown"], shown.items(), strict=True):
        assert list(part["breakdown"].values()) == [key]
        check(question, oracle, {p: starts[p] for p in persons}, part)
        who = {"breakdown": part["breakdown"]}
        assert LTV.people(question, scope, who, 100, 0).persons == sorted(persons)


def check(question, oracle, starts, figures):
    """All cells are finished here: each cohort, and the average of all."""
    assert figures["size"] == len(starts)
    for cohort in figures["cohorts"]:
        label = date.fromisoformat(cohort["start"])
        own = [person for person, at in starts.items() if oracle.label(at) == label]
        assert cohort["size"] == len(own) and cohort["unfinished"] == []
        compare(question, oracle, own, cohort)
    assert figures["average"]["size"] == [len(starts)] * (question.periods + 1)
    compare(question, oracle, list(starts), figures["average"])
    if question.cost is not None:
        reached = [n for n, v in enumerate(figures["average"]["per_user"]) if (v or 0) >= 3.0]
        assert figures["payback"] == (reached[0] if reached else None)


def compare(question, oracle, persons, figures):
    for period in range(question.periods + 1):
        each = [oracle.by_then(person, period) for person in persons]
        total, payers = sum(t for t, _ in each), sum(paid for _, paid in each)
        assert figures["payers"][period] == payers
        wanted = {
            "total": float(total),
            "per_user": float(total / len(persons)) if persons else None,
            "per_payer": float(total / payers) if payers else None,
            "pay_rate": payers / len(persons) if persons else None,
        }
        for name, value in wanted.items():
            found = figures[name][period]
            assert found == (value if value is None else pytest.approx(value, abs=1e-9)), name


BASE = 1_767_225_600_000  # 2026-01-01 00:00 UTC, a Thursday


def build(**more: Any) -> Ltv:
    days = {"from": "2026-01-01", "to": "2026-01-03"}
    return Ltv.model_validate(
        {"product": "p", "range": days, "unit": "day", "start": "A", "purchase": "A", "periods": 3, **more}
    )  # fmt: skip


def stream(*users: str) -> list[dict[str, Any]]:
    """One text per user: `"A0=10 A1.5=-3"` are events at days with amounts."""
    rows = []
    for uid, text in enumerate(users):
        for each in text.split():
            when, _, amount = each[1:].partition("=")
            at = BASE + round(float(when) * DAY)
            rows.append({"event": each[0], "uid": uid, "ts": at, "amount": float(amount or 0)})
    return rows


def test_refunds_are_taken_off(make_scope):
    scope = make_scope(stream("A0=10 A1=-3 R2=4 R3=-1", "A0"))
    plain, less = LTV.run(build(), scope), LTV.run(build(refund="R"), scope)
    assert plain["cohorts"][0]["total"] == [10.0, 7.0, 7.0, 7.0]
    assert less["cohorts"][0]["total"] == [10.0, 7.0, 3.0, 2.0]
    assert less["cohorts"][0]["payers"] == [1, 1, 1, 1]


def test_unfinished_cells_are_marked_and_left_out(make_scope):
    scope = make_scope(
        stream("A0=10 A1=2", "A1=4", "A2=100"), now=datetime(2026, 1, 3, 12, tzinfo=UTC)
    )
    document = build(cost=11)
    result = LTV.run(document, scope)
    first, second, third = result["cohorts"]
    assert first["per_user"] == [10.0, 12.0, 12.0, None] and first["unfinished"] == [2]
    assert second["per_user"] == [4.0, 4.0, None, None] and second["unfinished"] == [1]
    assert third["per_user"][0] == 100.0 and third["unfinished"] == [0]
    assert result["average"]["per_user"] == [7.0, 12.0, None, None]
    assert result["average"]["size"] == [2, 1, 0, 0]
    assert (first["payback"], second["payback"], third["payback"]) == (1, None, 0)
    assert result["payback"] == 1
    rows = LTV.table(document, result).rows
    assert rows[0][:3] == (date(2026, 1, 1), 1, 1) and rows[-1][3:] == (7.0, 12.0, None, None)
    means = LTV.table(build(show="total"), result).rows[-1]
    assert means[2:] == (7.0, 12.0, None, None)
    chart = LTV.chart(document, result, "en")
    assert chart["series"][0]["data"] == [7.0, 12.0]
    assert chart["series"][1]["userops"] == {"unfinished": 1}
    assert chart["series"][0]["markLine"]["data"] == [{"yAxis": 11.0}]


@pytest.mark.parametrize("clock", ["calendar", "rolling"])
@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_the_same_as_the_value_of_a_retention(make_scope, unit, clock):
    rows = stream(
        *(f"A{n / 7} A{n / 7 + n * n % 11}={n} A{n % 5 + 9}={n / 4} A{n}=-1" for n in range(60))
    )
    scope = make_scope(rows)
    common = {"range": {"from": "2026-01-01", "to": "2026-01-20"}, "unit": unit, "clock": clock}
    found = LTV.run(build(**common), scope)
    retention = BY_KIND["retention"]
    asked = {"product": "p", "start": "A", "periods": 3, "value": {"property": "amount"}, **common}
    other = retention.run(retention.document.model_validate(asked), scope)
    for mine, theirs in zip(found["cohorts"], other["cohorts"], strict=True):
        assert mine["size"] == theirs["size"]
        wanted = theirs["values"] if mine["size"] else [None] * 4
        assert mine["per_user"] == [w if w is None else pytest.approx(w) for w in wanted]
    assert found["average"]["per_user"] == pytest.approx(other["average_values"])


def test_sums_are_money_where_the_amount_is_summed(make_scope):
    pounds = replace(make_scope([]), currency="GBP")
    types = {}
    for show in ("per_user", "per_payer", "pay_rate", "payers", "total"):
        document = build(show=show)
        result = LTV.run(document, pounds)
        types[show] = LTV.page.heat(document, result).type
        assert LTV.table(document, result).columns[-1].type == types[show]
    money = "money:GBP"
    assert types == {
        "per_user": money, "per_payer": money, "pay_rate": "share", "payers": "whole", "total": money,
    }  # fmt: skip
    other = build(purchase={"event": "buy", "property": "price"})
    assert LTV.page.heat(other, LTV.run(other, pounds)).type == "number"


def test_nothing_there(make_scope):
    for more in ({}, {"breakdown": ["channel"], "cost": 2, "clock": "rolling", "show": "pay_rate"}):
        document = build(**more)
        result = LTV.run(document, make_scope([]))
        assert all(cohort["size"] == 0 for cohort in result["cohorts"])
        json.dumps([result, LTV.chart(document, result, "zh")], allow_nan=False)
        assert LTV.table(document, result).rows


@pytest.mark.parametrize(
    "selection",
    [{"cohort": "2025-01-01"}, {"cohort": []}, {"period": 9}, {"period": True}, {"what": 1},
     {"breakdown": {"x": "1"}}, {"breakdown": 3}],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        LTV.people(build(), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


@pytest.mark.parametrize(
    ("more", "field"),
    [({"periods": 0}, "periods"), ({"cost": 0}, "cost"), ({"unit": "hour"}, "unit"),
     ({"purchase": None}, "purchase"), ({"breakdown": ["a", "a"]}, "only once")],
)  # fmt: skip
def test_wrong_documents_say_why(more, field):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "ltv", "product": "p", "start": "A", "purchase": "A", **more})
    assert field in wrong.value.words.en


def test_too_large(make_scope):
    document = build(range={"from": "2000-01-01", "to": "2026-01-03"}, periods=400)
    with pytest.raises(DocumentError) as wrong:
        LTV.run(document, make_scope([]))
    assert wrong.value.code == "ltv_too_large"


def test_every_option_is_told():
    told = LTV.describe(
        build(
            refund="R", clock="rolling", cost=12.5, breakdown=["channel"], filters=[CITY], limit=4
        )
    )
    for word in (
        "“R”",
        "24 hours",
        "12.5",
        "channel",
        "“city”",
        "start event",
        "above 0",
        "4 groups",
    ):
        assert word in told.en
    for word in ("“R”", "24 小时", "12.5", "channel", "“city”", "起始事件", "大于 0", "前 4 组"):
        assert word in told.zh


def test_cdnow(make_scope, real_data):
    """23,570 customers of 1997-01…03; 69,659 purchases of $35.893648: $106.08 per customer in all."""
    rows = []
    text = gzip.decompress((real_data / "CDNOW_master.txt.gz").read_bytes()).decode()
    for line in text.splitlines()[1:]:
        customer, day, _cds, dollars = line.split()
        at = datetime(int(day[:4]), int(day[4:6]), int(day[6:]), 12, tzinfo=UTC)
        rows.append({"event": "A", "uid": int(customer), "ts": int(at.timestamp()) * 1000,
                     "amount": float(dollars)})  # fmt: skip
    whole = {"from": "1997-01-01", "to": "1997-03-31"}
    result = LTV.run(build(range=whole, unit="month", periods=17), make_scope(rows))
    assert result["size"] == 23_570 and len(result["cohorts"]) == 3
    total = sum(cohort["total"][-1] for cohort in result["cohorts"])
    assert total / 69_659 == pytest.approx(35.893648, abs=1e-6)
    assert result["average"]["per_user"][-1] == pytest.approx(69_659 * 35.893648 / 23_570)


def test_the_retail_shop(make_scope, real_data):
    """The cohorts of retention, 948 in December 2010, and what a plain group-by says they spent."""
    import polars as pl

    frame = (
        pl.read_csv(real_data / "online_retail.csv.gz", infer_schema=False, encoding="utf8-lossy")
        .filter(pl.col("CustomerID") != "")
        .select(
            pl.lit("purchase").alias("event"),
            pl.col("InvoiceDate").str.to_datetime().dt.epoch("ms").alias("ts"),
            pl.col("CustomerID").rank("dense").cast(pl.UInt32).alias("uid"),
            (pl.col("Quantity").cast(float) * pl.col("UnitPrice").cast(float)).alias("amount"),
        )
    )
    scope = make_scope(frame.to_dicts())
    _, document = parse(LTV.example)
    first = LTV.run(document, scope)["cohorts"][0]
    assert first["size"] == 948
    december = frame.filter(pl.col("ts").min().over("uid") < 1_293_840_000_000)
    for period, end in ((0, 1_293_840_000_000), (11, 1_322_697_600_000)):
        spent = december.filter(pl.col("ts") < end)["amount"].sum()
        assert first["total"][period] == pytest.approx(spent)
