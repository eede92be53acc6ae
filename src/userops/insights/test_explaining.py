"""The pages that explain a number of another page: where it moved, and what sets its people apart."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from userops.events.models import EventDefinition, PropertyDefinition
from userops.events.records import Event


@pytest.fixture
def moved(store: Any, product: Any) -> Any:
    """Payments of two weeks, of one person each; in 北京 they double in the second week."""
    today = datetime.now(ZoneInfo(product.timezone)).replace(
        hour=12, minute=0, second=0, microsecond=0
    )
    records: list[Any] = []
    for day in range(1, 15):
        at = int((today - timedelta(days=day)).timestamp() * 1000)
        for place in range(60 if day <= 7 else 40):
            city = "上海" if place < 20 else "北京"
            person = f"d{day}-{place}"
            more = {"city": city, "amount": 5.0}
            names = ("open", "pay") if place % 2 or city == "北京" else ("open",)
            records += [
                Event(event=name, distinct_id=person, ts=at + place, uuid=uuid4(), properties=more)
                for name in names
            ]
    store.ingest.submit(product.pk, "test", records)
    PropertyDefinition.objects.filter(product=product, name="city").update(label_zh="所在城市")
    return product


PAY = "series.0.event=pay&range.last=7"


def url(name: str, product: Any) -> str:
    return reverse(f"insights:{name}", kwargs={"product": product.slug})


def answer(client: Any, path: str) -> str:
    response = client.get(path, headers={"HX-Request": "true", "HX-Target": "result"})
    assert response.status_code == 200
    return response.content.decode()


def link(page: str, kind: str) -> str:
    found = re.search(rf'href="([^"]*/insights/{kind}\?[^"]*)"', page)
    assert found, kind
    return unescape(found[1])


def test_an_answer_leads_to_where_it_moved(moved: Any, as_role: Any) -> None:
    client = as_role("analyst", moved)
    path = link(answer(client, f"{url('trend', moved)}?{PAY}"), "change")
    page = answer(client, path)
    assert "位置：" in page and "北京" in page
    EventDefinition.objects.filter(product=moved, name="pay").update(label_zh="支付")
    whole = client.get(path).content.decode()
    assert "“支付”的总次数" in whole and '<option value="A" selected>支付</option>' in whole
    assert 'name="question~"' in whole and 'name="figure"' in whole
    assert "/insights/trend?" in whole
    file = client.get(f"{url_of_file('change', moved)}?{urlsplit(path).query}")
    assert file.status_code == 200 and "其他" not in file.content.decode().splitlines()[0]


def url_of_file(kind: str, product: Any) -> str:
    return reverse(f"insights:{kind}_file", kwargs={"product": product.slug, "extension": "csv"})


def test_a_comparison_goes_along(moved: Any, as_role: Any) -> None:
    client = as_role("analyst", moved)
    path = link(
        answer(client, f"{url('trend', moved)}?{PAY}&compare=same_period_last_year"), "change"
    )
    assert dict(parse_qsl(urlsplit(path).query))["compare"] == "same_period_last_year"


def test_medians_offer_no_way_to_what_cannot_be_answered(moved: Any, as_role: Any) -> None:
    page = answer(
        as_role("analyst", moved),
        f"{url('trend', moved)}?{PAY}&series.0.measure=median&series.0.property=amount",
    )
    assert "/insights/change" not in page


def test_people_lead_to_what_sets_them_apart(moved: Any, as_role: Any) -> None:
    client = as_role("analyst", moved)
    who = json.dumps({"series": 0, "breakdown": {"city": "北京"}})
    question = f"{PAY}&breakdown.0.pick=event:city"
    people = client.get(f"{url('trend_people', moved)}?{question}&{urlencode({'who': who})}")
    path = link(people.content.decode(), "traits")
    assert '"北京"' in dict(parse_qsl(urlsplit(path).query))["selection"]
    page = answer(client, path)
    assert "特征" in page
    shown = client.get(path).content.decode()
    assert 'name="selection~"' in shown


def test_numbers_of_both_have_people(moved: Any, as_role: Any) -> None:
    client = as_role("analyst", moved)
    change = link(answer(client, f"{url('trend', moved)}?{PAY}"), "change")
    traits = link(
        client.get(
            f"{url('trend_people', moved)}?{PAY}&{urlencode({'who': json.dumps({'series': 0})})}"
        ).content.decode(),
        "traits",
    )
    for kind, path in (("change", change), ("traits", traits)):
        page = answer(client, path)
        asked = [unescape(each) for each in re.findall(r'name="who" value="([^"]+)"', page)]
        assert asked, kind
        query = urlsplit(path).query
        found = client.get(
            f"{url(f'{kind}_people', moved)}?{query}&{urlencode({'who': asked[-1]})}"
        )
        assert found.status_code == 200 and ">d" in found.content.decode()
        assert 'name="who"' not in answer(as_role("partner", moved), path)
        client = as_role("analyst", moved)


def test_a_fresh_page_of_changes_begins_with_a_question(moved: Any, as_role: Any) -> None:
    page = answer(as_role("analyst", moved), url("change", moved))
    assert "data-error-state" not in page
    assert '<ul class="answer-notes">' in page


def test_a_fresh_page_of_traits_says_where_to_begin(moved: Any, as_role: Any) -> None:
    page = answer(as_role("analyst", moved), url("traits", moved))
    assert "data-error-state" not in page
    assert "从一个数字背后的人开始" in page and '<ul class="answer-notes">' not in page


def test_changes_of_the_overview_lead_to_where_they_are(moved: Any, as_role: Any) -> None:
    client = as_role("analyst", moved)
    for group in ("daily", "weekly", "monthly", "day-1"):
        path = reverse("insights:overview_group", args=[moved.slug, group])
        href = link(client.get(path).content.decode(), "change")
        assert "data-error-state" not in answer(client, href)


def test_a_saved_change_stands_on_a_dashboard(moved: Any, as_role: Any) -> None:
    from userops.insights.models import Card

    client = as_role("analyst", moved)
    question = urlsplit(link(answer(client, f"{url('trend', moved)}?{PAY}"), "change")).query
    client.post(
        url("save", moved),
        {
            "kind": "change",
            "question": question,
            "name": "支付变化",
            "dashboard": "new",
            "shared": "true",
        },
    )
    card = Card.objects.get(analysis__name="支付变化")
    path = reverse("insights:card", args=[moved.slug, card.dashboard_id, card.pk])
    shown = client.get(path).content.decode()
    assert "支付变化" in shown and "answer-notes" in shown
    assert client.get(f"{path}?range.when=last:3:day").status_code == 200
