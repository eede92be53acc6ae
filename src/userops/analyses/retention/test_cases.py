"""Retention: pinned cases, properties, selections, wrong documents, real data."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest

from userops.analyses.answering import parse
from userops.analyses.retention import RETENTION, RetentionDocument
from userops.errors import DocumentError

BASE = 1_767_225_600_000  # 2026-01-01 00:00 UTC, a Thursday
DAY = 86_400_000


def build(**more):
    days = {"from": "2026-01-01", "to": "2026-01-03"}
    return RetentionDocument.model_validate(
        {"product": "p", "range": days, "start": "A", "periods": 3, **more}
    )


def stream(*users):
    """One text per user: `"A0 B1.5"` are events at days."""
    return [
        {"event": each[0], "uid": uid, "ts": BASE + round(float(each[1:]) * DAY), "amount": 10.0}
        for uid, text in enumerate(users)
        for each in text.split()
    ]


def retained(document, scope):
    return [each["retained"] for each in RETENTION.run(document, scope)["cohorts"]]


@pytest.mark.parametrize(
    ("events", "more", "first"),
    [
        ("A0 A0.9", {}, [1, 0, 0, 0]),
        ("A0.9 A1.1", {}, [1, 1, 0, 0]),
        ("A0.9 A1.1", {"clock": "rolling"}, [1, 0, 0, 0]),
        ("A0 A1", {"clock": "rolling"}, [1, 1, 0, 0]),
        ("A0.9 A1.9", {"clock": "rolling"}, [1, 1, 0, 0]),
        ("A0 A2", {"criterion": "on_or_after"}, [1, 1, 1, 0]),
        ("A0 A90", {"criterion": "on_or_after"}, [1, 1, 1, 1]),
        ("A0 A2 A2", {"min_occurrences": 2}, [1, 0, 1, 0]),
        ("A0 A1 A3", {"min_occurrences": 2, "criterion": "on_or_after"}, [1, 1, 0, 0]),
        ("A0 A3", {"brackets": [[1, 2], [3, 9]]}, [1, 0, 1]),
        ("A-1 A0 A1", {}, [0, 0, 0, 0]),
        ("A-1 A0 A1", {"entry": "recurring"}, [1, 1, 0, 0]),
        ("A0 B1", {"return": "B"}, [1, 1, 0, 0]),
    ],
)
def test_pinned(make_scope, events, more, first):
    scope = make_scope(stream(events))
    assert retained(build(**more), scope)[0] == first


def test_first_ever(make_scope):
    rows = [
        {"event": "A", "uid": 0, "ts": BASE - 5 * DAY, "props": {"p": "2"}},
        {"event": "A", "uid": 0, "ts": BASE, "props": {"p": "1"}},
        {"event": "A", "uid": 1, "ts": BASE, "props": {"p": "1"}},
    ]
    scope = make_scope(rows)
    start = {"event": "A", "filters": [{"property": "p", "value": "1"}]}
    assert retained(build(start=start), scope)[0][0] == 2
    assert retained(build(start=start, entry="first_ever"), scope)[0][0] == 1


def test_averages_leave_unfinished_cells_out(make_scope):
    scope = make_scope(
        stream("A0 A1 A2", "A0 A1", "A1 A2"), now=datetime(2026, 1, 3, 12, tzinfo=UTC)
    )
    result = RETENTION.run(build(), scope)
    first, second, third = result["cohorts"]
    assert first["retained"] == [2, 2, 1, None] and first["unfinished"] == [2]
    assert second["retained"] == [1, 1, None, None] and second["unfinished"] == [1]
    assert third["retained"] == [0, None, None, None] and third["unfinished"] == [0]
    assert result["average_kn"] == [[3, 3], [2, 2], [0, 0], [0, 0]]
    assert result["average"] == [1.0, 1.0, None, None]


def test_previous_as_reference(make_scope):
    scope = make_scope(stream("A0 A1 A2", "A0 A1", "A0 A1", "A0"))
    result = RETENTION.run(
        build(reference="previous", range={"from": "2026-01-01", "to": "2026-01-01"}), scope
    )
    assert result["cohorts"][0]["rates"] == [1.0, 3 / 4, 1 / 3, 0.0]
    assert result["average_kn"] == [[4, 4], [3, 4], [1, 3], [0, 1]]


def test_ltv(make_scope):
    scope = make_scope(stream("A0 A1 A1.5", "A0"))
    day = {"from": "2026-01-01", "to": "2026-01-01"}
    value = {"property": "amount", "measure": "sum"}
    result = RETENTION.run(build(value=value, range=day), scope)
    assert result["cohorts"][0]["values"] == [20.0, 40.0, 40.0, 40.0]
    average = build(value={"property": "amount"}, range=day)
    result = RETENTION.run(average, scope)
    assert result["cohorts"][0]["values"] == [10.0, 20.0, 20.0, 20.0]
    assert result["average_values"] == [10.0, 20.0, 20.0, 20.0]


def test_selections(make_scope):
    rows = stream("A0 A1", "A0", "A1 A2", "A1 A2")
    for row in rows:
        row["channel"] = "ads" if row["uid"] % 2 else "web"
    scope = make_scope(rows)
    document = build(breakdown=["channel"])

    def who(**selection):
        return RETENTION.people(document, scope, selection, 10, 0).persons

    assert who(cohort="2026-01-01") == [0, 1]
    assert who(cohort="2026-01-01", period=1) == [0]
    assert who(cohort="2026-01-01", period=1, what="lost") == [1]
    assert who(period=1) == [0, 2, 3]
    assert who(period=1, breakdown={"channel": "ads"}) == [3]
    for wrong in ({"cohort": "2025-01-01"}, {"period": 4}, {"what": "gone"}):
        with pytest.raises(DocumentError):
            RETENTION.people(document, scope, wrong, 10, 0)


@pytest.mark.parametrize("entry", ["first", "recurring"])
def test_properties(make_scope, entry):
    """Order of rows changes nothing; values of a breakdown add up; unbounded never rises."""
    rng = random.Random(3)
    rows = [
        {
            "event": "A",
            "uid": rng.randrange(40),
            "ts": BASE + rng.randrange(6 * DAY),
            "channel": rng.choice(["ads", "web", ""]),
        }
        for _ in range(200)
    ]
    document = build(breakdown=["channel"], entry=entry)
    result = RETENTION.run(document, make_scope(rows))
    assert RETENTION.run(document, make_scope(rng.sample(rows, len(rows)))) == result
    for at, cohort in enumerate(result["cohorts"]):
        parts = [part["cohorts"][at]["retained"] for part in result["breakdown"]]
        assert [sum(each) for each in zip(*parts, strict=True)] == cohort["retained"]
        assert max(cohort["retained"]) == cohort["size"]
    unbounded = document.model_copy(update={"criterion": "on_or_after"})
    for cohort in RETENTION.run(unbounded, make_scope(rows))["cohorts"]:
        assert cohort["retained"] == sorted(cohort["retained"], reverse=True)


def test_nothing_there(make_scope):
    scope = make_scope([])
    for more in (
        {},
        {"breakdown": ["channel", {"property": "c", "of": "user"}]},
        {"clock": "rolling", "value": {"property": "amount"}},
        {"unit": "hour", "entry": "recurring", "brackets": [[1, 5]]},
        {"unit": "month", "entry": "first_ever", "criterion": "on_or_after", "min_occurrences": 2},
    ):
        document = build(**more)
        result = RETENTION.run(document, scope)
        assert all(cohort["size"] == 0 for cohort in result["cohorts"])
        json.dumps(RETENTION.chart(document, result, "zh"), allow_nan=False)
        RETENTION.table(document, result)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"periods": 0}, "periods"),
        ({"brackets": [[2, 1]]}, "brackets"),
        ({"brackets": [[1, 3], [3, 4]]}, "brackets"),
        ({"brackets": [[1, 3]], "value": {"property": "amount"}}, "brackets"),
        ({"unit": "minute"}, "unit"),
        ({"start": None}, "start"),
    ],
)
def test_wrong_documents_say_why(more, field):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "retention", "product": "p", "start": "A", **more})
    assert field in wrong.value.words.en
    assert "retention_" not in wrong.value.words.en


def test_too_large(make_scope):
    document = build(range={"from": "2000-01-01", "to": "2026-01-03"}, periods=1000)
    with pytest.raises(DocumentError) as wrong:
        RETENTION.run(document, make_scope([]))
    assert wrong.value.code == "retention_too_large"


def test_every_option_is_told():
    document = build(
        **{"return": "B"},
        entry="recurring",
        criterion="on_or_after",
        clock="rolling",
        min_occurrences=3,
        reference="previous",
        breakdown=["channel"],
        value={"property": "amount", "measure": "sum"},
    )
    told = RETENTION.describe(document)
    for word in (
        "“B”",
        "any time after",
        "24 hours",
        "3 times",
        "column before",
        "channel",
        "amount",
        "several",
    ):
        assert word in told.en
    for word in (
        "之后任何时候",
        "24 小时",
        "3 次",
        "上一列",
        "channel",
        "amount",
        "总和",
        "第 0 期",
    ):
        assert word in told.zh


def test_the_retail_shop(make_scope, real_data):
    """2010-12: 948 → 362, 317, 367, +11 474, +12 260; 2011-01: 421 → 101."""
    import polars as pl

    frame = (
        pl.read_csv(real_data / "online_retail.csv.gz", infer_schema=False, encoding="utf8-lossy")
        .filter(pl.col("CustomerID") != "")
        .with_columns(
            pl.col("InvoiceDate").str.to_datetime().dt.epoch("ms").alias("ts"),
            pl.col("CustomerID").rank("dense").cast(pl.UInt32).alias("uid"),
            pl.lit("purchase").alias("event"),
        )
        .select("event", "uid", "ts")
        .unique()
    )
    scope = make_scope(frame.to_dicts())
    _, document = parse(RETENTION.example)
    result = RETENTION.run(document, scope)
    december, january = result["cohorts"][:2]
    kept = december["retained"]
    assert december["size"] == 948 and kept[:4] == [948, 362, 317, 367] and kept[11:] == [474, 260]
    assert (january["size"], january["retained"][1]) == (421, 101)
    assert sum(cohort["size"] for cohort in result["cohorts"]) == 4372
