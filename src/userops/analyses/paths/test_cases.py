"""Paths: pinned cases, blocks, charts, selections, wrong documents."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from userops.analyses import timelines
from userops.analyses.answering import parse
from userops.analyses.paths import PATHS
from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.finding import find
from userops.errors import DocumentError

MINUTE = 60_000
BASE = 1_704_067_200_000  # 2024-01-01 00:00 UTC


def stream(text: str, uid: int = 0) -> list[dict[str, Any]]:
    """`"A0 B45"`: events of a user at minutes."""
    return [
        {"event": each[0], "uid": uid, "ts": BASE + round(float(each[1:]) * MINUTE)}
        for each in text.split()
    ]


def asked(**fields: Any) -> PathsDocument:
    days = {"from": date(2024, 1, 1), "to": date(2024, 1, 2)}
    return PathsDocument.model_validate({"product": "shop", "range": days, **fields})


def ways_of(document: PathsDocument, scope: Any) -> list[str]:
    return [
        "".join(key.partition(":")[2] or key for key in way["nodes"]) + ("…" if way["continued"] else "")
        for way in PATHS.run(document, scope)["common"]
        for _ in range(way["count"])
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "fields", "found"),
    [
        ("A0 A1 B2 A3 C4", {}, ["ABAC"]),
        ("A0 A1 B2 A3 C4", {"collapse": "none"}, ["AABAC"]),
        ("A0 A1 B2 A3 C4", {"collapse": "loops"}, ["AC"]),
        ("A0 B1 C2 B3 D4", {"collapse": "loops", "end": "D"}, ["DBA"]),
        ("A0 B30 C60.001", {}, ["AB", "C"]),
        ("A0 B30 C60.001", {"start": "B"}, ["B"]),
        ("A0 B30 C59", {"end": "B"}, ["BA"]),
        ("A0 X20 B40", {"exclude": ["X"]}, ["AB"]),
        ("A0 X20 B40", {"events": ["A", "B"]}, ["AB"]),
        ("X0 A1 B2", {"events": ["A", "B"], "start": "X"}, ["XAB"]),
        ("A0 B60 C60.1", {"within": "window", "span": "1h"}, ["AB", "C"]),
        ("A0 B1 A2 B3", {"start": "A", "end": "B"}, ["AB"]),
        ("A0 C1 D2 C3 B4", {"start": "A", "end": "B", "max_steps": 4}, ["AC$moreB"]),
        ("A0 B1 C2", {"start": "A", "end": "X"}, []),
        ("A0 B1 C2 D3", {"max_steps": 2}, ["AB…"]),
        ("A0 A1440 A1441", {"count": "users", "collapse": "none"}, ["A"]),
    ],
)  # fmt: skip
def test_pinned(make_scope, events, fields, found):
    assert sorted(ways_of(asked(**fields), make_scope(stream(events)))) == sorted(found)


@pytest.mark.parametrize("rows_read", [4, 1_000])
def test_small_blocks_change_nothing(make_scope, monkeypatch, rows_read):
    """Read in many blocks, also where merged users lie far apart."""
    events = [
        {**row, "uid": uid}
        for uid in (0, 1, 5_000, 9_000, 70_000)
        for row in stream("A0 B1 C2 A100 B101")
    ]
    scope = make_scope(events, merges={5_000: 1, 0: 200_000})
    whole = PATHS.run(asked(view="matrix"), scope), PATHS.run(asked(), scope)
    monkeypatch.setattr(timelines, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(timelines, "ROWS_READ", rows_read)
    assert (PATHS.run(asked(view="matrix"), scope), PATHS.run(asked(), scope)) == whole
    assert find(asked(), scope).person.max() == 200_000
    assert whole[1]["users"] == 4


def test_many_names_beyond_those_told_apart(make_scope, monkeypatch):
    monkeypatch.setattr("userops.analyses.vocabulary.MAX_NAMES", 2)
    result = PATHS.run(asked(), make_scope(stream("A0 A1 B2 B3 C4 D5 A6 B7")))
    assert result["common"][0]["nodes"] == ["0:A", "0:B", "$others", "0:A", "0:B"]


def test_long_ways_of_many_names_are_counted_exactly(make_scope):
    """More than fits into one number of 63 bits."""
    text = " ".join(f"{chr(65 + n % 26)}{n}" for n in range(20))
    rows = [row for uid in range(3) for row in stream(text, uid)] + stream(text[:-4], 3)
    (most, least) = PATHS.run(asked(max_steps=20), make_scope(rows))["common"]
    assert (most["count"], least["count"], len(most["nodes"])) == (3, 1, 20)


def test_an_empty_product_answers_nothing(make_scope):
    for fields in ({}, {"view": "common"}, {"view": "matrix"}, {"start": "A", "end": "B"}):
        document = asked(**fields)
        result = PATHS.run(document, make_scope([]))
        assert result["paths"] == 0
        assert PATHS.table(document, result).rows == []
        PATHS.chart(document, result, "zh")


def test_the_sankey_names_the_drop_off(make_scope):
    scope = make_scope(stream("A0 B1") + stream("A0", 1))
    document = asked(start="A")
    result = PATHS.run(document, scope)
    option = PATHS.chart(document, result, "zh-hans")
    (series,) = option["series"]
    drop = next(node for node in series["data"] if node["name"] == "2/$ended")
    assert (drop["value"], drop["userops"]["label"], drop["userops"]["tone"]) == (1, "流失", "end")
    into = [link for link in series["links"] if link["target"] == "2/$ended"]
    assert [link["value"] for link in into] == [1]
    assert PATHS.table(document, result).plain()[1][:4] == (1, "A", "Drop-off", 1)
    marks = PATHS.page.marks(document, result, "zh-hans")
    assert len(marks["路径数"]) == len(series["data"])
    assert len(marks["路径数:edge"]) == len(series["links"])
    dropped = marks["路径数"][[n["name"] for n in series["data"]].index("2/$ended")]
    assert PATHS.people(document, scope, dropped, 10, 0).persons == [1]


def test_read_from_the_end_the_sankey_stands_the_other_way_round(make_scope):
    document = asked(end="B")
    result = PATHS.run(document, make_scope(stream("A0 B1")))
    (series,) = PATHS.chart(document, result, "en")["series"]
    depth = {node["name"]: node["depth"] for node in series["data"]}
    assert depth["1/0:B"] > depth["2/0:A"] > depth["3/$ended"]
    assert {(link["source"], link["target"]) for link in series["links"]} == {
        ("2/0:A", "1/0:B"), ("3/$ended", "2/0:A"),
    }  # fmt: skip


def test_display_names_reach_nodes_but_not_values(make_scope):
    document = asked(events=[{"event": "view", "property": "page"}, "*"])
    rows = [
        {"event": "view", "uid": 0, "ts": BASE, "page": "pay"},
        {"event": "pay", "uid": 0, "ts": BASE + 1},
    ]
    result = PATHS.page.named(document, PATHS.run(document, make_scope(rows)), {"pay": "支付"})
    assert result["labels"] == {"0:pay": "pay", "1:pay": "支付"}


@pytest.mark.parametrize(
    "selection",
    [{}, {"step": 9}, {"step": "x"}, {"from": "0:A"}, {"way": []}, {"step": 1, "way": ["0:A"]},
     {"step": 5, "to": "0:A"}, {"odd": 1}],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        PATHS.people(asked(), make_scope(stream("A0")), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


@pytest.mark.parametrize(
    ("fields", "word"), [({"within": "window", "span": "1 day"}, "span"), ({"max_steps": 1}, "2")]
)
def test_wrong_documents_say_why(fields, word):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "paths", "product": "p", **fields})
    assert word in wrong.value.words.en


def test_every_option_is_told():
    told = PATHS.describe(
        asked(
            events=[{"event": "view", "property": "page"}], exclude=["ping"], start="open", end="pay",
            within="window", span="2d", collapse="loops", count="users", min_share=0.05,
        )
    )  # fmt: skip
    for word in ("“page”", "“ping”", "“open”", "“pay”", "2 days", "loop", "each user", "5%"):
        assert word in told.en
    for word in ("“page”", "“ping”", "“open”", "“pay”", "2 天", "绕的圈", "每位用户", "5%"):
        assert word in told.zh


def test_permuted_rows_change_nothing(make_scope):
    rows = stream("A0 B0 C0 A5 B5") + stream("B0 A0", 1)
    one, other = (PATHS.run(asked(), make_scope(each)) for each in (rows, rows[::-1]))
    assert one == other


def test_the_example_is_a_valid_document():
    PATHS.describe(parse(PATHS.example)[1].resolve(_Now()))  # type: ignore[arg-type]


class _Now:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    zone = ZoneInfo("UTC")
