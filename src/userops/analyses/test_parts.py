"""What holds of a part of a document in every analysis: a filter of a step is that step's alone, and the groups
beyond the limit of a breakdown are one.

A filter on a step asks the same as no filter of a history where the events that do not fit have another name.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from userops.analyses.registry import BY_KIND

BEGIN = 1_767_225_600_000  # 2026-01-01 00:00 UTC
HOUR = 3_600_000
DAYS = {"from": "2026-01-01", "to": "2026-01-20"}
HERE = [{"property": "city", "value": "上海"}]
SEVERAL = ("上海", "北京", "广州", "成都")


def history(seed: int) -> list[dict[str, Any]]:
    """Four hundred events of forty people in twenty days; each lives in one city and travels at times."""
    dice = random.Random(seed)
    homes = [
        dice.choice(("上海", "上海", "上海", "北京", "北京", "广州", "成都")) for _ in range(40)
    ]
    rows = []
    for _ in range(400):
        uid = dice.randrange(40)
        rows.append(
            {
                "event": dice.choice("aabbcx"),
                "uid": uid,
                "ts": BEGIN + dice.randrange(20 * 24 * 4) * HOUR // 4,
                "city": homes[uid],
                "page": dice.choice(("/1", "/2")),
                "amount": dice.choice((1.0, 2.5, 10.0)),
            }
        )
    return rows


def travelled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same where events happen in any city."""
    dice = random.Random(7)
    return [{**row, "city": dice.choice(("上海", "北京"))} for row in rows]


def answer(make_scope: Any, rows: list[dict[str, Any]], document: dict[str, Any]) -> dict[str, Any]:
    analysis = BY_KIND[document["kind"]]
    question = analysis.document.model_validate({"product": "p", "range": DAYS, **document})
    scope = make_scope(rows)
    return analysis.run(question.resolve(scope), scope)


def step(event: str, filters: Any, **more: Any) -> dict[str, Any]:
    return {"event": event, "filters": filters, **more}


STEPS: dict[str, Any] = {
    "trend": lambda f: {"kind": "trend", "series": [step("a", f), {"event": "b"}]},
    "funnel": lambda f: {"kind": "funnel", "steps": ["b", step("a", f), "c"], "window": "3d"},
    "funnel-exclusion": lambda f: {
        "kind": "funnel", "steps": ["b", "c"], "window": "3d", "exclusions": [step("a", f)],
    },
    "funnel-exclusion-stop": lambda f: {
        "kind": "funnel", "steps": ["b", "c"], "window": "3d", "exclusion_mode": "stop",
        "exclusions": [step("a", f, **{"from": 1, "to": 2})],
    },
    "retention-start": lambda f: {"kind": "retention", "start": step("a", f), "return": "b"},
    "retention-return": lambda f: {"kind": "retention", "start": "b", "return": step("a", f)},
    "interval-start": lambda f: {"kind": "interval", "start": step("a", f), "end": "b"},
    "interval-end": lambda f: {"kind": "interval", "start": "b", "end": step("a", f)},
    "ltv-start": lambda f: {"kind": "ltv", "start": step("a", f), "purchase": "b"},
    "ltv-purchase": lambda f: {"kind": "ltv", "start": "b", "purchase": step("a", f)},
    "ltv-refund": lambda f: {"kind": "ltv", "start": "b", "purchase": "c", "refund": step("a", f)},
    "paths-node": lambda f: {"kind": "paths", "events": [step("a", f), "b", "c"]},
    "paths-start": lambda f: {"kind": "paths", "events": ["b", "c"], "start": step("a", f)},
    "paths-end": lambda f: {"kind": "paths", "events": ["b", "c"], "end": step("a", f)},
    "correlation-start": lambda f: {
        "kind": "correlation", "start": step("a", f), "events": ["b", "c"], "active_days": False,
        "goal": {"event": "b"}, "min_support": 1,
    },
    "correlation-goal": lambda f: {
        "kind": "correlation", "start": "b", "goal": step("a", f), "events": ["b", "c"],
        "active_days": False, "min_support": 1,
    },
    "attribution-touch": lambda f: {"kind": "attribution", "touches": [step("a", f), "b"], "goal": "c"},
    "attribution-goal": lambda f: {"kind": "attribution", "touches": ["b", "c"], "goal": step("a", f)},
    "value": lambda f: {"kind": "value", "purchase": step("a", f)},
}  # fmt: skip


@pytest.mark.parametrize("case", STEPS)
def test_a_filter_of_a_step_is_of_that_step_alone(make_scope: Any, case: str) -> None:
    rows = travelled(history(1))
    renamed = [
        {**row, "event": "other"} if row["event"] == "a" and row["city"] != "上海" else row
        for row in rows
    ]
    found = answer(make_scope, rows, STEPS[case](HERE))
    assert found == answer(make_scope, renamed, STEPS[case]([]))
    assert found != answer(make_scope, rows, STEPS[case]([]))


WHOLE: dict[str, dict[str, Any]] = {
    "trend": {"series": [{"event": "a"}, {"event": "b", "measure": "users"}]},
    "funnel": {"steps": ["a", "b"], "window": "3d"},
    "retention": {"start": "a", "return": "b"},
    "lifecycle": {"event": "a"},
    "stickiness": {"event": "a"},
    "sessions": {},
    "distribution": {"event": "a"},
    "interval": {"start": "a", "end": "b"},
    "rfm": {"event": "a"},
    "ltv": {"start": "a", "purchase": "b"},
    "value": {"purchase": "a"},
    "churn": {"event": "a", "unit": "day", "window": 3},
    "paths": {},
    "correlation": {"start": "a", "goal": {"event": "b"}, "min_support": 1},
    "attribution": {"touches": ["a", "b"], "goal": "c"},
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_filter_of_the_whole_is_of_all_events(make_scope: Any, kind: str) -> None:
    rows = travelled(history(2))
    document = {"kind": kind, **WHOLE[kind]}
    found = answer(make_scope, rows, {**document, "filters": HERE})
    assert found == answer(make_scope, [row for row in rows if row["city"] == "上海"], document)
    assert found != answer(make_scope, rows, document)


LIMITED = {
    "funnel": "breakdown_limit", "retention": "breakdown_limit", "attribution": "breakdown_limit",
    "trend": "limit", "stickiness": "limit", "sessions": "limit", "distribution": "limit",
    "interval": "limit", "ltv": "limit", "churn": "limit",
}  # fmt: skip


@pytest.mark.parametrize("kind", LIMITED)
def test_groups_beyond_the_limit_are_one(make_scope: Any, kind: str) -> None:
    """Everybody stays in one city, so the others are what a filter leaves of the whole."""
    rows = history(3)
    document = {"kind": kind, **WHOLE[kind], **({"view": "periods"} if kind == "churn" else {})}
    told = answer(make_scope, rows, {**document, "breakdown": ["city"], LIMITED[kind]: 2})
    groups = told.get("breakdown") or told["series"]
    names = [each.get("value") or each["breakdown"]["city"] for each in groups]
    names = list(dict.fromkeys(names))
    assert len(names) == 3 and names[2] == "$others" and set(names[:2]) < set(SEVERAL)
    rest = [row for row in rows if row["city"] not in names]
    alone = answer(make_scope, rest, document)
    last = groups[-1]
    same = [name for name in last if name in alone and name not in ("breakdown", "value", "index")]
    if kind == "attribution":
        same = ["goals"]  # what leads nowhere has no value of a goal: it counts for each
    if kind == "trend":
        same, alone = ["points", "total"], alone["series"][-1]
    assert same and {name: last[name] for name in same} == {name: alone[name] for name in same}
