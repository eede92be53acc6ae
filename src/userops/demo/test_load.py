from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from userops.demo import load
from userops.demo.load import FILE_NAME, load_demo
from userops.demo.plan import make_plan
from userops.errors import Refused
from userops.events.batches import IMPORTS
from userops.events.models import EventDefinition, ImportRun, Merge, PropertyDefinition
from userops.events.persons import person_sql
from userops.events.store import Store


def silent(*_):
    pass


@pytest.fixture
def folder_store(store, engine, tmp_path):
    """The shared engine with a data folder of this test's own."""
    return Store(dataclasses.replace(store.config, data=tmp_path), engine=engine)


@pytest.fixture
def demo_product(make_product):
    return make_product(slug="demo", timezone="Asia/Shanghai")


def count(store, product, what="count()"):
    sql = f"select {what} from events where product = {{product:UInt32}}"
    return store.engine.value(sql, {"product": product.pk})


def taken(store, product):
    sql = "select uniqExact(id) from taken where product = {product:UInt32} and batch >= {first:UInt64}"
    return store.engine.value(sql, {"product": product.pk, "first": IMPORTS})


def test_the_store_holds_what_the_truth_says(folder_store, demo_product, tmp_path):
    loaded = load_demo(folder_store, 3, 6_000, silent)
    truth = json.loads((tmp_path / "demo-truth.json").read_text())
    assert loaded.fresh
    counts = truth["counts"]
    assert count(folder_store, demo_product) == counts["events"] + counts["sign_ups_before"]
    person, moved = person_sql(folder_store.engine, demo_product.pk, merged=True)
    sql = f"select uniq({person}) from events where product = {{product:UInt32}}"
    values = {"product": demo_product.pk, **moved}
    assert folder_store.engine.value(sql, values) == truth["counts"]["people"]
    by_event = folder_store.engine.rows(
        "select event, count() from events where product = {product:UInt32}"
        " and toDate(ts, 'Asia/Shanghai') >= {first:Date} group by event",
        {"product": demo_product.pk, "first": truth["window"]["from"]},
    )
    assert dict(by_event) == truth["counts"]["by_event"]
    run = ImportRun.objects.get(product=demo_product)
    assert (run.state, run.file_name, run.stored) == (
        "done",
        FILE_NAME,
        count(folder_store, demo_product),
    )
    assert Merge.objects.filter(product=demo_product).count() == truth["counts"]["merged_people"]
    search = EventDefinition.objects.get(product=demo_product, name="search")
    assert (search.label_zh, search.label_en, search.reviewed) == ("搜索", "Search", True)
    price = PropertyDefinition.objects.get(product=demo_product, of="event", name="price")
    level = PropertyDefinition.objects.get(product=demo_product, of="user", name="member_level")
    city = PropertyDefinition.objects.get(product=demo_product, of="event", name="city")
    assert (price.label_zh, price.type, level.label_en) == ("商品单价", "number", "Member level")
    assert (city.label_zh, city.label_en) == ("城市", "City")
    assert run.report.report["stored"] == run.stored
    seen = dict(run.report.report["events"])
    assert seen["pay_success"] == counts["by_event"]["pay_success"]


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-27T15:59:59", "2026-11-26"),
        ("2026-11-27T16:00:00", "2026-11-27"),
        ("2026-11-27T23:59:59", "2026-11-27"),
        ("2026-11-28T00:00:00", "2026-11-27"),
    ],
)
def test_the_data_end_with_the_last_whole_day_in_china(now, end, monkeypatch, tmp_path):
    """After midnight there and before midnight UTC too: else yesterday would look like a fall."""
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    monkeypatch.setattr(load, "datetime", Clock)
    order = load._settle(tmp_path, None, None)
    assert order.end == end
    over = datetime.fromtimestamp(
        make_plan(date.fromisoformat(order.end), order.days).end_ms / 1000, UTC
    )
    assert timedelta() <= moment - over < timedelta(days=1)


def test_a_second_start_reuses_the_data_and_refuses_another_company(folder_store, demo_product):
    load_demo(folder_store, 3, 6_000, silent)
    before = count(folder_store, demo_product)
    again = load_demo(folder_store, None, None, silent)
    assert not again.fresh
    assert (again.order.seed, again.order.events) == (3, 6_000)
    with pytest.raises(Refused, match="seed 3"):
        load_demo(folder_store, 4, None, silent)
    assert count(folder_store, demo_product) == before


def test_a_product_with_other_data_is_left_alone(folder_store, demo_product):
    ImportRun.objects.create(product=demo_product, file_name="orders.csv", file_path="")
    with pytest.raises(Refused, match="not the demo company"):
        load_demo(folder_store, 3, 6_000, silent)
    assert count(folder_store, demo_product) == 0


@pytest.mark.parametrize("where", ["_write_people", "write_json"])
def test_a_crash_half_way_starts_over(where, folder_store, demo_product, engine, monkeypatch):
    real = getattr(load, where)

    def crash(*arguments):
        if where == "write_json" and arguments[0].name == "demo.json":
            return real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(load, where, crash)
    with pytest.raises(KeyboardInterrupt):
        load_demo(folder_store, 3, 6_000, silent)
    monkeypatch.undo()
    assert ImportRun.objects.get(product=demo_product).state == "failed"
    store = Store(folder_store.config, engine=engine)
    assert count(store, demo_product) == 0
    loaded = load_demo(store, None, None, silent)
    truth = json.loads((store.config.data / "demo-truth.json").read_text())
    assert loaded.fresh
    assert taken(store, demo_product) == count(store, demo_product)
    counts = truth["counts"]
    assert count(store, demo_product) == counts["events"] + counts["sign_ups_before"]
    assert ImportRun.objects.filter(product=demo_product).count() == 1
