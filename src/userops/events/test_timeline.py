from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from userops.events import timeline
from userops.events.records import Event
from userops.events.timeline import GAP, Moment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def moment(at, session=""):
    return Moment(at, "e", {"session": session} if session else {}, {})


@pytest.fixture
def ann(store, product):
    """250 events, every second one at the same instant as the one before it."""
    start = int(NOON.timestamp() * 1000)
    events = [
        Event(
            event=f"e{n % 3}",
            distinct_id="ann",
            ts=start + (n // 2) * 60_000,
            uuid=UUID(int=n),
            properties={"page": "/a", "n": n, "tags": ["x"]},
        )
        for n in range(250)
    ]
    store.ingest.submit(product.pk, "native", events)
    return events


def test_pages_join_without_gap_or_repeat(store, product, ann):
    seen, cursor = [], ""
    while page := timeline.moments(store.engine, product.pk, [0], before=cursor, limit=7):
        seen += page
        cursor = page[-1].cursor
    assert {each.properties["n"] for each in seen} == set(range(250))
    assert len(seen) == 250 and seen == sorted(seen, key=lambda each: each.ts, reverse=True)
    assert seen[0].fields["page"] == "/a" and seen[0].properties["tags"] == ["x"]
    whole = list(timeline.all_moments(store.engine, product.pk, [0], page=100))
    assert [each.properties["n"] for each in whole] == [each.properties["n"] for each in seen]
    for wrong in ("x", "1.x", "."):
        with pytest.raises(ValueError):
            timeline.moments(store.engine, product.pk, [0], before=wrong)


def test_totals_and_activity(store, product, ann):
    summary = timeline.summary(store.engine, product.pk, [0])
    assert summary.events == 250 and summary.first == NOON
    assert {each.event: each.events for each in summary.by_event} == {"e0": 84, "e1": 83, "e2": 83}
    days = timeline.activity(store.engine, product.pk, [0], year=2026, timezone="Pacific/Auckland")
    assert days == {date(2026, 3, 3): 250}
    assert timeline.summary(store.engine, product.pk, [9]).last is None


def test_days_and_sessions():
    late = NOON + timedelta(hours=3, minutes=59)  # 23:59 in Shanghai
    found = [
        moment(late + timedelta(minutes=2)),
        moment(late),
        moment(late - GAP),
        moment(late - GAP - timedelta(minutes=1), "s1"),
        moment(late - GAP - timedelta(minutes=2), "s2"),
        moment(late - GAP - timedelta(minutes=50), "s2"),
    ]
    days = timeline.by_day(found, "Asia/Shanghai")
    assert [day.day for day in days] == [date(2026, 3, 3), date(2026, 3, 2)]
    assert [len(session.moments) for session in days[1].sessions] == [1, 2, 2]
    assert days[1].sessions[2].seconds == 48 * 60


@given(st.lists(st.tuples(st.integers(0, 5_000), st.sampled_from(["", "a", "b"])), max_size=30))
def test_grouping_keeps_every_event_in_order(rows):
    found = [moment(NOON + timedelta(minutes=at), session) for at, session in rows]
    found.sort(key=lambda each: each.ts, reverse=True)
    days = timeline.by_day(found, "America/New_York")
    flat = [each for day in days for session in day.sessions for each in session.moments]
    assert flat == found
