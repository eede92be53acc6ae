"""Funnel: pinned cases, properties, selections, wrong documents, real data."""

from __future__ import annotations

import json
import random

import pytest

from userops.analyses.answering import parse
from userops.analyses.funnel import FUNNEL, FunnelDocument
from userops.errors import DocumentError

BASE = 1_767_225_600_000  # 2026-01-01 00:00 UTC
DAY = 86_400_000


def build(*steps, **more):
    days = {"from": "2026-01-01", "to": "2026-01-02"}
    return FunnelDocument.model_validate(
        {"product": "p", "range": days, "window": "60s", "steps": steps, **more}
    )


def stream(text):
    """`"A0 B45 C75"`: events of user 0 at seconds."""
    return [
        {"event": each[0], "uid": 0, "ts": BASE + round(float(each[1:]) * 1000)}
        for each in text.split()
    ]


def users(document, scope):
    return [each["users"] for each in FUNNEL.run(document, scope)["steps"]]


ABC = ("A", "B", "C")


@pytest.mark.parametrize(
    ("events", "steps", "more", "depth"),
    [
        ("A0 A30 B45 C75", ABC, {}, 3),
        ("A0 A30 B45 C75", ABC, {"first_entry": True}, 2),
        ("B0 A0", ("A", "B"), {}, 2),
        ("A0", ("A", "A"), {}, 1),
        ("A0 A0", ("A", "A"), {}, 2),
        ("A0 A5", ("A", "A"), {}, 2),
        ("A0 X1 B2", ("A", "B"), {}, 2),
        ("A0 X1 B2", ("A", "B"), {"order": "strict"}, 1),
        ("A0 X1 A2 B3", ("A", "B"), {"order": "strict"}, 2),
        ("A0 B1 A2 C3", ABC, {"order": "strict"}, 2),
        ("A0 X0 B0", ("A", "B"), {"order": "strict"}, 2),
        ("A0 B60", ("A", "B"), {}, 2),
        ("A0 B60.001", ("A", "B"), {}, 1),
        ("B0 A60", ("A", "B"), {}, 1),
        ("B0 A60", ("A", "B"), {"order": "any_order"}, 2),
        ("A0 X1 B2", ("A", "B"), {"exclusions": [{"event": "X"}]}, 0),
        ("A0 X1 B2", ("A", "B"), {"exclusions": [{"event": "X"}], "exclusion_mode": "stop"}, 1),
        ("A0 X1 A2 B3", ("A", "B"), {"exclusions": [{"event": "X"}], "exclusion_mode": "stop"}, 2),
        ("A0 X0 B2", ("A", "B"), {"exclusions": [{"event": "X"}]}, 2),
        ("A0 X60", ("A", "B"), {"exclusions": [{"event": "X"}]}, 0),
        ("A0 X60.001", ("A", "B"), {"exclusions": [{"event": "X"}]}, 1),
        ("A0 X1 B2 C3", ABC, {"exclusions": [{"event": "X", "from": 2}]}, 3),
        ("A0 B1 X2 C3", ABC, {"exclusions": [{"event": "X", "from": 2}]}, 0),
        ("A0 B1 X2 C3", ABC, {"exclusions": [{"event": "X", "to": 2}]}, 3),
        ("A0 X1 B2 C3", ABC, {"exclusions": [{"event": "X", "to": 2}]}, 0),
        ("A86400 B172799 C172801", ABC, {"window": "2d"}, 3),
        ("A172800 B172801", ("A", "B"), {}, 0),
        ("A86390 B86401", ("A", "B"), {"window": "same_day"}, 1),
    ],
)
def test_pinned(make_scope, events, steps, more, depth):
    scope = make_scope(stream(events))
    reached = users(build(*steps, **more), scope)
    assert reached == [int(at < depth) for at in range(len(steps))]


def test_times_of_the_chain_that_counts(make_scope):
    """From the last entry before the second step; later steps at their first chance."""
    scope = make_scope(stream("A0 A10 B20 B25 C30"))
    steps = FUNNEL.run(build("A", "B", "C"), scope)["steps"]
    assert [each["median_seconds"] for each in steps] == [None, 10.0, 10.0]
    assert steps[1]["histogram"] == [{"from": 10, "to": 30, "users": 1}]
    assert FUNNEL.run(build("A", "B", "C"), scope)["time_to_convert"]["mean_seconds"] == 20.0


def test_optional_step(make_scope):
    scope = make_scope(
        [{"event": e, "uid": u, "ts": BASE + t} for u, text in enumerate(["ABC", "AC", "AB", "A"])
         for t, e in enumerate(text)]
    )  # fmt: skip
    steps = FUNNEL.run(build("A", {"event": "B", "optional": True}, "C"), scope)["steps"]
    assert [each["users"] for each in steps] == [4, 2, 2]
    assert [each["rate_from_previous"] for each in steps] == [1.0, 0.5, 0.5]


def test_held_property(make_scope):
    rows = [
        {"event": "A", "uid": 0, "ts": BASE, "props": {"order": "1"}},
        {"event": "B", "uid": 0, "ts": BASE + 1, "props": {"order": "2"}},
        {"event": "A", "uid": 1, "ts": BASE, "props": {"order": "1"}},
        {"event": "B", "uid": 1, "ts": BASE + 1, "props": {"order": "1"}},
        {"event": "A", "uid": 2, "ts": BASE},
        {"event": "B", "uid": 2, "ts": BASE + 1},
    ]
    scope = make_scope(rows)
    assert users(build("A", "B", hold_constant="order"), scope) == [2, 1]
    assert users(build("A", "B"), scope) == [3, 3]


def test_an_exclusion_without_the_held_value_holds_for_all(make_scope):
    rows = [
        {"event": each, "uid": 0, "ts": BASE + at, "props": {"order": "1"} if each != "X" else {}}
        for at, each in enumerate("AXB")
    ]
    document = build("A", "B", hold_constant="order", exclusions=[{"event": "X"}])
    result = FUNNEL.run(document, make_scope(rows))
    assert (result["steps"][0]["users"], result["excluded"]) == (0, 1)


def test_selections(make_scope):
    rows = [
        {"event": "A", "uid": u, "ts": BASE + DAY * (u % 2), "city": "上海" if u < 3 else "北京"}
        for u in range(5)
    ] + [{"event": "B", "uid": u, "ts": BASE + DAY * (u % 2) + 5} for u in (1, 4)]
    scope = make_scope(rows)
    document = build("A", "B", breakdown=["city"], exclusions=[{"event": "X"}])

    def who(**selection):
        return FUNNEL.people(document, scope, selection, 10, 0).persons

    assert who(step=2) == [1, 4]
    assert who(step=2, what="dropped") == [0, 2, 3]
    assert who(step=1, breakdown={"city": "北京"}) == [3, 4]
    assert who(step=2, what="dropped", breakdown={"city": "上海"}) == [0, 2]
    assert who(step=1, start="2026-01-02") == [1, 3]
    assert who(what="excluded") == []
    page = FUNNEL.people(document, scope, {"step": 1}, 2, 2)
    assert (page.persons, page.total) == ([2, 3], 5)
    for wrong in ({"step": 3}, {"what": "lost"}, {"start": "2026-02-01"}):
        with pytest.raises(DocumentError):
            FUNNEL.people(document, scope, wrong, 10, 0)


def test_unfinished_trend(make_scope):
    from datetime import UTC, datetime

    scope = make_scope(stream("A0"), now=datetime(2026, 1, 2, 23, tzinfo=UTC))
    points = FUNNEL.run(build("A", "B", window="1h"), scope)["trend"]
    assert [(each["users"], each["unfinished"]) for each in points] == [
        ([1, 0], False),
        ([0, 0], True),
    ]


@pytest.mark.parametrize("order", ["ordered", "strict", "any_order"])
def test_properties(make_scope, order):
    """Order of rows changes nothing; more events never lower step 1; steps never rise."""
    rng = random.Random(7)
    rows = [
        {
            "event": rng.choice("ABCX"),
            "uid": rng.randrange(30),
            "ts": BASE + rng.randrange(200) * 1000,
        }
        for _ in range(300)
    ]
    document = build("A", "B", "C", order=order, breakdown=["city"])
    some, all_ = rows[:200], rows
    first, whole = (FUNNEL.run(document, make_scope(each)) for each in (some, all_))
    shuffled = FUNNEL.run(document, make_scope(rng.sample(all_, len(all_))))
    assert shuffled == whole
    reached = [each["users"] for each in whole["steps"]]
    assert reached == sorted(reached, reverse=True)
    assert whole["steps"][0]["users"] >= first["steps"][0]["users"]


def test_nothing_there(make_scope):
    scope = make_scope([])
    for more in (
        {"order": "strict"},
        {"order": "any_order"},
        {"hold_constant": ["k"], "count": "sessions"},
        {"breakdown": ["city"], "exclusions": [{"event": "X"}]},
        {"counts_only": True},
    ):
        document = build("A", "B", **more)
        result = FUNNEL.run(document, scope)
        assert [each["users"] for each in result["steps"]] == [0, 0]
        assert result["steps"][1]["rate_from_first"] is None
        for view in ("steps", "trend", "times"):
            seen = document.model_copy(update={"view": view})
            json.dumps(FUNNEL.chart(seen, result, "zh"), allow_nan=False)
            FUNNEL.table(seen, result)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"window": "7x"}, "window"),
        ({"window": "99999d"}, "window"),
        ({"steps": []}, "steps"),
        ({"steps": [{"event": "A", "optional": True}, "B"]}, "first step"),
        ({"steps": ["A", {"event": "B", "optional": True}, "C"], "order": "strict"}, "optional"),
        ({"exclusions": [{"event": "X", "from": 2, "to": 2}]}, "exclusion"),
        ({"exclusions": [{"event": "X", "to": 9}]}, "exclusion"),
        ({"order": "any_order", "exclusions": [{"event": "X", "from": 1, "to": 2}]}, "any_order"),
        ({"breakdown_at": 3}, "breakdown_at"),
        ({"counts_only": True, "first_entry": True}, "counts_only"),
    ],
)
def test_wrong_documents_say_why(more, field):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "funnel", "product": "p", "steps": ["A", "B"], **more})
    assert field in wrong.value.words.en
    assert "funnel_" not in wrong.value.words.en


def test_every_option_is_told():
    document = build(
        "A",
        {"event": "B", "optional": True},
        "C",
        window="same_day",
        hold_constant=["order"],
        exclusions=[{"event": "X", "from": 1, "to": 3}],
        count="sessions",
        breakdown=["city"],
        breakdown_at=2,
        first_entry=True,
    )
    told = FUNNEL.describe(document)
    for word in (
        "optional",
        "“order”",
        "“X”",
        "steps 1 and 3",
        "sessions",
        "“city”",
        "step 2",
        "first entry",
    ):
        assert word.lower() in told.en.lower()
    for word in (
        "可选",
        "“order”",
        "“X”",
        "第 1 步与第 3 步",
        "会话",
        "“city”",
        "首次进入",
        "当天",
    ):
        assert word in told.zh


def test_the_shop(make_scope, real_data):
    """3,611 → 1,924 → 653, by both engines."""
    import polars as pl

    frame = pl.read_csv(real_data / "shop_events.csv").with_columns(
        pl.col("timestamp").str.to_datetime().dt.epoch("ms").alias("ts"),
        pl.col("user_id").rank("dense").cast(pl.UInt32).alias("uid"),
    )
    scope = make_scope(frame.select("event", "uid", "ts").to_dicts())
    _, document = parse(FUNNEL.example)
    result = FUNNEL.run(document, scope)
    assert [each["users"] for each in result["steps"]] == [3611, 1924, 653]
    assert users(document.model_copy(update={"counts_only": True}), scope) == [3611, 1924, 653]
    assert users(document.model_copy(update={"order": "any_order"}), scope)[0] >= 3611
    people = FUNNEL.people(document, scope, {"step": 2, "what": "dropped"}, 10, 0)
    assert people.total == 3611 - 1924
    low, high = result["steps"][2]["interval"]
    assert low < 653 / 3611 < high


def _bar(users, dropped, first=1_000):
    return {"event": "x", "users": users, "dropped": dropped, "rate_from_first": users / first}


@pytest.mark.parametrize(
    ("users", "dropped", "kept", "gone"),
    [
        (500, 500, "insideTop", "insideTop"),  # both bars hold their labels
        (900, 50, "insideTop", "top"),  # too few lost for a label inside
        (100, 400, "top", "insideTop"),  # the label of few stands in the tall bar above
        (40, 60, None, "top"),  # both small: one label above them
        (100, 0, "top", None),
    ],
)
def test_labels_of_small_bars_stand_apart(users, dropped, kept, gone):
    steps = [_bar(1_000, 0), _bar(users, dropped)]
    document = FunnelDocument(product="p", steps=[{"event": "a"}, {"event": "b"}])
    option = FUNNEL.chart(document, {"steps": steps, "breakdown": [], "trend": []}, "zh")
    found = [series["data"][1]["label"] for series in option["series"]]
    assert [each["position"] if each["show"] else None for each in found] == [kept, gone]
    text = "".join(each["formatter"] for each in found if each["show"])
    assert f"{users:,}" in text and (f"−{dropped:,}" in text) == bool(dropped)


@pytest.mark.parametrize(
    ("parts", "upright", "labelled"), [(2, False, True), (3, True, True), (5, True, False)]
)
def test_labels_of_parts_beside_each_other_keep_to_their_bars(parts, upright, labelled):
    steps = [_bar(1_000, 0), _bar(500, 500)]
    document = FunnelDocument(
        product="p", steps=[{"event": "a"}, {"event": "b"}], breakdown=["city"]
    )
    found = [{"breakdown": {"city": f"{at}"}, "steps": steps} for at in range(parts)]
    option = FUNNEL.chart(document, {"steps": steps, "breakdown": found, "trend": []}, "zh")
    labels = [each["label"] for series in option["series"] for each in series["data"]]
    assert {each.get("rotate") == 90 for each in labels} == {upright}
    assert {each["show"] for each in labels} == {labelled}
