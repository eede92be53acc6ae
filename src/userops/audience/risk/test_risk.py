"""The page of churn risk, and the facts that it publishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import numpy as np
import pytest
from django.urls import reverse

from userops.analyses.answering import answer
from userops.audience.risk import actions
from userops.audience.risk.models import RiskState
from userops.audience.risk.refreshing import refresh_due, state_of
from userops.errors import Refused
from userops.events import facts
from userops.events.models import EventDefinition
from userops.events.records import Event
from userops.workspace.models import LogEntry

DAYS = 70


@pytest.fixture
def shop(store, product):
    """Nine hundred people with habits of their own; the rarer ones leave sooner."""
    generator = np.random.default_rng(4)
    today = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
    records = []
    for user in range(900):
        habit, here = generator.choice([0.2, 0.5, 0.9]), True
        for day in range(int(generator.integers(0, DAYS - 20)), DAYS):
            here = here and generator.random() > 0.09 * (1 - habit)
            if here and generator.random() < habit:
                at = int((today - timedelta(days=DAYS - day)).timestamp() * 1000) + user
                records.append(Event(event="open", distinct_id=f"u{user}", ts=at, uuid=uuid4()))
    store.ingest.submit(product.pk, "test", records)
    return product


def page(client, product):
    return client.get(reverse("audience:risk", args=[product.slug])).content.decode()


def test_everybody_who_is_not_lost_has_a_chance(store, shop, client, make_user):
    analyst = make_user("analyst", shop)
    client.force_login(analyst)
    assert page(client, shop)
    actions.set_settings(shop, "open", 7, acting_user=analyst)
    state = actions.refresh_now(store, shop, acting_user=analyst)
    chances = facts.read(store, shop, "$risk")
    bands = facts.read(store, shop, "$risk_band")
    assert state.found["reason"] is None and len(chances) == len(bands) == state.people > 100
    assert all(0 <= float(each) <= 1 for each in chances.values())
    counts = {each["band"]: each["users"] for each in state.found["bands"]}
    for band, count in counts.items():
        assert sum(value == band for value in bands.values()) == count
    text = page(client, shop)
    assert ">u" in text and "%" in text and text.count("<tr>") > 20
    # a fact is a property of users in every question
    high = {"property": "$risk", "of": "user", "op": "gte", "value": 0.5}
    asked = {"kind": "trend", "product": shop.slug, "range": {"last": 7}, "filters": [high],
             "series": [{"event": "open", "measure": "users"}]}  # fmt: skip
    wanted = sum(float(each) >= 0.5 for each in chances.values())
    assert answer(asked, store).result["series"][0]["total"] <= wanted
    assert LogEntry.objects.filter(product=shop, action="risk.refreshed").count() == 1


def test_ids_are_masked_for_those_who_may_not_see_them(store, shop, client, make_user):
    analyst = make_user("analyst", shop)
    actions.set_settings(shop, "open", 7, acting_user=analyst)
    actions.refresh_now(store, shop, acting_user=analyst)
    client.force_login(make_user("partner", shop))
    text = page(client, shop)
    assert "**" in text and "/users/" not in text.split("<main")[-1]


def test_too_little_is_told_and_leaves_no_facts(store, product, client, make_user):
    analyst = make_user("analyst", product)
    client.force_login(analyst)
    assert "$risk" not in facts.versions(product.pk)
    state = actions.refresh_now(store, product, acting_user=analyst)
    assert state.found["reason"] and facts.read(store, product, "$risk") == {}
    assert page(client, product)


def test_the_form_keeps_what_is_predicted_and_refuses_what_is_not_there(shop, client, make_user):
    client.force_login(make_user("analyst", shop))
    address = reverse("audience:risk-refresh", args=[shop.slug])
    assert client.post(address, {"event": "open", "window": "9"}).status_code == 302
    assert (state_of(shop).event, state_of(shop).window) == ("open", 9)
    client.post(address, {"event": "nothing", "window": "5"})
    client.post(address, {"event": "*", "window": "x"})
    assert (state_of(shop).event, state_of(shop).window) == ("open", 9)
    with pytest.raises(Refused):
        actions.set_settings(shop, "*", 0, acting_user=make_user("analyst", shop))


def test_it_is_predicted_anew_when_a_day_has_ended(store, shop, make_user):
    analyst = make_user("analyst", shop)
    assert refresh_due(store) == 0, "nobody has asked for it yet"
    actions.set_settings(shop, "open", 7, acting_user=analyst)
    state = actions.refresh_now(store, shop, acting_user=analyst)
    assert refresh_due(store) == 0, "yesterday is the newest whole day"
    RiskState.objects.update(as_of=state.as_of - timedelta(days=3))
    assert refresh_due(store) == 1
    assert state_of(shop).as_of == state.as_of


def test_events_are_called_by_their_display_names(store, shop, client, make_user):
    EventDefinition.objects.filter(product=shop, name="open").update(
        label_zh="打开应用", label_en="App opened"
    )
    client.force_login(make_user("analyst", shop))
    assert '<option value="open" >打开应用</option>' in page(client, shop)
