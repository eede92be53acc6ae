"""The pages of tags answer, and do what they offer."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from userops.audience.tags.models import Tag
from userops.events import facts
from userops.events.identity import person_of
from userops.events.records import Event


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    rows = [
        Event(
            event="view",
            distinct_id=name,
            ts=1_750_000_000_000,
            uuid=uuid4(),
            properties={"amount": 5},
        )
        for name in "abc"
    ]
    store.ingest.submit(product.pk, "native", rows)
    return product


@pytest.fixture
def page(client: Any, shop: Any, make_user: Any) -> Any:
    client.force_login(make_user("lead", shop))
    return client


def address(name: str, shop: Any, **more: Any) -> str:
    return reverse(f"audience:{name}", kwargs={"product": shop.slug, **more})


def made(page: Any, shop: Any, kind: str, **fields: Any) -> Tag:
    answer = page.post(address("tag-new", shop), {"kind": kind, "name": kind, **fields})
    assert answer.status_code == 302, answer.content.decode()
    tag = Tag.objects.get(product=shop, name=kind)
    assert page.get(address("tag", shop, pk=tag.pk)).status_code == 200
    assert page.get(address("tag-edit", shop, pk=tag.pk)).status_code == 200
    return tag


@pytest.mark.parametrize("kind", ["manual", "rule", "computed", "imported"])
def test_every_form_is_shown(page, shop, kind):
    assert page.get(address("tags", shop)).status_code == 200
    assert page.get(address("tag-new", shop), {"kind": kind}).status_code == 200
    assert page.post(address("tag-new", shop), {"kind": kind}).status_code == 200
    assert page.get(address("tag-new", shop), {"kind": "magic"}).status_code == 404


def test_by_hand_from_a_persons_page(page, shop, store):
    tag, uid = made(page, shop, "manual", values="金\n银"), person_of(shop.pk, "a")
    where = address("user-tags", shop, uid=uid)
    page.post(where, {"choice": f"{tag.pk}:金", "do": "put"})
    assert facts.read(store, shop, tag.fact) == {uid: "金"}
    assert "manual · 金" in page.get(address("user", shop, uid=uid)).content.decode()
    assert "金" in page.get(address("tag-people", shop, pk=tag.pk)).content.decode()
    page.post(where, {"choice": str(tag.pk), "do": "take"})
    assert facts.read(store, shop, tag.fact) == {}
    assert page.post(where, {"choice": "x"}).status_code == 404


def test_many_at_once(page, shop, store):
    tag = made(page, shop, "manual")
    about = facts.About("$segment/1", "segment", tag_words())
    facts.write(store, shop, about, [person_of(shop.pk, "a"), person_of(shop.pk, "b")])
    many = address("tag-many", shop, pk=tag.pk)
    page.post(many, {"segment": "$segment/1", "do": "put"})
    assert len(facts.read(store, shop, tag.fact)) == 2
    page.post(many, {"ids": "a\nnobody\n", "do": "take"})
    assert len(facts.read(store, shop, tag.fact)) == 1
    page.post(many, {"segment": "$segment/9", "do": "put"})
    assert page.get(address("users", shop), {"q": "c"}).status_code == 200
    page.post(address("users-tag", shop), {"choice": str(tag.pk), "uid": [person_of(shop.pk, "c")]})
    assert len(facts.read(store, shop, tag.fact)) == 2


def tag_words() -> Any:
    from userops.words import Words

    return Words("分群", "Segment")


def test_computed_rules_and_files(page, shop, store):
    person = person_of(shop.pk, "a")
    rules = [{"value": "来过", "segment": {"where": {"who": "did", "event": "view"}}}]
    rule = made(page, shop, "rule", document=json.dumps(rules))
    assert facts.read(store, shop, rule.fact)[person] == "来过"
    assert (
        page.post(
            address("tag-new", shop), {"kind": "rule", "name": "y", "document": "{"}
        ).status_code
        == 200
    )
    computed = made(page, shop, "computed", figure="$amount", by="cuts", cuts="1，10")
    page.post(address("tag-change", shop, pk=computed.pk), {"do": "refresh"})
    imported = made(page, shop, "imported")
    file = SimpleUploadedFile("t.csv", b"id,value\na,1\nz,2\n")
    page.post(address("tag-import", shop, pk=imported.pk), {"file": file, "new_values": "on"})
    assert facts.read(store, shop, imported.fact) == {person: "1"}
    shown = page.get(address("tag", shop, pk=imported.pk)).content.decode()
    assert "t.csv" in shown
    page.post(address("tag-import", shop, pk=imported.pk))
    page.post(address("tag-change", shop, pk=imported.pk), {"do": "delete"})
    assert not Tag.objects.filter(pk=imported.pk).exists()
