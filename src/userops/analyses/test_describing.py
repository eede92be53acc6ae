"""The definition under a figure says every option that changes the figure, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from userops.analyses.registry import ANALYSES, BY_KIND

SHARED = ("kind", "version", "product", "until")
SHOWN: dict[str, set[str]] = {
    "funnel": {"view", "unit", "counts_only"},
    "paths": {"view"},
    "interval": {"view"},
    "churn": {"view"},
    "rfm": {"view"},
    "retention": {"periods"},
    "ltv": {"show", "periods"},
    "attribution": {"view", "model", "baseline"},
    "sessions": {"view", "figure"},
    "stickiness": {"view"},
    "personas": {"view"},
    "risk": {"view"},
    "value": {"view"},
    "traits": {"limit"},
    "needs": {"limit"},
}
"""What only chooses how the same figures are looked at."""
SOME = {"property": "city", "value": "上海"}
CITY = {"breakdown": ["city"]}
TREND = {"kind": "trend", "series": [{"event": "pay"}]}

Ways = dict[str, tuple[dict[str, Any], Any]]
"""By option: what else the question holds, and another value than the option has by default."""
USUAL: Ways = {"filters": ({}, [SOME]), "range": ({}, {"last": 9})}
GROUPS: Ways = {"breakdown": ({}, ["city"]), "limit": (CITY, 3)}
EVERY: dict[str, tuple[dict[str, Any], Ways]] = {
    "trend": (
        {"series": [{"event": "pay"}, {"event": "open"}]},
        {
            **GROUPS,
            "unit": ({}, "week"),
            "series": ({}, [{"event": "pay", "measure": "sum", "property": "amount"}]),
            "formulas": ({}, [{"formula": "A/B"}]),
            "compare": ({}, "previous_period"),
        },
    ),
    "funnel": (
        {"steps": ["a", "b", "c"]},
        {
            "steps": ({}, ["a", {"event": "b", "optional": True}, "c"]),
            "window": ({}, "3d"),
            "order": ({}, "strict"),
            "first_entry": ({}, True),
            "exclusions": ({}, [{"event": "x", "from": 2}]),
            "exclusion_mode": ({"exclusions": [{"event": "x"}]}, "stop"),
            "hold_constant": ({}, ["order"]),
            "count": ({}, "sessions"),
            "breakdown": ({}, ["city"]),
            "breakdown_at": (CITY, 2),
            "breakdown_limit": (CITY, 3),
        },
    ),
    "retention": (
        {"start": "a"},
        {
            "unit": ({}, "week"),
            "start": ({}, {"event": "b", "filters": [SOME]}),
            "return": ({}, "b"),
            "entry": ({}, "recurring"),
            "criterion": ({}, "on_or_after"),
            "clock": ({}, "rolling"),
            "brackets": ({}, [[1, 3]]),
            "min_occurrences": ({}, 2),
            "reference": ({}, "previous"),
            "breakdown": ({}, ["city"]),
            "breakdown_limit": (CITY, 3),
            "value": ({}, {"property": "amount"}),
        },
    ),
    "lifecycle": ({}, {"unit": ({}, "day"), "event": ({}, "a"), "new_by": ({}, "any_event")}),
    "stickiness": (
        {},
        {
            **GROUPS,
            "unit": ({}, "week"),
            "event": ({}, "a"),
            "min_times": ({}, 2),
            "period": ({"view": "periods"}, "month"),
            "compare": ({}, "previous_period"),
        },
    ),
    "sessions": (
        {},
        {
            **GROUPS,
            "unit": ({}, "week"),
            "event": ({}, "a"),
            "timeout": ({}, 5),
            "split": ({}, "gap"),
            "bounce_events": ({}, 2),
            "place": ({"view": "entry"}, "event"),
            "compare": ({}, "previous_period"),
        },
    ),
    "distribution": (
        {},
        {
            **GROUPS,
            "unit": ({}, "week"),
            "event": ({}, "a"),
            "measure": ({}, "days"),
            "property": ({"measure": "sum", "property": "price"}, "amount"),
            "cuts": ({}, [2, 5]),
            "quantiles": ({}, 4),
            "compare": ({}, "previous_period"),
        },
    ),
    "interval": (
        {"start": "a", "end": "b"},
        {
            **GROUPS,
            "unit": ({"view": "periods"}, "week"),
            "start": ({}, "c"),
            "end": ({}, "c"),
            "within": ({}, "3d"),
            "hold_constant": ({}, ["order"]),
            "chained": ({}, True),
            "compare": ({}, "previous_period"),
        },
    ),
    "rfm": (
        {"event": "pay"},
        {
            "event": ({}, "buy"),
            "monetary": ({}, {"property": "price"}),
            "frequency": ({}, "days"),
            "order_id": ({"frequency": "orders"}, {"property": "number"}),
            "scores": ({}, 3),
            "cuts": ({}, {"recency": [7]}),
            "high": ({}, "mean"),
            "movement_days": ({"view": "movement"}, 7),
        },
    ),
    "ltv": (
        {"start": "a", "purchase": "pay"},
        {
            **GROUPS,
            "unit": ({}, "day"),
            "start": ({}, "b"),
            "purchase": ({}, {"event": "pay", "property": "price"}),
            "refund": ({}, "refund"),
            "clock": ({}, "rolling"),
            "cost": ({}, 12.5),
        },
    ),
    "value": (
        {"purchase": "pay"},
        {
            "purchase": ({}, {"event": "pay", "property": "price"}),
            "model": ({}, "mbg_nbd"),
            "horizon": ({}, 3),
            "discount": ({}, 0.3),
            "margin": ({}, 0.5),
            "holdout": ({}, 3),
        },
    ),
    "churn": (
        {},
        {
            **GROUPS,
            "unit": ({}, "day"),
            "event": ({}, "a"),
            "window": ({}, 9),
            "threshold": ({}, 0.2),
            "horizon": ({}, 3),
            "min_support": ({}, 9),
        },
    ),
    "risk": (
        {},
        {
            "event": ({}, "a"),
            "window": ({}, 9),
            "gap": ({}, 3),
            "lookback": ({}, 9),
            "step": ({}, 3),
            "signals": ({}, ["crash"]),
        },
    ),
    "paths": (
        {},
        {
            "events": ({}, ["a", {"event": "b", "property": "page"}]),
            "exclude": ({}, ["x"]),
            "start": ({}, "a"),
            "end": ({}, "b"),
            "within": ({}, "window"),
            "span": ({"within": "window"}, "3h"),
            "max_steps": ({}, 3),
            "collapse": ({}, "loops"),
            "count": ({}, "users"),
            "top": ({}, 3),
            "min_share": ({}, 0.1),
        },
    ),
    "correlation": (
        {"start": "a"},
        {
            "start": ({}, "b"),
            "early": ({}, 3),
            "early_unit": ({}, "hour"),
            "goal": ({}, {"event": "b", "from": 8, "to": 9, "least": 2}),
            "events": ({}, ["b"]),
            "active_days": ({}, False),
            "properties": ({}, ["city"]),
            "max_times": ({}, 3),
            "min_support": ({}, 9),
        },
    ),
    "personas": (
        {},
        {
            "features": ({}, ["hours", "events"]),
            "taste": ({}, {"property": "category"}),
            "price": ({}, {"property": "price"}),
            "purchase": ({"features": ["hours", "value"]}, "pay"),
            "min_days": ({}, 5),
            "min_groups": ({}, 3),
            "max_groups": ({}, 5),
            "seed": ({}, 7),
        },
    ),
    "needs": (
        {"search": {"event": "s", "word": "w", "results": "n"}},
        {
            "group": ({}, [{**SOME, "of": "user"}]),
            "search": ({}, {"event": "s", "word": "keyword", "results": "n"}),
            "steps": ({}, ["a", "b"]),
            "window": ({"steps": ["a", "b"]}, "3d"),
            "failures": ({}, ["crash"]),
            "stayed_days": ({"failures": ["crash"]}, 3),
            "min_support": ({}, 9),
        },
    ),
    "attribution": (
        {"touches": ["a", "b"], "goal": "pay"},
        {
            "touches": ({}, ["a", {"event": "b", "property": "channel"}]),
            "goal": ({}, {"event": "pay", "property": "amount"}),
            "lookback": ({}, "3d"),
            "goals": ({}, "first"),
            "direct": ({}, []),
            "half_life": ({}, "3d"),
            "breakdown": ({}, ["city"]),
            "breakdown_limit": (CITY, 3),
        },
    ),
    "change": (
        {"question": TREND},
        {
            "question": ({}, {**TREND, "series": [{"event": "open"}]}),
            "figure": ({"question": {**TREND, "series": [*TREND["series"], {"event": "x"}]}}, "B"),
            "compare": ({}, "same_weekdays"),
            "base_from": ({"compare": "chosen", "base_from": "2026-01-01"}, "2026-01-02"),
            "breakdown": ({}, ["city"]),
            "standing": ({"question": {**TREND, "series": [{"event": "a", "measure": "users"}]}}, "last"),
            "top": ({}, 3),
            "min_size": ({}, 9),
        },
    ),
    "traits": (
        {"question": TREND, "selection": {"series": 0}},
        {
            "question": ({}, {**TREND, "series": [{"event": "open"}]}),
            "selection": ({}, {"series": 0, "start": "2026-01-01"}),
            "against": ({}, {"against": "selection", "other": {"series": 0}}),
            "other": ({"against": "selection", "other": {"series": 0}}, {"series": 0, "start": "2026-01-01"}),
            "min_support": ({}, 9),
        },
    ),
}  # fmt: skip
CASES = [
    pytest.param(kind, name, id=f"{kind}-{name}")
    for kind, (_base, ways) in EVERY.items()
    for name in {**USUAL, **ways}
]


def told(kind: str, **fields: Any) -> Any:
    analysis = BY_KIND[kind]
    whole = {"product": "shop", "range": {"from": "2026-03-01", "to": "2026-03-31"}, **fields}
    return analysis.describe(analysis.document.model_validate(whole))


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_an_option_changes_the_definition(kind: str, name: str) -> None:
    base, ways = EVERY[kind]
    more, value = {**USUAL, **ways}[name]
    other = value if name == "against" else {name: value}
    before, after = told(kind, **{**base, **more}), told(kind, **{**base, **more, **other})
    assert before.zh != after.zh, before.zh
    assert before.en != after.en, before.en


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.kind)
def test_every_option_is_here(analysis: Any) -> None:
    options = {field.alias or name for name, field in analysis.document.model_fields.items()}
    listed = {*USUAL, *EVERY[analysis.kind][1], *SHOWN.get(analysis.kind, ())}
    assert options - {*SHARED} == listed
