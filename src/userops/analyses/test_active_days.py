"""With daily rollups, and with some days changed since, every answer is what it is without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from userops.analyses.registry import BY_KIND
from userops.events.rollups.building import count_days
from userops.query.active import ActiveDays
from userops.query.steps import EventStep

ZONES: dict[str, date] = {
    "America/New_York": date(2024, 3, 10),
    "Asia/Shanghai": date(2024, 12, 31),
    "Pacific/Apia": date(2011, 12, 30),
    "Asia/Kathmandu": date(2024, 3, 1),
}
HOUR = 3_600_000


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    """Events of few persons around an awkward day, and which days have a rollup."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = ZONES[zone]
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    at = st.one_of(
        st.integers(-40 * 24, 10 * 24).map(lambda hours: hours * HOUR),
        st.integers(-40, 10).map(lambda days: days * 24 * HOUR - 1),
    )
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["open", "buy", "view"]),
            "uid": st.integers(0, 45),
            "ts": at.map(lambda offset: middle + offset),
        }
    )
    return {
        "zone": zone,
        "day": day,
        "events": draw(st.lists(event, min_size=1, max_size=120)),
        "merges": draw(st.dictionaries(st.integers(30, 45), st.integers(0, 9), max_size=8)),
        "changed": draw(st.sets(st.integers(-45, 12), max_size=12)),
    }


EVENTS = st.sampled_from(["*", "open", ["open", "buy"]])
DOCUMENTS = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("trend"),
            "unit": st.sampled_from(["day", "week", "month"]),
            "series": st.lists(
                st.fixed_dictionaries(
                    {"event": EVENTS, "measure": st.sampled_from(["users", "total", "per_user"])}
                ),
                min_size=1,
                max_size=3,
            ),
            "compare": st.sampled_from([None, "previous_period"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("trend"),
            "series": st.lists(
                st.fixed_dictionaries(
                    {"event": EVENTS, "measure": st.sampled_from(["wau", "mau"])}
                ),
                min_size=1,
                max_size=2,
            ),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("lifecycle"),
            "unit": st.sampled_from(["day", "week", "month"]),
            "event": EVENTS,
            "new_by": st.sampled_from(["event", "any_event"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("stickiness"),
            "unit": st.sampled_from(["day", "week", "month"]),
            "event": EVENTS,
            "view": st.sampled_from(["exactly", "ratio"]),
            "compare": st.sampled_from([None, "previous_period"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("retention"),
            "unit": st.sampled_from(["day", "week", "month"]),
            "start": EVENTS.map(lambda event: {"event": event}),
            "return": EVENTS.map(lambda event: {"event": event}),
            "periods": st.integers(1, 8),
            "entry": st.sampled_from(["first", "first_ever", "recurring"]),
            "criterion": st.sampled_from(["on", "on_or_after"]),
        }
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    history=histories(),
    document=DOCUMENTS,
    before=st.integers(0, 20),
    length=st.integers(0, 25),
    brackets=st.sampled_from([(), ((1, 2), (4, 7))]),
)
def test_rollups_change_no_answer(make_scope, history, document, before, length, brackets):
    scope = make_scope(history["events"], timezone=history["zone"], merges=history["merges"])
    days = [history["day"] + timedelta(days=at) for at in range(-45, 13)]
    count_days(scope.engine, scope.product, scope.timezone, days, 7, merged=scope.merged)
    changed = {history["day"] + timedelta(days=at) for at in history["changed"]}
    builds = {day: 7 for day in days if day not in changed}
    first = history["day"] - timedelta(days=before)
    range_ = {"from": str(first), "to": str(first + timedelta(days=length))}
    if document["kind"] == "retention":
        document = {**document, "brackets": brackets}
    analysis = BY_KIND[document["kind"]]
    question = analysis.document.model_validate({"product": "p", "range": range_, **document})
    kept = replace(scope, builds=lambda: builds)
    question = question.resolve(kept)
    assert analysis.run(question, kept) == analysis.run(question, scope)
    assert analysis.plan(question, scope).source == "events"
    wide = len(document.get("series", [])) == 0 or all(
        each["measure"] == "users" or isinstance(each["event"], str) for each in document["series"]
    )
    in_range = any(first - timedelta(days=1) < day <= first for day in builds)
    if wide and in_range:
        assert analysis.plan(question, kept).source in ("rollup", "both")


@pytest.mark.parametrize(
    ("document", "source"),
    [
        ({"kind": "trend", "series": [{"event": "open", "measure": "users"}]}, "rollup"),
        ({"kind": "trend", "unit": "hour", "series": [{"event": "open"}]}, "events"),
        ({"kind": "trend", "series": [{"event": "open"}], "breakdown": ["city"]}, "events"),
        ({"kind": "trend", "series": [{"event": "open", "measure": "sum", "property": "amount"}]}, "events"),
        ({"kind": "lifecycle", "event": "open"}, "rollup"),
        (
            {"kind": "lifecycle", "filters": [{"property": "city", "value": "上海"}]},
            "events",
        ),
        ({"kind": "retention", "start": "open", "min_occurrences": 2}, "events"),
        ({"kind": "retention", "start": "open", "periods": 2}, "rollup"),
        ({"kind": "funnel", "steps": ["open", "buy"]}, "events"),
    ],
)  # fmt: skip
def test_the_plan_says_where_from_and_why(make_scope, document, source):
    events = [{"event": "open", "uid": 1, "ts": 1_709_600_000_000}]
    scope = make_scope(events, now=datetime(2024, 3, 6, tzinfo=ZoneInfo("UTC")))
    days = [date(2024, 2, 1) + timedelta(days=at) for at in range(60)]
    kept = replace(scope, builds=lambda: dict.fromkeys(days, 7))
    analysis = BY_KIND[document["kind"]]
    range_ = {"from": "2024-03-01", "to": "2024-03-05"}
    question = analysis.document.model_validate({"product": "p", "range": range_, **document})
    plan = analysis.plan(question.resolve(kept), kept)
    assert plan.source == source
    assert plan.reason.zh and plan.reason.en
    assert (plan.rollup_days > 0) == (source == "rollup")


def test_a_filtered_step_is_not_that_of_the_rollups(make_scope):
    at = 1_709_600_000_000
    events = [
        {"event": "open", "uid": 1, "ts": at, "city": "上海"},
        {"event": "open", "uid": 2, "ts": at, "city": "北京"},
    ]
    scope = make_scope(events)
    day = date(2024, 3, 5)
    count_days(scope.engine, scope.product, scope.timezone, [day], 7, merged=False)
    kept = replace(scope, builds=lambda: {day: 7})
    step = EventStep.model_validate(
        {"event": "open", "filters": [{"property": "city", "value": "上海"}]}
    )
    days = ActiveDays(kept, step, day, day)
    assert days.plan().source == "events"
    assert {at: [*persons] for at, persons in days.sets().items()} == {day: [1]}
    assert days.counts()[day].events == 1
    assert ActiveDays(kept, EventStep(event="open"), day, day).sets()[day] == BitMap([1, 2])
