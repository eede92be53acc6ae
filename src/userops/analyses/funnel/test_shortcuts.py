"""What spares work changes no answer: starts that cannot count left out, rows as sorted numbers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from userops.analyses.funnel import FUNNEL, FunnelDocument, finding, packing, reading
from userops.analyses.funnel.test_funnel import rounded
from userops.analyses.seen_texts import SEEN

MINUTE = 60_000


@pytest.fixture(scope="module")
def stream():
    """Long runs of the first step, some events at the same time, over three days."""
    dice = random.Random(11)
    return [
        {
            "event": dice.choice(["view"] * 12 + ["cart", "pay", "leave"]),
            "uid": dice.randrange(15),
            "ts": 1_709_600_000_000 + dice.randrange(280) * 15 * MINUTE,
            "city": dice.choice(["a", "b", "c", ""]),
            "session": dice.choice(["", "s1", "s2"]),
            "props": {"k": dice.choice("uv")},
        }
        for _ in range(1_200)
    ]


OPTIONS = [
    {"breakdown": ["city"]},
    {"breakdown": ["city", {"property": "city", "of": "user"}], "breakdown_at": "last"},
    {"window": "same_day", "unit": "week"},
    {"first_entry": True},
    {"count": "sessions", "breakdown": ["city"]},
    {"hold_constant": ["k"]},
    {"steps": ["view", {"event": "cart", "optional": True}, "pay"]},
    {"steps": ["view", "view", "cart"]},
    {"exclusions": [{"event": "leave"}], "exclusion_mode": "stop"},
    {"exclusions": [{"event": "leave"}], "exclusion_mode": "drop", "breakdown": ["city"]},
    {"order": "strict", "breakdown": ["city"]},
    {"order": "any_order"},
]


def answers(make_scope, stream, more):
    profiles = {uid: {"city": "xyz"[uid % 3]} for uid in range(15)}
    scope = make_scope(stream, timezone="Asia/Shanghai", merges={14: 3, 2: 9}, profiles=profiles)
    asked = {
        "product": "shop",
        "range": {"from": "2024-03-05", "to": "2024-03-07"},
        "steps": ["view", "cart", "pay"],
        "window": "3h",
        **more,
    }
    document = FunnelDocument.model_validate(asked)
    people = [FUNNEL.people(document, scope, {"step": step}, 100, 0) for step in (1, 2, 3)]
    return FUNNEL.run(document, scope), people


@pytest.mark.parametrize("more", OPTIONS)
def test_starts_that_are_left_out_do_not_count(make_scope, monkeypatch, stream, more):
    found = answers(make_scope, stream, more)
    monkeypatch.setattr(
        finding, "_telling", lambda _line, start, _period: np.arange(len(start), dtype=np.int64)
    )
    assert answers(make_scope, stream, more) == found
    assert found[0]["steps"][-1]["users"] > 0


@pytest.mark.parametrize(("name", "value"), [("_BITS", 20), ("_MOST_VALUES", 2)])
@pytest.mark.parametrize("more", [OPTIONS[0], OPTIONS[9], OPTIONS[11]])
def test_rows_that_do_not_fit_into_a_number(make_scope, monkeypatch, stream, more, name, value):
    found = answers(make_scope, stream, more)
    monkeypatch.setattr(packing, name, value)
    assert answers(make_scope, stream, more) == found


def test_a_value_that_comes_in_meanwhile(make_scope, monkeypatch, stream):
    found = answers(make_scope, stream, OPTIONS[0])
    size = packing.size

    def earlier(document, scope):
        known = size(document, scope)
        return packing.Size(known.rows, known.highest, {0: ["", "a"]})

    monkeypatch.setattr(reading, "size", earlier)
    assert answers(make_scope, stream, OPTIONS[0]) == found


@pytest.mark.parametrize("more", OPTIONS[:2])
def test_values_of_earlier_questions(make_scope, monkeypatch, stream, more):
    scope = make_scope(stream, timezone="Asia/Shanghai", merges={14: 3, 2: 9})
    asked = {"range": {"from": "2024-03-05", "to": "2024-03-07"}, "steps": ["view", "cart", "pay"]}
    document = FunnelDocument.model_validate({"product": "shop", **asked, **more})
    found = FUNNEL.run(document, scope)
    (key,) = [key for key in SEEN if key[1] == scope.product]
    assert SEEN[key] == ("", "a", "b", "c")
    with monkeypatch.context() as patched:
        patched.setattr(reading, "size", None)  # they spare the look at the rows
        assert FUNNEL.run(document, scope) == found
    SEEN[key] = ("", "a")  # as if the others came in since
    assert FUNNEL.run(document, scope) == found
    assert SEEN[key] == ("", "a", "b", "c")
    monkeypatch.setattr("userops.analyses.timelines.ROWS_READ", 50)  # too many to be read at once
    assert rounded(FUNNEL.run(document, scope)) == rounded(found)
