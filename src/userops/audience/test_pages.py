from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from userops.events.identity import person_of
from userops.events.models import EventDefinition, Merge
from userops.events.records import Event, Identify, ProfileChange


@pytest.fixture
def shop(store, product):
    start = datetime.now(UTC) - timedelta(days=3)
    events = [
        Event(
            event="buy",
            distinct_id="ann",
            ts=int((start + timedelta(minutes=n)).timestamp() * 1000),
            uuid=uuid4(),
            properties={"page": "/pay", "note": "<b>x</b>"},
        )
        for n in range(130)
    ]
    profile = ProfileChange(distinct_id="ann", operation="set", properties={"city": "上海"})
    link = Identify(distinct_id="ann", anonymous_id="dev-1")
    store.ingest.submit(product.pk, "native", [*events, profile, link])
    EventDefinition.objects.filter(product=product).update(label_zh="支付", label_en="Pay")
    return product


@pytest.fixture
def page(client, shop, make_user):
    client.force_login(make_user("lead", shop))
    return client


def address(name, shop, **more):
    return reverse(f"audience:{name}", kwargs={"product": shop.slug, **more})


def test_the_list_finds_by_id_and_property(page, shop):
    assert "ann" in page.get(address("users", shop)).content.decode()
    assert "ann" in page.get(address("users", shop), {"q": "dev"}).content.decode()
    found = page.get(address("users", shop), {"property": "city", "value": "上海"})
    assert "ann" in found.content.decode()
    for nobody in ({"q": "zzz"}, {"page": "9"}, {"page": "x"}, {"page": "9" * 40}):
        assert page.get(address("users", shop), nobody).status_code == 200


def test_one_user_with_older_events_on_demand(page, shop):
    uid = person_of(shop.pk, "ann")
    url = address("user", shop, uid=uid)
    answer = page.get(url)
    text = answer.content.decode()
    assert text.count('class="happening"') == 60 and "支付" in text
    assert "<b>x</b>" not in text and "上海" in text and 'class="days-grid year-grid"' in text
    older = page.get(url, {"before": answer.context["older"]}, headers={"HX-Request": "true"})
    assert older.content.decode().count('class="happening"') == 60
    assert "<html" not in older.content.decode()
    last = page.get(url, {"before": older.context["older"]}, headers={"HX-Request": "true"})
    assert last.content.decode().count('class="happening"') == 10
    assert "data-more" not in last.content.decode()
    assert page.get(url, {"before": "nonsense"}).status_code == 404
    assert page.get(url, {"year": "2019"}).status_code == 200


def test_a_merged_id_leads_to_its_person(page, shop):
    device = person_of(shop.pk, "ann") ^ 1
    assert page.get(address("user", shop, uid=device)).url == address("user", shop, uid=device ^ 1)
    assert page.get(address("user", shop, uid=99)).status_code == 404


def test_export_merge_unmerge_erase(page, shop, store):
    uid = person_of(shop.pk, "ann")
    file = page.post(address("export", shop, uid=uid))
    assert len(file.json()["events"]) == 130 and "attachment" in file["Content-Disposition"]
    event = Event(event="x", distinct_id="bob", ts=1, uuid=uuid4())
    store.ingest.submit(shop.pk, "native", [event])
    page.post(address("merge", shop, uid=uid), {"other": "bob"})
    assert person_of(shop.pk, "bob") == uid
    link = Merge.objects.get(product=shop, how="manual", undone=None)
    page.post(address("unmerge", shop, uid=uid, link=link.pk))
    assert person_of(shop.pk, "bob") != uid
    page.post(address("erase", shop, uid=uid), {"confirm": "wrong"})
    assert person_of(shop.pk, "ann") == uid
    assert page.post(address("erase", shop, uid=uid), {"confirm": "ann"}).url == address(
        "users", shop
    )
    assert person_of(shop.pk, "ann") is None


def test_buttons_follow_the_role(client, shop, make_user):
    client.force_login(make_user("operator", shop))
    text = client.get(address("user", shop, uid=person_of(shop.pk, "ann"))).content.decode()
    for name in ("export", "erase", "merge"):
        assert address(name, shop, uid=person_of(shop.pk, "ann")) not in text
