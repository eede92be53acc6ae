from __future__ import annotations

import csv
import io
import json

from userops.events import quarantine
from userops.events.models import QuarantinedRow
from userops.events.records import Refusal


def put(store, product, code, raw):
    store.ingest.submit(product.pk, "native", [], [Refusal(code=code, detail="why", raw=raw)])
    return QuarantinedRow.objects.latest("pk")


def test_a_mended_row_is_taken_and_a_bad_one_stays(store, product):
    good = put(store, product, "time_invalid", json.dumps({"event": "e", "user": "u", "time": "x"}))
    bad = put(store, product, "event_missing", json.dumps({"user": "u"}))
    good.raw = json.dumps({"event": "e", "user": "u", "time": 1_780_000_000_000})
    good.save()
    outcome = quarantine.replay(store.ingest, product, [good, bad])
    assert (outcome.taken, outcome.stored, sum(outcome.refused.values())) == (1, 1, 1)
    assert [row.pk for row in quarantine.waiting(product)] == [bad.pk]
    sql = "select count() from events where product = {product:UInt32}"
    assert store.engine.value(sql, {"product": product.pk}) == 1


def test_replaying_twice_stores_once(store, product):
    raw = json.dumps({"event": "e", "user": "u", "time": 1_780_000_000_000})
    rows = [put(store, product, "time_invalid", raw) for _ in range(2)]
    quarantine.replay(store.ingest, product, rows)
    sql = "select count() from events where product = {product:UInt32}"
    assert store.engine.value(sql, {"product": product.pk}) == 1


def test_groups_count_reasons(store, product):
    for _ in range(3):
        put(store, product, "user_missing", "{}")
    put(store, product, "time_invalid", "{}")
    assert [(each.code, each.rows) for each in quarantine.groups(product)] == [
        ("user_missing", 3),
        ("time_invalid", 1),
    ]


def test_export_neutralises_formulas(store, product):
    put(store, product, "json_invalid", "=cmd|' /C calc'!A0")
    text = "".join(quarantine.export_csv(quarantine.waiting(product)))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["raw"] == "'=cmd|' /C calc'!A0"
