"""Persona sets: run, matched to the cards that are there, published, renamed; who moved; who may."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from userops.analyses.answering import answer
from userops.audience.personas import actions, charts, refreshing, showing, tasks
from userops.audience.personas.advising import advice
from userops.audience.personas.models import Card, PersonaSet
from userops.errors import NotAllowed, Refused
from userops.events import facts
from userops.events.records import Event
from userops.insights.models import SavedAnalysis
from userops.words import Words
from userops.workspace.models import LogEntry

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
DOCUMENT = {"range": {"from": "2026-06-01", "to": "2026-06-20"}}
LATER = {"range": {"from": "2026-06-11", "to": "2026-06-30"}}


def events(persons: int = 120) -> list[Any]:
    """Half in the morning for tea, half at night for toys, over thirty days; ten of them change sides after
    two weeks; every tenth comes once."""
    chance = random.Random(3)
    rows = []
    for number in range(persons):
        days = [chance.randrange(30)] if number % 10 == 9 else range(0, 30, 2)
        for day in days:
            night = (number % 2 == 1) != (number < 10 and day >= 14)
            hour = (21 + chance.randrange(3)) if night else (8 + chance.randrange(3))
            at = BEGIN + timedelta(days=day, hours=hour - 8)
            kind = chance.choice(("toys", "toys", "books") if night else ("tea", "tea", "cups"))
            rows.append(
                Event(
                    event="view", distinct_id=f"u{number:03}", ts=int(at.timestamp() * 1000),
                    uuid=uuid4(), properties={"kind": kind},
                )
            )  # fmt: skip
    return rows


@pytest.fixture
def shop(store: Any, product: Any) -> Any:
    store.ingest.submit(product.pk, "native", events())
    return product


@pytest.fixture
def lead(make_user: Any, shop: Any) -> Any:
    return make_user("lead", shop)


@pytest.fixture
def ran(store: Any, shop: Any, lead: Any) -> PersonaSet:
    made = actions.create_set(shop, name="我们的用户", document=DOCUMENT, acting_user=lead)
    return actions.run_set(store, made, acting_user=lead)


def asked(store: Any, shop: Any, card: Card) -> float:
    question = {
        "kind": "trend", "product": shop.slug, "filters": [card.filter], **DOCUMENT,
        "series": [{"event": "*", "measure": "users"}],
    }  # fmt: skip
    found: float = answer(question, store).result["series"][0]["total"]
    return found


def test_a_run_makes_cards_and_a_property_of_users(store, shop, lead, ran):
    cards = list(ran.cards.all())
    assert [card.light for card in cards] == [False, False, True] and ran.problem is None
    assert {part for card in cards[:2] for part in card.name.split(" · ")} >= {
        "深夜活跃",
        "上午活跃",
    }
    for card in cards:
        assert asked(store, shop, card) == card.users
    values = facts.read(store, shop, ran.fact)
    assert sorted(set(values.values())) == sorted(card.name for card in cards if card.users)
    assert ran.newest().moves == []
    actions_ = list(LogEntry.objects.values_list("action", flat=True))
    assert "persona_set.created" in actions_ and "persona_set.run" in actions_


def test_run_again_matches_groups_to_cards_and_tells_who_moved(store, shop, lead, ran):
    before = {card.pk: (card.name, card.users) for card in ran.cards.all()}
    card = ran.cards.first()
    actions.change_card(store, card, {"name": "早起的人", "needs": "便宜的茶"}, acting_user=lead)
    ran.document = {**ran.document, **LATER}
    ran.save()
    actions.run_set(store, ran, acting_user=lead)
    assert {each.pk for each in ran.cards.all()} == set(before)
    kept = Card.objects.get(pk=card.pk)
    assert (kept.name, kept.needs) == ("早起的人", "便宜的茶")
    run = ran.newest()
    moved = showing.moved(run)
    assert moved["changed"] >= 8 and moved["stayed"] > 80
    assert sum(users for _was, now, users in run.moves if now) == run.figures["users"]
    option = charts.movement(run.moves)
    assert sum(link["value"] for link in option["series"][0]["links"]) == sum(moved.values())


def test_cards_are_called_in_both_languages(store, shop, lead, ran, client):
    card = ran.cards.first()
    assert card.name == card.words.zh != card.words.en, "suggested in both"
    changed = {"name_en": "Tea people"}
    actions.change_card(store, card, changed, acting_user=lead)
    assert (card.name, card.words) == (card.words.zh, Words(card.name, "Tea people"))
    question = {
        "kind": "trend", "product": shop.slug, "unit": "month", "range": DOCUMENT["range"],
        "series": [{"event": "*", "measure": "users"}],
        "breakdown": [{"property": ran.fact, "of": "user"}],
        "filters": [card.filter],
    }  # fmt: skip
    found = answer(question, store)
    assert found.chart("en")["series"][0]["name"] == "Tea people"
    assert found.chart("zh")["series"][0]["name"] == card.name
    assert "Tea people" in found.definition.en and card.name in found.definition.zh
    (column,) = [each for each in found.table().columns if ran.fact in each.name]
    assert column.shown(card.name, "en") == "Tea people"
    client.force_login(lead)
    client.cookies["language"] = "en"
    lead.language = "en"
    lead.save()
    page = client.get(f"/p/{shop.slug}/personas/{ran.pk}").content.decode()
    assert "Tea people" in page and card.name not in page
    other = ran.cards.all()[1]
    with pytest.raises(Refused):
        actions.change_card(store, other, changed, acting_user=lead)


def test_a_new_name_reaches_filters_and_saved_analyses(store, shop, lead, ran):
    card = ran.cards.first()
    users = card.users
    question = {
        "kind": "trend", "product": shop.slug, "filters": [card.filter],
        "series": [{"event": "*", "filters": [{"not": {**card.filter, "value": [card.name, "x"]}}]}],
    }  # fmt: skip
    saved = SavedAnalysis.objects.create(
        product=shop, owner=lead, name="a", kind="trend", document=question
    )
    actions.change_card(store, card, {"name": "茶客"}, acting_user=lead)
    assert asked(store, shop, card) == users
    saved.refresh_from_db()
    assert saved.document["filters"][0]["value"] == "茶客"
    assert saved.document["series"][0]["filters"][0]["not"]["value"] == ["茶客", "x"]


def test_no_structure_keeps_what_was_there(store, shop, lead, ran):
    names = [card.name for card in ran.cards.all()]
    ran.document = {**ran.document, "range": {"from": "2026-06-01", "to": "2026-06-02"}}
    ran.save()
    actions.run_set(store, ran, acting_user=lead)
    assert "不足 60 人" in ran.problem_words.zh
    assert [card.name for card in ran.cards.all()] == names
    assert ran.runs.count() == 1 and facts.read(store, shop, ran.fact)


def test_what_is_refused(store, shop, lead, ran, make_user):
    for wrong in ({"name": ""}, {"name": "x" * 101}, {"name": "我们的用户"}):
        with pytest.raises(Refused):
            actions.create_set(shop, **wrong, acting_user=lead)
    with pytest.raises(Refused):
        actions.create_set(shop, name="b", schedule="hour", acting_user=lead)
    with pytest.raises(Refused):
        actions.create_set(shop, name="b", document={"kind": "needs"}, acting_user=lead)
    first, second = ran.cards.all()[:2]
    with pytest.raises(Refused) as taken:
        actions.change_card(store, first, {"name": second.name}, acting_user=lead)
    assert taken.value.code == "name_taken"
    with pytest.raises(NotAllowed):
        actions.run_set(store, ran, acting_user=make_user("leadership", shop))


def test_a_scheduled_run_happens_once_and_shows_who_moved(
    store, shop, lead, ran, client, monkeypatch
):
    actions.set_schedule(ran, "week", acting_user=lead)
    PersonaSet.objects.update(document={"kind": "personas", **LATER})
    tasks.refresh_personas.call_local()
    assert ran.runs.count() == 1  # this week's was made
    PersonaSet.objects.update(refreshed=datetime.now(UTC) - timedelta(days=8))
    for _twice in range(2):
        tasks.refresh_personas.call_local()
    assert ran.runs.count() == 2 and ran.newest().asked_by == ""
    changed = [users for was, now, users in ran.newest().moves if was and now and was != now]
    assert 5 <= sum(changed) <= 12  # ten were planted
    client.force_login(lead)
    page = client.get(reverse("audience:persona-set", args=[shop.slug, ran.pk])).content.decode()
    assert 'id="persona-moves"' in page and ('value="week" selected' in page)


def test_representatives_are_of_the_card_spread_and_masked(store, shop, ran, client, make_user):
    card = ran.cards.first()
    found = showing.representatives(store, card)
    members = {
        person for person, name in facts.read(store, shop, ran.fact).items() if name == card.name
    }
    assert len(found) == showing.REPRESENTATIVES and {each[0] for each in found} <= members
    assert found == showing.representatives(store, card)
    client.force_login(make_user("leadership", shop))
    part = client.get(reverse("audience:persona-part", args=[shop.slug, ran.pk, card.pk, "people"]))
    assert part.content.decode().count("…") == showing.REPRESENTATIVES
    assert not re.search(r"u\d{3}", part.content.decode())


def test_schedules(ran):
    """On the product's own Monday and first of the month: in Shanghai they begin at 16:00 of Greenwich's day before."""
    ran.product.timezone = "Asia/Shanghai"
    ran.refreshed, ran.asked = datetime(2026, 6, 10, 3, tzinfo=UTC), None

    def due(month: int, day: int, hour: int) -> bool:
        return refreshing.due(ran, datetime(2026, month, day, hour, tzinfo=UTC))

    ran.schedule = "week"
    assert not due(6, 14, 15) and due(6, 14, 16)
    ran.schedule = "month"
    assert not due(6, 30, 15) and due(6, 30, 16)
    ran.refreshed = datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert not due(7, 30, 15) and due(7, 31, 16)
    ran.schedule = ""
    assert not due(12, 31, 23)
    ran.asked = datetime(2026, 6, 10, 4, tzinfo=UTC)
    assert due(6, 10, 0)


def test_deleting_takes_the_property_away(store, shop, lead, ran):
    fact = ran.fact
    actions.delete_set(store, ran, acting_user=lead)
    assert fact not in facts.versions(shop.pk) and not Card.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages(client, store, shop, lead, ran, language):
    client.force_login(lead)
    client.cookies["language"] = language
    base = f"/p/{shop.slug}/personas"
    card = ran.cards.first()
    for path in ("", f"/{ran.pk}", f"/{ran.pk}/compare", f"/{ran.pk}/cards/{card.pk}"):
        page = client.get(base + path)
        assert page.status_code == 200
        assert card.words.text(language) in page.content.decode()
    for part in ("needs", "funnel", "retention", "paths", "profile", "satisfaction", "feedback"):
        page = client.get(f"{base}/{ran.pk}/cards/{card.pk}/{part}")
        assert page.status_code == 200, part
    assert client.get(f"{base}/{ran.pk}/cards/{card.pk}/odd").status_code == 404
    assert client.get(f"{base}/99/cards/1").status_code == 404
    answered = client.post(
        f"{base}/{ran.pk}/cards/{card.pk}/edit", {"name": "茶客", "action": "多进茶"}
    )
    assert answered.status_code == 302 and ran.cards.get(pk=card.pk).action == "多进茶"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_sums_are_told_in_the_currency_of_the_product(client, shop, lead, ran, language):
    shop.currency = "GBP"
    shop.save()
    card = ran.cards.first()
    card.group |= {"value_per_user": 12.5, "value_share": 0.5}
    card.save()
    client.force_login(lead)
    client.cookies["language"] = language
    for path in ("", "/compare", f"/cards/{card.pk}"):
        assert "£12.50" in client.get(f"/p/{shop.slug}/personas/{ran.pk}{path}").content.decode()


def test_averages_per_person_are_equally_wide(client, shop, lead, ran):
    card = ran.cards.first()
    card.group |= {"active_days": 9.0}
    card.save()
    client.force_login(lead)
    for path in ("", "/compare", f"/cards/{card.pk}"):
        assert ">9.0<" in client.get(f"/p/{shop.slug}/personas/{ran.pk}{path}").content.decode()


def test_the_list_teaches_when_empty(client, shop, lead):
    client.force_login(lead)
    page = client.get(f"/p/{shop.slug}/personas").content.decode()
    assert "生成画像" in page or "Find personas" in page


def test_representatives_are_masked(store, ran):
    rows = showing.representatives(store, ran.cards.first())
    assert rows and all("…" in name and "u0" not in name[1:] for _uid, name, _n, _at in rows)
    assert showing.masked("ab") == "…" and showing.masked("sg100082") == "sg…82"


def test_advice_has_its_reasons():
    traits = [
        {"feature": "hours", "value": "night", "group": 0.5, "rest": 0.1, "telling": True, "difference": 0.4,
         "lift": 5.0, "lift_interval": [4.0, 6.0]},
        {"feature": "taste", "value": "茶", "group": 0.5, "rest": 0.1, "telling": True, "difference": 0.4,
         "lift": 5.0, "lift_interval": [4.0, 6.0]},
        {"feature": "price", "value": "1", "group": 0.5, "rest": 0.1, "telling": True, "difference": 0.4,
         "lift": 5.0, "lift_interval": None},
    ]  # fmt: skip
    needs = [
        {"kind": "search", "name": "茶杯", "more": None, "users": 12, "share": 0.1, "rest": 0.01,
         "telling": True, "difference": 0.09},
        {"kind": "failure", "name": "f", "more": "x", "users": 3, "share": 0.1, "rest": 0.1,
         "telling": False, "difference": 0.0},
    ]  # fmt: skip
    told = [each.zh for each in advice({"traits": traits}, needs)]
    assert len(told) == 4 and "茶杯" in told[0] and "12 人" in told[0]
    assert any("深夜" in each and "50%" in each for each in told) and any(
        "4.0 倍" in each for each in told
    )
    assert "首次体验" in advice({}, [], light=True)[0].zh
