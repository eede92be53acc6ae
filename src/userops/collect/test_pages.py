from __future__ import annotations

import json

import pytest
from django.urls import reverse

from userops.events.models import EventDefinition, ImportRun, PropertyDefinition, QuarantinedRow
from userops.events.records import Event, ProfileChange, Refusal
from userops.workspace.models import Membership, User
from userops.workspace.roles import Role


@pytest.fixture
def log_in(client, product):
    def as_(role: Role):
        user = User.objects.create_user(f"{role}@example.com", "x", name=role)
        Membership.objects.create(user=user, product=product, role=role)
        client.force_login(user)
        return client

    return as_


@pytest.fixture
def arrived(store, product):
    from uuid import uuid4

    event = Event(
        event="pay", distinct_id="u1", ts=1_780_000_000_000, uuid=uuid4(), properties={"sku": "a"}
    )
    refusal = Refusal(code="time_invalid", detail="x", raw='{"event":"pay","user":"u1","time":"x"}')
    store.ingest.submit(product.pk, "native", [event], [refusal])


def page(client, name, product, **more):
    return client.get(reverse(f"collect:{name}", kwargs={"product": product.slug, **more}))


@pytest.mark.parametrize(
    "name", ["sources", "live", "catalogue", "quarantine", "imports", "quality"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_show_without_and_with_data(log_in, product, store, name, language):
    client = log_in(Role.OPERATOR)
    client.cookies["language"] = language
    assert page(client, name, product).status_code == 200


def test_sources_fill_address_and_key_into_the_snippets(log_in, product, arrived):
    key = product.write_keys.create(name="app")
    text = page(log_in(Role.LEAD), "sources", product).content.decode()
    assert key.key in text
    assert "http://testserver/v1/events" in text


def test_a_key_is_made_and_revoked(log_in, product, store):
    client = log_in(Role.LEAD)
    client.post(reverse("collect:create-key", args=[product.slug]), {"name": "iOS"})
    key = product.write_keys.get(name="iOS")
    client.post(reverse("collect:revoke-key", args=[product.slug, key.pk]))
    key.refresh_from_db()
    assert key.revoked is not None


def test_live_shows_what_arrived_and_what_was_refused(log_in, product, arrived):
    text = page(log_in(Role.OPERATOR), "live", product).content.decode()
    assert "<strong>pay</strong>" in text
    assert "无法识别的时间" in text


def test_a_new_event_is_named(log_in, product, arrived):
    client = log_in(Role.OPERATOR)
    entry = EventDefinition.objects.get(product=product, name="pay")
    assert not entry.reviewed
    url = reverse("collect:catalogue-event", args=[product.slug, entry.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"label_zh": "支付", "label_en": "Pay", "description": "d", "owner": "o"})
    entry.refresh_from_db()
    assert (entry.label_zh, entry.reviewed, entry.hidden) == ("支付", True, False)


def test_a_reader_may_not_name_events(log_in, product, arrived):
    client = log_in(Role.LEADERSHIP)
    entry = EventDefinition.objects.get(product=product, name="pay")
    client.post(
        reverse("collect:catalogue-event", args=[product.slug, entry.pk]), {"label_zh": "x"}
    )
    entry.refresh_from_db()
    assert entry.label_zh == ""


def test_a_property_shows_its_use(log_in, product, arrived):
    entry = product.property_definitions.get(name="sku")
    url = reverse("collect:catalogue-property", args=[product.slug, entry.pk])
    assert "<code>a</code>" in log_in(Role.OPERATOR).get(url).content.decode()


def test_a_quarantined_row_is_mended_on_its_page(log_in, product, arrived):
    client = log_in(Role.OPERATOR)
    row = QuarantinedRow.objects.get(product=product)
    raw = json.dumps({"event": "pay", "user": "u1", "time": 1_780_000_000_000})
    url = reverse("collect:quarantine-replay", args=[product.slug])
    client.post(url, {"row": row.pk, "raw": raw})
    row.refresh_from_db()
    assert row.replayed is not None


def test_quarantine_is_exported_by_those_who_may(log_in, product, arrived):
    url = reverse("collect:quarantine-export", args=[product.slug])
    assert log_in(Role.OPERATOR).get(url).status_code == 403
    response = log_in(Role.ANALYST).get(url)
    assert b"time_invalid" in b"".join(response.streaming_content)


@pytest.mark.parametrize(("role", "shown"), [(Role.PARTNER, False), (Role.OPERATOR, True)])
def test_values_of_users_are_for_those_who_may_see_users(log_in, product, store, role, shown):
    change = ProfileChange(distinct_id="u1", operation="set", properties={"phone": "13800138000"})
    store.ingest.submit(product.pk, "native", [change])
    entry = PropertyDefinition.objects.get(product=product, of="user", name="phone")
    answer = page(log_in(role), "catalogue-property", product, entry=entry.pk)
    assert answer.status_code == 200
    assert ("13800138000" in answer.content.decode()) is shown


def test_a_running_import_is_not_removed(log_in, product, store):
    run = ImportRun.objects.create(product=product, file_name="a.csv", state="running")
    address = reverse("collect:import-remove", kwargs={"product": product.slug, "run": run.pk})
    assert log_in(Role.ADMIN).post(address).status_code == 400
    assert ImportRun.objects.filter(pk=run.pk).exists()


def test_odd_digits_are_no_numbers(log_in, product, arrived):
    address = reverse("collect:quarantine-replay", kwargs={"product": product.slug})
    assert log_in(Role.OPERATOR).post(address, {"row": "²"}).status_code == 302
