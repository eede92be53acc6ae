from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import orjson

from userops.events.models import QualityReport, QuarantinedRow
from userops.events.quality.daily import days_without_report, make_daily_report
from userops.events.quality.report import QualityReport as Report
from userops.events.records import Event, Refusal

DAY = date(2026, 3, 10)
NOON = int(datetime(2026, 3, 10, 4, tzinfo=UTC).timestamp() * 1000)  # 12:00 in Shanghai


def event(user: str, name: str, received: int, **properties):
    return Event(event=name, distinct_id=user, ts=received, uuid=uuid4(), properties=properties)


def test_a_day_of_collecting_has_a_report(store, product):
    refusal = Refusal(code="time_invalid", detail="soon", raw='{"time":"soon"}')
    store.ingest.submit(
        product.pk,
        "native",
        [
            event("ann", "view", NOON, city="上海", price=3, tags=["a"]),
            event("ann", "view", NOON, price=-1),
            event("bob", "buy", NOON, amount=12.5),
        ],
        [refusal],
        received=NOON,
    )
    later = NOON + 24 * 3600 * 1000
    store.ingest.submit(product.pk, "native", [event("bob", "view", later)], received=later)
    QuarantinedRow.objects.filter(product=product).update(
        received=datetime.fromtimestamp(NOON / 1000, UTC)
    )
    now = datetime(2026, 3, 12, 1, tzinfo=UTC)
    assert days_without_report(store.engine, product, now) == [DAY, date(2026, 3, 11)]
    kept = make_daily_report(store.engine, product, DAY)
    assert kept is not None
    report = Report.from_json(orjson.dumps(kept.report))
    assert (report.rows, report.stored, report.refused) == (4, 3, 1)
    assert report.events == (("view", 2), ("buy", 1))
    assert report.top_users == (("ann", 2), ("bob", 1))
    assert report.field("city").missing == 2
    assert (report.field("props.price").low, report.field("props.price").high) == (-1, 3)
    assert report.field("amount").mean == 12.5
    assert days_without_report(store.engine, product, now) == [date(2026, 3, 11)]
    make_daily_report(store.engine, product, DAY)
    assert QualityReport.objects.filter(product=product, day=DAY).count() == 1


def test_a_quiet_day_has_none(store, product):
    assert make_daily_report(store.engine, product, DAY) is None
    assert not QualityReport.objects.filter(product=product).exists()
