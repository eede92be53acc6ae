"""In every analysis a fact filters and breaks down as a property of users with the same values does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from userops.analyses.registry import ANALYSES

DAY = 24 * 3_600_000
START = 1_767_225_600_000  # 2026-01-01T00:00Z
LEVELS = {0: "gold", 1: "new", 2: "gold", 4: "7"}
FACT, PROPERTY = "$tag/level", "level"
NAMES = (
    "add_to_cart",
    "app_open",
    "view",
    "pay_success",
    "purchase",
    "catalog",
    "cart",
    "payment_done",
)
"""Those that the examples ask for."""
EVENTS = [
    {"event": name, "uid": uid, "ts": START + day * DAY + uid * 1_000 + at * 60_000,
     "city": f"c{uid % 2}", "channel": "ads", "amount": float(uid + day),
     "page": "/a", "props": {"order": f"{uid}{day}", "screen": "s", "order_id": f"{uid}{day}"}}
    for day in range(0, 40, 2)
    for uid in range(6)
    for at, name in enumerate(NAMES)
    if (uid + day + at) % 3
]  # fmt: skip
BREAKABLE = [each.kind for each in ANALYSES if "breakdown" in each.document.model_fields]
BREAKABLE.remove("change")  # asks a question of its own


def _answer(analysis: Any, scope: Any, name: str, more: dict[str, Any]) -> str:
    document = {**analysis.example, "product": scope.slug, "formulas": ()}
    if "formulas" not in analysis.document.model_fields:
        document.pop("formulas")
    document["range"] = {"from": "2026-01-03", "to": "2026-02-05"}
    resolved = analysis.document.model_validate({**document, **more}).resolve(scope)
    return json.dumps(analysis.run(resolved, scope), default=str).replace(name, "*")


@pytest.fixture
def scopes(make_scope):
    """The same company twice: what is known stands in a fact, and in profiles."""
    merges = {5: 4}
    fact = make_scope(EVENTS, merges=merges, facts={FACT: {0: "gold", 1: "new", 2: "gold", 5: "7"}})
    own = make_scope(EVENTS, merges=merges, profiles={n: {PROPERTY: v} for n, v in LEVELS.items()})
    return fact, own


def _same(analysis: Any, scopes: Any, of_name: Any) -> str:
    fact, own = scopes
    found = _answer(analysis, fact, FACT, of_name(FACT))
    assert found == _answer(analysis, own, PROPERTY, of_name(PROPERTY))
    return found


@pytest.mark.parametrize("kind", BREAKABLE)
def test_a_breakdown(scopes, kind):
    analysis = next(each for each in ANALYSES if each.kind == kind)
    found = _same(analysis, scopes, lambda name: {"breakdown": [{"property": name, "of": "user"}]})
    assert "gold" in found


@pytest.mark.parametrize(
    "condition",
    [
        {"op": "is", "value": "gold"},
        {"op": "is_not", "value": "gold"},
        {"op": "set"},
        {"op": "not_set"},
        {"op": "gte", "value": 7},
        {"op": "contains", "value": "NE"},
    ],
    ids=lambda each: each["op"],
)
def test_a_filter(scopes, condition):
    analysis = next(each for each in ANALYSES if each.kind == "trend")
    of_name = lambda name: {"filters": [{"property": name, "of": "user", **condition}]}  # noqa: E731
    _same(analysis, scopes, of_name)


def test_beside_a_property_of_profiles(make_scope):
    both = make_scope(
        EVENTS,
        profiles={n: {PROPERTY: v} for n, v in LEVELS.items()},
        facts={FACT: {0: "x", 3: "y"}},
    )
    analysis = next(each for each in ANALYSES if each.kind == "trend")
    breakdown = [{"property": name, "of": "user"} for name in (PROPERTY, FACT)]
    found = json.loads(
        _answer(
            analysis,
            both,
            "?",
            {"breakdown": breakdown, "series": [{"event": "*", "measure": "users"}]},
        )
    )
    groups = {tuple(each["breakdown"].values()) for each in found["series"]}
    assert groups == {("gold", "x"), ("new", ""), ("gold", ""), ("7", ""), ("", "y"), ("", "")}


def test_persons_without_a_profile_have_facts(make_scope):
    scope = make_scope(EVENTS, facts={FACT: {3: "x"}})
    analysis = next(each for each in ANALYSES if each.kind == "trend")
    filters = [{"property": FACT, "of": "user", "op": "is", "value": "x"}]
    series = [{"event": "*", "measure": "users"}]
    found = json.loads(_answer(analysis, scope, "?", {"filters": filters, "series": series}))
    assert found["series"][0]["total"] == 1
