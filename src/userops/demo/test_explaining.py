"""What was planted is found where it was planted, and named first; nothing is found where nothing was."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from userops.analyses.registry import CHANGE
from userops.demo.company import Company, simulate
from userops.demo.world import TIME_ZONE
from userops.events.fields import NUMBER_FIELDS, TEXT_FIELDS
from userops.query.scope import Scope

END = date(2026, 11, 25)
KINDS = ["first_visit", "app_open", "checkout_start", "pay_success", "pay_fail", "crash"]
_numbers = itertools.count(900_000)


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(1, END, 60, 1_000_000)


@pytest.fixture(scope="module")
def scope(company: Company, engine: Any) -> Scope:
    """The company's few events that are asked for, each under its true person."""
    product, done = next(_numbers), 0
    for chunk in company.event_chunks(200_000):
        person = company.scene.visits.person[company.rows.visit[done : done + chunk.num_rows]]
        done += chunk.num_rows
        kept = np.isin(chunk["event"].to_pylist(), KINDS)
        engine.insert("events", _stored(chunk.filter(pa.array(kept)), person[kept], product))
    return Scope(
        engine=engine,
        product=product,
        slug="demo",
        timezone=TIME_ZONE,
        merged=False,
        now=datetime(2026, 12, 31, tzinfo=UTC),
    )


def _stored(chunk: pa.Table, person: Any, product: int) -> pa.Table:
    count = chunk.num_rows
    texts = {
        name: chunk[name].cast(pa.string()) if name in chunk.column_names else pa.repeat("", count)
        for name in TEXT_FIELDS
    }
    return pa.table(
        {
            "product": pa.repeat(pa.scalar(product, pa.uint32()), count),
            "event": chunk["event"].cast(pa.string()),
            "uid": pa.array(person.astype(np.uint32)),
            "ts": pc.cast(chunk["ts"], pa.timestamp("ms", "UTC")),
            **texts,
            **{name: chunk[name] for name in NUMBER_FIELDS},
            "props": chunk["props"],
        }
    )


def explained(scope: Scope, first: date, days: int, question: dict[str, Any], **fields: Any) -> Any:
    last = first + timedelta(days - 1)
    document = CHANGE.document.model_validate(
        {
            "product": "demo",
            "range": {"from": first.isoformat(), "to": last.isoformat()},
            "question": question,
            **fields,
        }
    )
    return CHANGE.run(document, scope)


def told(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The leading value of each dimension that is told of, in order."""
    assert result["noise"]["within"] is False
    return [
        (each["property"], max(named, key=lambda row: abs(row["contribution"]))["value"])
        for each in result["dimensions"]
        if not each["chance"] and (named := [row for row in each["values"] if row["named"]])
    ]


CHECKOUT = {"kind": "funnel", "steps": ["checkout_start", "pay_success"], "window": "1d"}


def test_the_bad_release_is_named_first(scope, company):
    plan = company.scene.plan
    begun = plan.date_of(plan.bad_release_day + 1)
    days = plan.fix_day - plan.bad_release_day - 1
    paid = told(explained(scope, begun, days, CHECKOUT, compare="same_weekdays"))
    assert paid[0] in {("app_version", "3.2.0"), ("platform", "Android"), ("os", "Android")}
    assert {("app_version", "3.2.0"), ("platform", "Android")} <= set(paid[:4])
    crashes = {"kind": "trend", "series": [{"event": "crash"}]}
    result = explained(scope, begun, days, crashes, compare="same_weekdays")
    assert {("app_version", "3.2.0"), ("platform", "Android")} <= set(told(result))
    assert told(result)[0] in {
        ("app_version", "3.2.0"),
        ("error", "NullPointerException@PayActivity"),
    }
    shift = date.fromisoformat(result["when"]["shift"]["day"])
    assert abs((shift - begun).days) <= 3


def test_the_hour_of_failing_payments_is_named_first(scope, company):
    plan = company.scene.plan
    day = plan.date_of(plan.incident_day)
    failed = {"kind": "trend", "unit": "hour", "series": [{"event": "pay_fail"}]}
    hour = [{"property": "$hour", "op": "is", "value": str(plan.incident_hour)}]
    result = explained(scope, day, 1, failed, filters=hour, compare="same_weekdays", min_size=5)
    assert told(result)[0] == ("error_code", "PAY_GATEWAY_TIMEOUT")


def test_the_channels_whose_users_stay_less_are_named_first(scope, company):
    """On the day of the burst the new users come from 抖音, who stay less: composition, not conversion."""
    plan = company.scene.plan
    day = plan.date_of(plan.burst_day)
    stay = {"kind": "retention", "start": "first_visit", "return": "app_open"}
    result = explained(scope, day, 1, stay, compare="same_weekdays")
    channel = next(each for each in result["dimensions"] if each["property"] == "channel")
    assert channel["values"][0]["value"] == "抖音"
    assert channel["mix"] < 0 and abs(channel["mix"]) > abs(channel["rate"])
    new = {"kind": "trend", "series": [{"event": "first_visit", "measure": "users"}]}
    arrived = told(explained(scope, day, 1, new, compare="same_weekdays"))
    assert arrived[0] in {("channel", "抖音"), ("utm_medium", "feed"), ("utm_source", "douyin")}


def test_two_ordinary_weeks_tell_nothing(scope, company):
    plan = company.scene.plan
    calm = plan.date_of(plan.fix_day + 3)
    result = explained(scope, calm, 3, CHECKOUT, breakdown=["channel", "province", "device"])
    assert result["noise"]["within"] is True or all(each["chance"] for each in result["dimensions"])
