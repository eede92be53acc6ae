"""The statements that typical documents become, kept as readable text in `snapshots/`.

`UPDATE_SNAPSHOTS=1 uv run pytest src/userops/analyses/test_statements.py` writes them anew.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from userops.analyses.registry import BY_KIND

SNAPSHOTS = Path(__file__).parent / "snapshots"
RANGE = {"from": "2024-03-01", "to": "2024-03-31"}
PAY = {"event": "pay", "filters": [{"property": "amount", "op": "gt", "value": 10}]}
GOLD = {"property": "level", "op": "is", "value": "gold", "of": "user"}
CASES: dict[str, dict[str, Any]] = {
    "trend_total": {"kind": "trend", "series": [{"event": "pay"}]},
    "trend_breakdown": {
        "kind": "trend",
        "unit": "week",
        "filters": [GOLD],
        "series": [{**PAY, "measure": "users"}],
        "breakdown": ["city", {"property": "level", "of": "user"}],
        "limit": 2,
    },
    "trend_ranked_at_once": {
        "kind": "trend",
        "series": [{**PAY, "measure": "per_user"}],
        "breakdown": ["city"],
        "limit": 2,
    },
    "trend_counted_and_ranked": {
        "kind": "trend",
        "series": [PAY],
        "breakdown": ["city", "channel"],
        "limit": 2,
    },
    "trend_trailing": {"kind": "trend", "series": [{"event": "*", "measure": "wau"}]},
    "trend_quantile_by_hour": {
        "kind": "trend",
        "unit": "hour",
        "series": [{"event": "pay", "measure": "p90", "property": "score"}],
    },
    "ltv_with_refunds": {
        "kind": "ltv",
        "start": {"event": "*", "filters": [GOLD]},
        "purchase": "pay",
        "refund": "refund",
        "breakdown": ["city", {"property": "level", "of": "user"}],
    },
    "correlation_with_a_property": {
        "kind": "correlation",
        "start": {"event": "*", "filters": [GOLD]},
        "goal": {"event": "pay", "least": 2},
        "events": ["pay"],
        "properties": ["city"],
    },
    "churn_by_a_property": {
        "kind": "churn",
        "event": "pay",
        "window": 14,
        "filters": [GOLD],
        "breakdown": ["city"],
        "limit": 2,
    },
    "risk": {"kind": "risk", "event": "pay", "signals": ["crash"], "filters": [GOLD]},
    "value": {"kind": "value", "purchase": PAY, "filters": [GOLD]},
    "lifecycle": {"kind": "lifecycle", "event": "pay", "filters": [GOLD]},
    "attribution": {
        "kind": "attribution",
        "touches": ["view", {"event": "open", "property": "channel"}],
        "goal": {**PAY, "property": "amount"},
        "breakdown": ["city"],
    },
    "paths": {"kind": "paths", "start": PAY, "filters": [GOLD], "within": "window"},
    "paths_in_sessions": {"kind": "paths", "events": [{**PAY, "property": "city"}, "view"]},
    "change_of_a_formula": {
        "kind": "change",
        "question": {
            "kind": "trend",
            "series": [{**PAY, "measure": "users"}, {"event": "*", "measure": "users"}],
            "formulas": [{"formula": "A/B"}],
        },
        "breakdown": ["city", {"property": "level", "of": "user"}],
    },
    "change_of_a_sum": {
        "kind": "change",
        "question": {
            "kind": "trend",
            "series": [{**PAY, "measure": "sum", "property": "amount"}],
        },
        "breakdown": ["city"],
    },
    "traits": {
        "kind": "traits",
        "question": {"kind": "trend", "series": [PAY]},
        "selection": {"series": 0},
    },
    "lifecycle_new_by_any_event": {"kind": "lifecycle", "event": "pay", "new_by": "any_event"},
    "stickiness": {"kind": "stickiness", "filters": [GOLD], "breakdown": ["city"], "limit": 2},
    "stickiness_often_by_week": {
        "kind": "stickiness",
        "event": "pay",
        "view": "periods",
        "min_times": 2,
    },
    "sessions": {"kind": "sessions", "filters": [GOLD], "breakdown": ["city"], "limit": 2},
    "sessions_exit": {"kind": "sessions", "event": "pay", "split": "gap", "view": "exit"},
    "sessions_length": {"kind": "sessions", "view": "length"},
    "distribution": {
        "kind": "distribution",
        "event": "pay",
        "measure": "sum",
        "property": "amount",
        "breakdown": ["city"],
        "limit": 2,
    },
    "distribution_quantiles_by_week": {
        "kind": "distribution",
        "measure": "days",
        "quantiles": 4,
        "unit": "week",
        "filters": [GOLD],
    },
    "rfm_orders_and_movement": {
        "kind": "rfm",
        "event": "pay",
        "filters": [GOLD],
        "frequency": "orders",
        "view": "movement",
    },
    "interval": {
        "kind": "interval",
        "start": "view",
        "end": PAY,
        "hold_constant": "order",
        "filters": [GOLD],
        "breakdown": ["city"],
        "limit": 2,
    },
    "interval_histogram": {"kind": "interval", "start": "pay", "end": "pay", "view": "histogram"},
}


class Recording:
    """The engine, with a note of every statement that it answers."""

    def __init__(self, engine: Any):
        self.engine = engine
        self.dsn = engine.dsn
        self.statements: list[str] = []

    def arrow(self, sql: str, parameters: Any = None, **options: Any) -> Any:
        # a set of persons has a name of its own each time
        values = {
            name: "person_set" if str(value).startswith("person_set_") else value
            for name, value in (parameters or {}).items()
            if name != "product"
        }
        self.statements.append(
            "\n".join([sql.strip(), *(f"-- {n}: {v}" for n, v in values.items())])
        )
        return self.engine.arrow(sql, parameters, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


@pytest.mark.parametrize("name", CASES)
def test_a_document_becomes_this_statement(make_scope, name):
    events = [
        {"event": "pay", "uid": n, "ts": 1_709_600_000_000, "city": f"c{n}", "amount": 20.0 + n}
        for n in range(3)
    ]
    profiles = {n: {"level": "gold"} for n in range(3)}
    scope = make_scope(events, timezone="Asia/Shanghai", merges={9: 1}, profiles=profiles)
    scope = replace(scope, engine=Recording(scope.engine))
    analysis = BY_KIND[CASES[name]["kind"]]
    document = {"product": "shop", "range": RANGE, **CASES[name]}
    analysis.run(analysis.document.model_validate(document).resolve(scope), scope)
    found = ";\n\n".join(scope.engine.statements) + "\n"
    found = found.replace(f"person_of_{scope.product}", "person_of_1")
    path = SNAPSHOTS / f"{name}.sql"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found
