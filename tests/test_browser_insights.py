"""The main journey in Chromium: log in → build a funnel → who → save → dashboard → other language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DemoServer, switch

pytestmark = pytest.mark.browser


def choose(page: Any, select: str, search: str) -> None:
    """Choose in a searchable select by typing."""
    page.click(f'.combo:has(select[name="{select}"]) > button')
    page.fill(".combo-list input", search)
    with page.expect_response(lambda answer: "insights/" in answer.url and answer.ok):
        page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")


def test_from_a_question_to_a_dashboard(page: Any, demo_server: DemoServer) -> None:
    base = f"{demo_server.url}/p/{demo_server.product}"
    page.goto(f"{base}/")
    page.wait_for_selector("article.figure .spark")
    page.goto(f"{base}/insights/funnel")
    page.wait_for_selector("text=选择各步骤的事件")
    choose(page, "steps.0.event", "view_product")
    choose(page, "steps.1.event", "加入购物车")
    page.wait_for_url("**/*add_to_cart*")
    page.wait_for_selector("#result [data-chart][data-ready]")
    assert "steps.0.event=view_product&steps.1.event=add_to_cart" in page.url
    with page.expect_response(lambda answer: "edit=" in answer.url):
        page.click('button[value="add:steps:event"]')
    page.wait_for_selector('select[name="steps.2.event"]', state="attached")
    choose(page, "steps.2.event", "pay_success")
    page.wait_for_url("**/*pay_success*")
    rows = page.locator("#answer-table tbody tr")
    rows.nth(2).wait_for()
    assert rows.count() == 3

    # the number agrees with the list behind it
    link = rows.nth(2).locator('button[name="who"]').first
    users = int(link.inner_text().replace(",", ""))
    link.click()
    page.wait_for_selector("#people-list")
    assert f"共 {users:,} 位用户" in page.inner_text("#people-body")
    page.keyboard.press("Escape")

    # the address is the question: a fresh page gives the same answer
    before = page.inner_text("#answer-table")
    page.reload()
    page.wait_for_selector("#answer-table")
    assert page.inner_text("#answer-table") == before

    page.click('[data-dialog="save"]')
    page.fill("#save-name", "浏览到支付")
    page.select_option("#save-dashboard", "new")
    page.click("#save form:has(#save-name) .form-actions button")
    page.wait_for_selector(".card-answer [data-chart][data-ready]")
    assert "浏览到支付" in page.inner_text("h1")
    page.select_option('select[name="range.when"]', "last:14:day")
    page.wait_for_selector(".card-answer [data-chart][data-ready]")
    assert "last%3A14%3Aday" in page.url or "last:14:day" in page.url

    switch(page, "en")
    page.reload()
    page.wait_for_selector(".card-answer [data-chart][data-ready]")
    assert "Add a card" in page.inner_text("main")
    page.goto(f"{base}/insights/saved")
    assert "浏览到支付" in page.inner_text("#saved")
    switch(page, "zh-hans")


def test_back_undoes_a_change(page: Any, demo_server: DemoServer) -> None:
    base = f"{demo_server.url}/p/{demo_server.product}/insights/trend"
    page.goto(f"{base}?series.0.event=app_open")
    page.wait_for_selector("#answer-table")
    page.select_option('select[name="unit"]', "week")
    page.wait_for_url("**/*unit=week*")
    page.go_back()
    page.wait_for_url(lambda url: "unit=week" not in url)
    page.wait_for_selector("#answer-table")
    assert page.locator('select[name="unit"]').input_value() == "day"


def test_letters_typed_into_a_list_choose_what_they_spell(
    page: Any, demo_server: DemoServer
) -> None:
    """A choice redraws the form; it must not be taken away after the first letter."""
    switch(page, "en")
    page.goto(f"{demo_server.url}/p/{demo_server.product}/insights/trend?series.0.event=app_open")
    page.wait_for_selector("#answer-table")
    page.focus('select[name="range.when"]')
    page.keyboard.type("Last 90", delay=120)
    page.wait_for_url("**/*range.last=90*")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.activeElement.value") == "last:90:day"
    page.keyboard.type("Last 14", delay=120)
    page.keyboard.press("Tab")  # asks at once
    page.wait_for_url("**/*range.last=14*")
    switch(page, "zh-hans")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "png", "svg"])
def test_answers_are_exported(page: Any, demo_server: DemoServer, kind: str) -> None:
    page.goto(f"{demo_server.url}/p/{demo_server.product}/insights/trend?series.0.event=app_open")
    page.wait_for_selector("#result [data-chart][data-ready]")
    page.click("#result summary:has-text('导出')")
    with page.expect_download() as waiting:
        page.click(f"#result .menu-item:has-text('{kind.upper()}')")
    content = Path(waiting.value.path()).read_bytes()
    starts = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "png": b"\x89PNG", "svg": b"<svg"}
    assert content.startswith(starts[kind])


def test_cards_are_dragged(page: Any, demo_server: DemoServer) -> None:
    page.goto(f"{demo_server.url}/p/{demo_server.product}/dashboards")
    page.click("#dashboards tbody tr:has-text('看板') a")
    page.wait_for_selector(".card-answer [data-chart][data-ready]")
    order = "slots => slots.map(slot => slot.dataset.card)"
    before = page.eval_on_selector_all(".slot", order)
    first, second = page.locator(".slot .handle").nth(1), page.locator(".slot").nth(0)
    with page.expect_response("**/arrange"):
        first.drag_to(second, target_position={"x": 20, "y": 20})
    after = page.eval_on_selector_all(".slot", order)
    assert after != before and sorted(after) == sorted(before)
    page.reload()
    assert page.eval_on_selector_all(".slot", order) == after


def test_without_scripts(chromium: Any, demo_server: DemoServer, page: Any) -> None:
    """The same addresses work without JavaScript."""
    context = chromium.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(f"{demo_server.url}/p/{demo_server.product}/insights/trend")
    plain.select_option('select[name="series.0.event"]', "app_open")
    with plain.expect_navigation():
        plain.click("text=查看结果")
    assert "app_open" in plain.url
    assert plain.locator("#answer-table tbody tr").count() == 30
    with plain.expect_navigation():
        plain.click('button[value="add:series:event"]')
    assert plain.locator('select[name="series.1.event"]').count() == 1
    context.close()
