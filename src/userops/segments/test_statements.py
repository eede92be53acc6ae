"""The statements that the conditions of a segment become, kept as readable text in `snapshots/`.

`UPDATE_SNAPSHOTS=1 uv run pytest src/userops/segments/test_statements.py` writes them anew.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from userops.analyses.test_statements import Recording
from userops.segments import as_of, evaluate, parse

SNAPSHOTS = Path(__file__).parent / "snapshots"
RANGE = {"from": "2024-03-01", "to": "2024-03-31"}
PAY = {"event": "pay", "filters": [{"property": "amount", "op": "gt", "value": 10}]}
CASES: dict[str, dict[str, Any]] = {
    "did": {"who": "did", **PAY, "value": 2, "range": RANGE},
    "did_not": {"who": "did", "event": "pay", "op": "none"},
    "sum": {"who": "did", "event": "pay", "measure": "sum", "property": "amount", "value": 5},
    "first": {"who": "first", **PAY, "range": RANGE},
    "user": {"who": "user", "property": "level", "op": "is_not", "value": "gold"},
    "fact": {"who": "user", "property": "$tag/vip", "op": "gte", "value": 3},
}


@pytest.mark.parametrize("name", CASES)
def test_a_condition_becomes_these_statements(make_scope, name):
    events = [{"event": "pay", "uid": n, "ts": 1_709_600_000_000, "amount": 20.0} for n in range(3)]
    scope = make_scope(
        events,
        timezone="Asia/Shanghai",
        merges={9: 1},
        profiles={n: {"level": "gold"} for n in range(2)},
        facts={"$tag/vip": {1: "3"}},
        now=datetime(2024, 4, 1, tzinfo=UTC),
    )
    version = str(scope.facts()["$tag/vip"])
    scope = replace(scope, engine=Recording(scope.engine))
    evaluate(parse({"product": "shop", "where": CASES[name]}), scope)
    found = ";\n\n".join(scope.engine.statements).replace(version, "VERSION") + "\n"
    found = found.replace(f"person_of_{scope.product}", "person_of_1")
    path = SNAPSHOTS / f"{name}.sql"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found


def test_a_past_day_sees_no_later_event(make_scope):
    day = 24 * 3_600_000
    scope = make_scope([{"event": "a", "uid": n, "ts": n * day} for n in range(4)])
    past = as_of(scope, date(1970, 1, 2))
    assert set(evaluate(parse({"product": "shop"}), past)) == {0, 1}
    who = {"product": "shop", "where": {"who": "did", "event": "a", "range": {"last": 1}}}
    assert set(evaluate(parse(who), past)) == {0}
