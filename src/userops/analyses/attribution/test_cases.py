"""Attribution: published and hand-computed cases, blocks, charts, selections, wrong documents."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from userops.analyses import timelines
from userops.analyses.answering import parse
from userops.analyses.attribution import ATTRIBUTION, journeys
from userops.analyses.attribution.document import MODEL_NAMES, AttributionDocument
from userops.analyses.attribution.markov import removal_effects, shares
from userops.errors import DocumentError

BASE = 1_704_067_200_000  # 2024-01-01 00:00 UTC
DAY = 86_400_000


def story(text: str, uid: int = 0) -> list[dict[str, Any]]:
    """`"微信0 抖音1 !2"`: touches by channel, and `!` for a goal, at days."""
    return [
        {
            "event": "pay" if each[:-1] == "!" else "open",
            "uid": uid,
            "ts": BASE + int(each[-1]) * DAY,
            "channel": "" if each[:-1] == "!" else each[:-1],
            "amount": 10.0,
        }
        for each in text.split()
    ]


def asked(**fields: Any) -> AttributionDocument:
    days = {"from": date(2024, 1, 1), "to": date(2024, 1, 31)}
    touches = [{"event": "open", "property": "channel"}]
    given = {"product": "p", "range": days, "touches": touches, "goal": "pay", **fields}
    return AttributionDocument.model_validate(given)


def owed(result: dict[str, Any], model: str) -> dict[str, float]:
    return {
        row["channel"].partition(":")[2] or row["channel"]: row["credits"][model]
        for row in result["channels"]
        if row["credits"][model]
    }


def test_markov_by_hand():
    """Journeys C1 → C2 → C3 → conversion, C1 → null, C2 → C3 → null: the example of Anderl et al. as it is
    taught: of all conversions 100% are lost without C2 or C3, half without C1.

    From the start to C1 2/3 and to C2 1/3; from C1 to C2 1/2, else null; C2 always to C3; C3 converts in half of
    the cases. P = (2/3 · 1/2 + 1/3) · 1/2 = 1/3; without C1 it is 1/3 · 1/2 = 1/6.
    """
    moves = np.array(
        [
            # start C1 C2 C3 conversion null
            [0, 2, 1, 0, 0, 0],
            [0, 0, 1, 0, 0, 1],
            [0, 0, 0, 2, 0, 0],
            [0, 0, 0, 0, 1, 1],
            [0] * 6,
            [0] * 6,
        ]
    )
    assert removal_effects(moves) == pytest.approx([1 / 2, 1, 1])
    assert shares(moves) == pytest.approx([1 / 5, 2 / 5, 2 / 5])


def test_markov_with_a_loop_by_hand():
    """A → A → B → conversion and B → null. P = 1/2 · 1 · 1/2 + 1/2 · 1/2 = 1/2; without A 1/4, without B 0."""
    moves = np.array(
        [[0, 1, 1, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 1], [0] * 5, [0] * 5]
    )  # fmt: skip
    assert removal_effects(moves) == pytest.approx([1 / 2, 1])
    assert shares(np.zeros((5, 5), int)).tolist() == [0, 0]


def test_the_chain_of_real_journeys(make_scope):
    rows = story("C10 C21 C32 !3") + story("C10", 1) + story("C20 C31", 2)
    result = ATTRIBUTION.run(asked(), make_scope(rows))
    assert owed(result, "markov") == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4})


def test_seven_models_of_one_journey(make_scope):
    result = ATTRIBUTION.run(
        asked(goal={"event": "pay", "property": "amount"}, half_life="1d"),
        make_scope(story("A0 B1 C2 direct3 !4")),
    )
    assert owed(result, "first") == {"A": 1}
    assert owed(result, "last") == {"direct": 1}
    assert owed(result, "last_non_direct") == {"C": 1}
    assert owed(result, "linear") == dict.fromkeys(["A", "B", "C", "direct"], 0.25)
    assert owed(result, "position") == pytest.approx({"A": 0.4, "B": 0.1, "C": 0.1, "direct": 0.4})
    decay = {"A": 1 / 15, "B": 2 / 15, "C": 4 / 15, "direct": 8 / 15}
    assert owed(result, "time_decay") == pytest.approx(decay)
    assert owed(result, "markov") == pytest.approx(dict.fromkeys(["A", "B", "C", "direct"], 0.25))
    assert result["channels"][0]["values"]["linear"] == 2.5
    assert (result["value"], result["median_lag_seconds"]) == (10, 4 * 86_400)


@pytest.mark.parametrize(
    ("rows", "fields", "last"),
    [
        ("A0 !7", {"lookback": "7d"}, {"A": 1}),
        ("A0 !8", {"lookback": "7d"}, {"$none": 1}),
        ("!1 A2", {}, {"$none": 1}),
        ("A1 !1", {}, {"A": 1}),
        ("A0 !1 !2", {}, {"A": 2}),
        ("A0 !1 B2 !3", {"goals": "first"}, {"A": 1}),
        ("direct0 direct1 !2", {}, {"direct": 1}),
        ("A0 direct1 !2", {"direct": []}, {"direct": 1}),
        ("!1 !2", {"touches": ["pay"]}, {"$none": 1, "pay": 1}),
    ],
)
def test_pinned(make_scope, rows, fields, last):
    result = ATTRIBUTION.run(asked(**fields), make_scope(story(rows)))
    assert owed(result, "last_non_direct") == last
    for model in MODEL_NAMES:
        assert sum(owed(result, model).values()) == result["goals"]


def test_touches_from_before_the_range_count_as_touches_of_its_goals(make_scope):
    scope = make_scope(story("A0 B3 !4"))
    days = {"from": date(2024, 1, 3), "to": date(2024, 1, 31)}
    result = ATTRIBUTION.run(asked(range=days), scope)
    assert owed(result, "first") == {"A": 1}
    assert [row["touches"] for row in result["channels"]] == [0, 1]


def test_long_journeys_fade_without_end(make_scope):
    """A half-life of a second over days: weights are told from the last touch."""
    result = ATTRIBUTION.run(asked(half_life="1s"), make_scope(story("A0 B5 !9")))
    assert owed(result, "time_decay") == {"B": 1}


def test_who_only_leads_to_others_is_owed_too(make_scope):
    """B leads to A on a way without a goal, and so does A to its goal: without B fewer ways reach A."""
    scope = make_scope([*story("A0 !1"), *story("B0 A1", 1)])
    (part,) = ATTRIBUTION.run(asked(breakdown=["city"]), scope)["breakdown"]
    found = {row["channel"]: row["credits"]["markov"] for row in part["channels"]}
    assert set(found) == {"value:A", "value:B"}
    assert found["value:B"] == pytest.approx(1 / 3)
    assert sum(found.values()) == pytest.approx(1)


@pytest.mark.parametrize("rows_read", [4, 1_000])
def test_small_blocks_change_nothing(make_scope, monkeypatch, rows_read):
    rows = [row for uid in (0, 5_000, 9_000) for row in story("A0 B1 !2 C3 !4 D5", uid)]
    scope = make_scope(rows, merges={5_000: 70_000})
    whole = ATTRIBUTION.run(asked(), scope)
    monkeypatch.setattr(timelines, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(timelines, "ROWS_READ", rows_read)
    monkeypatch.setattr(journeys, "ROWS_AT_ONCE", 2)
    assert ATTRIBUTION.run(asked(), scope) == whole
    assert whole["users"] == 3


def test_an_empty_product_answers_nothing(make_scope):
    for view in ("credits", "comparison", "lengths", "lags"):
        document = asked(view=view, breakdown=["city"])
        result = ATTRIBUTION.run(document, make_scope([]))
        assert (result["goals"], result["channels"], result["median_lag_seconds"]) == (0, [], None)
        assert ATTRIBUTION.table(document, result).rows == []
        ATTRIBUTION.chart(document, result, "zh")


def test_chart_table_and_marks_belong_together(make_scope):
    scope = make_scope(story("A0 B1 !2") + story("!3", 1))
    document = asked()
    result = ATTRIBUTION.run(document, scope)
    option = ATTRIBUTION.chart(document, result, "zh-hans")
    assert [series["name"] for series in option["series"]] == ["A", "B", "无触点"]
    assert [sum(column) for column in zip(*(s["data"] for s in option["series"]), strict=True)] == [
        1
    ] * 7
    table = ATTRIBUTION.table(document, result)
    cells = ATTRIBUTION.page.cells(document, result, table)
    place = [column.name for column in table.columns].index("credit_last")
    assert cells[1][place] == {"channel": "value:B", "model": "last"}
    marks = ATTRIBUTION.page.marks(document, result, "zh-hans")
    assert ATTRIBUTION.people(document, scope, marks["无触点"][1], 10, 0).persons == [1]
    assert ATTRIBUTION.people(document, scope, marks["A"][1], 10, 0).persons == []
    compared = asked(view="comparison", baseline="first", model="last")
    assert ATTRIBUTION.table(compared, result).plain()[0] == ("A", 1.0, 0.5, 0.0, 0.0, -1.0, -1.0)


@pytest.mark.parametrize(
    "selection",
    [{"channel": 5}, {"model": "last"}, {"lag": 7}, {"what": "touches"}, {"odd": 1},
     {"channel": "value:A", "breakdown": "x"}, {"channel": "value:A", "what": "touches", "length": 1}],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        ATTRIBUTION.people(asked(), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"lookback": "soon"}, "lookback"),
        ({"touches": []}, "touches"),
        ({"model": "magic"}, "model"),
    ],
)
def test_wrong_documents_say_why(fields, word):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "attribution", "product": "p", "touches": ["a"], "goal": "b", **fields})
    assert word in wrong.value.words.en


def test_every_option_is_told():
    told = ATTRIBUTION.describe(
        asked(goal={"event": "pay", "property": "amount"}, goals="first", lookback="14d", half_life="3d",
              direct=["直达"], breakdown=["city"])
    )  # fmt: skip
    for word in ("“amount”", "first goal", "14 days", "3 days", "“直达”", "“city”", "Markov"):
        assert word in told.en
    for word in ("“amount”", "第一次目标", "14 天", "3 天", "“直达”", "“city”", "马尔可夫"):
        assert word in told.zh
