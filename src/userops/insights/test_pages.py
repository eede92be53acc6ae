"""Every page by the cast: owner, member without the permission, stranger."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.urls import reverse

from userops.analyses.registry import ANALYSES
from userops.events.engine import QueryCancelled
from userops.insights import actions
from userops.insights.models import Card, Dashboard, SavedAnalysis
from userops.workspace.models import LogEntry

PAGES = ("overview", "saved", "dashboards", *(each.kind for each in ANALYSES))
DAU = "series.0.event=open&series.0.measure=users&range.last=7"


def url(name: str, product: Any, *arguments: Any) -> str:
    return reverse(f"insights:{name}", args=[product.slug, *arguments])


def text(answer: Any) -> str:
    return answer.content.decode()


def fragment(client: Any, path: str, target: str) -> Any:
    return client.get(path, headers={"HX-Request": "true", "HX-Target": target})


@pytest.fixture
def saved(shop: Any, make_user: Any) -> SavedAnalysis:
    document = {"kind": "trend", "product": shop.slug, "series": [{"event": "open"}]}
    owner = make_user("analyst", shop)
    return actions.save_analysis(shop, document, "打开次数", acting_user=owner)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_members(name: str, shop: Any, as_role: Any, client: Any) -> None:
    assert client.get(url(name, shop)).status_code == 302
    assert as_role(None).get(url(name, shop)).status_code == 404
    assert as_role("leadership", shop).get(url(name, shop)).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_an_empty_product_teaches(name: str, language: str, product: Any, as_role: Any) -> None:
    client = as_role("admin")
    client.cookies["language"] = language
    assert client.get(url(name, product)).status_code == 200


def test_overview_figures_are_those_of_their_analyses(shop: Any, as_role: Any) -> None:
    client = as_role("leadership", shop)
    page = text(client.get(url("overview", shop)))
    for group in ("new", "daily", "weekly", "monthly", "stickiness", "day-1", "day-7", "day-30"):
        assert url("overview_group", shop, group) in page
        assert client.get(url("overview_group", shop, group)).status_code == 200
    daily = text(client.get(url("overview_group", shop, "daily")))
    assert '<div class="value">10</div>' in daily
    top = text(client.get(url("overview_group", shop, "top")))
    assert 'data-value="70"' in top and 'data-value="35"' in top
    assert client.get(url("overview_group", shop, "nonsense")).status_code == 404


def test_the_answer_follows_the_question(shop: Any, as_role: Any) -> None:
    client = as_role("analyst", shop)
    page = client.get(url("trend", shop))
    assert "answer-table" not in text(page)
    answer = fragment(client, f"{url('trend', shop)}?{DAU}", "result")
    assert "answer-table" in text(answer) and "<html" not in text(answer)
    pushed = answer.headers.get("HX-Push-Url") or answer.headers["HX-Replace-Url"]
    assert pushed.endswith(DAU.replace("series.0.event=open&series.0.measure=users&range.last=7",
        "range.last=7&series.0.event=open&series.0.measure=users"))  # fmt: skip
    form = text(fragment(client, f"{url('trend', shop)}?{DAU}&edit=add:series:event", "builder"))
    assert 'name="series.1.event"' in form and "answer-table" not in form
    whole = text(client.get(f"{url('trend', shop)}?{DAU}&full=1"))
    assert "<html" in whole and "answer-table" in whole


def test_a_wrong_question_says_what_is_wrong(shop: Any, as_role: Any) -> None:
    client = as_role("analyst", shop)
    client.cookies["language"] = "en"
    path = f"{url('funnel', shop)}?steps.0.event=a&window=soon"
    page = text(client.get(path))
    assert "30m, 24h, 7d or same_day" in page
    assert "data-error-state" in text(fragment(client, path, "result"))


ABOUT_OTHERS = ("change", "traits")
"""Their people are looked at in `test_explaining.py`."""
MODELS = ("value", "risk", "personas", "needs")
"""They need more than ten users; their own tests look at their people."""


@pytest.mark.parametrize(
    "kind", [each.kind for each in ANALYSES if each.kind not in (*ABOUT_OTHERS, *MODELS)]
)
def test_people_stand_behind_numbers(kind: str, shop: Any, as_role: Any) -> None:
    questions = {
        "trend": DAU,
        "funnel": "steps.0.event=open&steps.1.event=pay&range.last=7",
        "retention": "start.event=open&return.event=pay&range.last=30",
        "ltv": "start.event=open&purchase.event=pay&range.last=30&unit=day&periods=3",
        "correlation": "start.event=open&early=1&goal.event=pay&goal.from=2&goal.to=3&min_support=1",
        "lifecycle": "event=open&unit=day&range.last=7",
        "interval": "start.event=open&end.event=pay&range.last=7",
        "paths": "range.last=7",
        "distribution": "event=open&range.last=7",
        "sessions": "event=open&range.last=7",
        "stickiness": "event=open&range.last=7",
        "churn": "event=open&range.last=7&unit=day&window=2&view=periods",
        "rfm": "event=pay&range.last=30",
        "attribution": "touches.0.event=open&goal.event=pay&range.last=30",
    }
    path = f"{url(kind, shop)}?{questions[kind]}"
    answer = text(fragment(as_role("analyst", shop), path, "result"))
    asked = [unescape(each) for each in re.findall(r'name="who" value="([^"]+)"', answer)]
    assert asked
    people = url(f"{kind}_people", shop) + f"?{questions[kind]}"
    for who in (asked[0], asked[-1]):
        found = as_role("analyst", shop).get(f"{people}&{urlencode({'who': who})}")
        assert found.status_code == 200 and ">u" in text(found)
    assert 'name="who"' not in text(fragment(as_role("partner", shop), path, "result"))
    assert as_role("partner", shop).get(people).status_code == 403


def test_the_list_agrees_with_the_number(shop: Any, as_role: Any) -> None:
    who = json.dumps({"step": 2, "what": "converted"})
    path = url("funnel_people", shop) + "?steps.0.event=open&steps.1.event=pay&range.last=7"
    page = text(as_role("analyst", shop).get(path, {**_parameters(path), "who": who}))
    assert all((f">u{n}<" in page or f">u{n}</a>" in page) == bool(n % 2) for n in range(10))


def _parameters(path: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(path).query))


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_files(extension: str, shop: Any, as_role: Any) -> None:
    client = as_role("leadership", shop)
    path = url("trend_file", shop, extension)
    answer = client.get(f"{path}?{DAU}&breakdown.0=city")
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    if extension == "csv":
        assert "\n'=cmd|1," in answer.content.decode().replace("\r", "")
    assert client.get(f"{path}?series.0.measure=nonsense").status_code == 400
    assert client.get(url("trend_file", shop, "exe") + f"?{DAU}").status_code == 404


def test_values_of_properties(shop: Any, as_role: Any) -> None:
    path = url("values", shop)
    ask = {"property": "event:city"}
    assert as_role("leadership", shop).get(path, ask).json()["values"] == ["=cmd|1", "上海"]
    users = {"property": "user:level"}
    assert as_role("analyst", shop).get(path, users).json()["values"] == ["0", "1", "2"]
    assert as_role("leadership", shop).get(path, users).json()["values"] == []


def test_cancelling_is_harmless_and_posted(shop: Any, as_role: Any) -> None:
    client = as_role("leadership", shop)
    assert client.post(url("cancel", shop, "abc123")).status_code == 204
    assert client.get(url("cancel", shop, "abc123")).status_code == 405
    assert client.post(url("cancel", shop, "a'b")).status_code == 404


def test_a_running_question_is_cancelled(store: Any, shop: Any, as_role: Any) -> None:
    client = as_role("leadership", shop)
    slow = "select sum(sleepEachRow(0.02)) from numbers(3000) settings max_block_size = 1"
    name = f"page-{client.user.pk}-abc123"
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(store.engine.arrow, slow, query_id=name)
        for _ in range(100):
            client.post(url("cancel", shop, "abc123"))
            if running.done():
                break
            time.sleep(0.1)
        with pytest.raises(QueryCancelled):
            running.result(timeout=1)


def test_saving_and_putting_on_a_dashboard(shop: Any, as_role: Any) -> None:
    client = as_role("analyst", shop)
    form = {"kind": "trend", "question": DAU, "name": "日活", "dashboard": "new", "shared": "true"}
    answer = client.post(url("save", shop), form, follow=True)
    kept = SavedAnalysis.objects.get(name="日活")
    assert kept.document["series"][0]["event"] == "open" and kept.owner == client.user
    board = Dashboard.objects.get()
    assert answer.redirect_chain[-1][0] == url("dashboard", shop, board.pk)
    card = text(client.get(url("card", shop, board.pk, board.cards.get().pk)))
    assert "data-chart=" in card
    seven = client.get(url("card", shop, board.pk, board.cards.get().pk), {"range.last": "3"})
    assert seven.status_code == 200 and "range.last=3" in text(seven)
    assert as_role("leadership", shop).post(url("save", shop), form).status_code == 403
    assert as_role(None).post(url("save", shop), form).status_code == 404
    actions_noted = list(LogEntry.objects.filter(product=shop).values_list("action", flat=True))
    assert {"analysis.saved", "dashboard.created", "card.added"} <= set(actions_noted)


def test_a_saved_analysis_opens_changes_and_goes(saved: SavedAnalysis, client: Any) -> None:
    client.force_login(saved.owner)
    product = saved.product
    page = client.get(url("saved_one", product, saved.pk), follow=True)
    assert (
        'id="place"' in text(page)
        and "打开次数" in text(page)
        and "series.0.event=open" in page.redirect_chain[-1][0]
    )
    client.post(url("change_saved", product, saved.pk), {"name": "新名", "description": "x"})
    client.post(url("change_saved", product, saved.pk), {"question": DAU})
    saved.refresh_from_db()
    assert (saved.name, saved.shared) == ("新名", False)
    assert saved.document["series"][0]["measure"] == "users"
    client.post(url("delete_saved", product, saved.pk))
    assert not SavedAnalysis.objects.exists()


def test_what_is_not_shared_is_not_seen(saved: SavedAnalysis, as_role: Any) -> None:
    product = saved.product
    other = as_role("analyst", product)
    assert "打开次数" in text(other.get(url("saved", product)))
    assert other.post(url("delete_saved", product, saved.pk)).status_code == 403
    SavedAnalysis.objects.update(shared=False)
    assert "打开次数" not in text(other.get(url("saved", product)))
    assert other.get(url("saved_one", product, saved.pk)).status_code == 404
    assert other.post(url("delete_saved", product, saved.pk)).status_code == 404


def test_several_are_deleted_at_once(saved: SavedAnalysis, client: Any, as_role: Any) -> None:
    product = saved.product
    as_role("analyst", product).post(url("delete_many", product), {"chosen": [saved.pk]})
    assert SavedAnalysis.objects.exists()
    client.force_login(saved.owner)
    client.post(url("delete_many", product), {"chosen": [saved.pk]})
    assert not SavedAnalysis.objects.exists()


def test_cards_are_arranged(saved: SavedAnalysis, client: Any) -> None:
    client.force_login(saved.owner)
    product = saved.product
    client.post(url("create_dashboard", product), {"name": "周会"})
    board = Dashboard.objects.get()
    for _ in range(3):
        client.post(url("add_card", product, board.pk), {"analysis": saved.pk})
    first, second, third = (card.pk for card in board.cards.all())
    client.post(url("arrange", product, board.pk), {"order": f"{third},{first},{second}"})
    assert [card.pk for card in board.cards.all()] == [third, first, second]
    change = url("change_card", product, board.pk, third)
    client.post(change, {"do": "later"})
    assert [card.pk for card in board.cards.all()] == [first, third, second]
    client.post(change, {"do": "earlier"})
    client.post(change, {"do": "12"})
    assert board.cards.first().pk == third and board.cards.first().width == 12
    client.post(change, {"do": "remove"})
    assert not Card.objects.filter(pk=third).exists()


def test_one_range_for_all_cards(saved: SavedAnalysis, client: Any) -> None:
    client.force_login(saved.owner)
    product = saved.product
    board = actions.create_dashboard(product, "周会", acting_user=saved.owner)
    actions.add_card(board, saved, acting_user=saved.owner)
    page = text(client.get(url("dashboard", product, board.pk), {"range.when": "last:7:day"}))
    assert "range.last=7" in page
    client.post(url("keep_range", product, board.pk), {"range.when": "preset:this_month"})
    board.refresh_from_db()
    assert board.range["preset"] == "this_month"
    assert "range.preset=this_month" in text(client.get(url("dashboard", product, board.pk)))
    client.post(url("keep_range", product, board.pk), {})
    board.refresh_from_db()
    assert board.range is None
    client.post(url("change_dashboard", product, board.pk), {"name": "月会"})
    client.post(url("delete_dashboard", product, board.pk))
    assert not Dashboard.objects.exists() and SavedAnalysis.objects.exists()


def test_dashboards_are_changed_by_those_who_may(saved: SavedAnalysis, as_role: Any) -> None:
    product = saved.product
    board = actions.create_dashboard(product, "周会", acting_user=saved.owner)
    card = actions.add_card(board, saved, acting_user=saved.owner)
    writes = [
        url("create_dashboard", product),
        url("change_dashboard", product, board.pk),
        url("keep_range", product, board.pk),
        url("add_card", product, board.pk),
        url("arrange", product, board.pk),
        url("change_card", product, board.pk, card.pk),
        url("delete_dashboard", product, board.pk),
    ]
    for path in writes:
        assert as_role("leadership", product).post(path, {"name": "x"}).status_code == 403
        assert as_role(None).post(path, {"name": "x"}).status_code == 404
        assert as_role("analyst", product).get(path).status_code == 405


def test_cards_of_other_products_are_refused(saved: SavedAnalysis, make_product: Any) -> None:
    from userops.errors import UserOpsError

    other = make_product()
    from userops.workspace.models import Membership

    Membership.objects.create(user=saved.owner, product=other, role="analyst")
    board = actions.create_dashboard(other, "x", acting_user=saved.owner)
    with pytest.raises(UserOpsError, match="not of this product"):
        actions.add_card(board, saved, acting_user=saved.owner)


@pytest.mark.parametrize("name", ["", "  ", "x" * 300])
def test_names_are_checked(name: str, saved: SavedAnalysis) -> None:
    from userops.errors import Refused

    with pytest.raises(Refused):
        actions.create_dashboard(saved.product, name, acting_user=saved.owner)
