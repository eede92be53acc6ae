"""Who the users are, in Chromium, as people go: a segment is written, set beside others, and looked at on a past
day; a persona is named and asked for its needs; a tag is put on; a report is built, mended, remarked on, signed and
taken as a file. What a journey ends at is accessible."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from docx import Document

from tests.conftest import DemoServer, switch
from tests.looks import RULES, SETTLED
from userops.publishing.test_readers import W

pytestmark = pytest.mark.browser

LONG = 180_000
"""Milliseconds that work in the background may take on a busy machine."""

IDLE = '() => window.htmx && !document.querySelector(".htmx-request")'


@pytest.fixture
def base(demo_server: DemoServer) -> str:
    return f"{demo_server.url}/p/{demo_server.product}"


@pytest.fixture
def accessible(page: Any, axe: str) -> Callable[[], None]:
    """Asserts that the page as it stands has no fault that axe knows of."""

    def look() -> None:
        settled(page)
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found] == []

    return look


def settled(page: Any) -> None:
    """Nothing is on its way: leaving then is no complaint of the console. A report draws its charts as they are
    scrolled to."""
    long = page.locator("article.report").count()
    page.wait_for_function(IDLE if long else SETTLED, timeout=LONG)
    page.wait_for_function("() => !document.querySelector('main .loading')", timeout=LONG)


def titled(page: Any, title: str) -> None:
    page.wait_for_selector(f'h1:has-text("{title}")', timeout=LONG)


def buyers(page: Any, base: str, name: str) -> int:
    """A segment of those who paid, written on the page; answers how many it counted."""
    page.goto(f"{base}/segments/new")
    page.wait_for_selector("#result .segment-size", timeout=LONG)
    everybody = number(page.inner_text("#result .segment-size strong"))
    page.click('button[value="add:where.items:event"]')
    page.wait_for_selector('select[name="where.items.0.event"]', state="attached")
    settled(page)
    page.evaluate(
        """() => {
          const select = document.querySelector('[name="where.items.0.event"]');
          select.value = "pay_success";
          select.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    page.wait_for_selector('#result .definition:has-text("支付成功")', timeout=LONG)
    settled(page)
    counted = number(page.inner_text("#result .segment-size strong"))
    assert 0 < counted < everybody
    assert page.locator("#result tbody a[href*='/users/']").count() > 5, "some of them are shown"
    page.fill("#segment-name", name)
    page.click('#result button:has-text("保存")')
    titled(page, name)
    return counted


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_a_segment_is_counted_kept_and_looked_at_on_a_past_day(
    page: Any, base: str, accessible: Callable[[], None]
) -> None:
    counted = buyers(page, base, "付过款")
    assert number(page.inner_text(".segment-size strong")) == counted
    accessible()
    day = datetime.now(UTC).date() - timedelta(days=30)
    page.fill("#past-day", str(day))
    page.wait_for_selector(f'#people:has-text("{day}")', timeout=LONG)
    past = number(page.inner_text("#people .nothing-yet strong"))
    assert 0 < past < counted, "who paid later had not paid yet"
    settled(page)


def test_a_segment_is_compared_with_everyone_else(
    page: Any, base: str, accessible: Callable[[], None]
) -> None:
    buyers(page, base, "买过东西")
    page.goto(f"{base}/segments/compare")
    page.select_option("#a", label="买过东西")
    page.select_option("#q", index=1)
    page.click(".compare-form button")
    page.wait_for_selector("#traits tbody tr", timeout=LONG)
    assert page.locator(".grid-figures .figure").count() == 4
    assert page.locator(".grid-2 [data-chart]").count() == 2, "the same question of both sides"
    rows = page.locator("#traits tbody tr")
    last, shown = rows.last.locator("td").first.inner_text(), rows.count()
    page.fill('[data-filter="traits"]', last)
    page.wait_for_function(
        """(shown) => {
          const rows = [...document.querySelectorAll("#traits tbody tr")];
          const left = rows.filter((row) => row.offsetParent).length;
          return left && left < shown;
        }""",
        arg=shown,
    )
    accessible()
    with page.expect_download() as file:
        page.evaluate("document.querySelector('a[href*=\"compare.csv\"]').click()")
    assert last in file.value.path().read_text(encoding="utf-8-sig")


def test_a_part_of_an_overlap_becomes_a_segment(
    page: Any, base: str, accessible: Callable[[], None]
) -> None:
    page.goto(f"{base}/segments/overlap")
    boxes = page.locator('.choose input[name="s"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.click(".choose button")
    page.wait_for_selector(".venn .venn-number", timeout=LONG)
    accessible()
    page.locator(".parts tbody a[href*='save=']").first.click()
    page.fill("#save input[name=name]", "重叠的一部分")
    page.click("#save button")
    page.wait_for_selector("text=“重叠的一部分”")
    page.goto(f"{base}/segments")
    page.wait_for_selector('#segments-table:has-text("重叠的一部分")')


def test_a_persona_is_run_named_compared_and_asked_for_its_needs(
    page: Any, base: str, accessible: Callable[[], None]
) -> None:
    page.goto(f"{base}/personas")
    page.locator("h2 a[href*='/personas/'], .card a[href$='/personas/1']").first.click()
    # its groups are found in the background, and the page fetches them
    page.wait_for_selector('.persona-card a[href*="/cards/"]', timeout=LONG)
    page.wait_for_selector("#persona-state:not([hx-get])", timeout=LONG)
    page.click('button[name="do"][value="run"]')
    page.wait_for_selector("#persona-state:not([hx-get])", timeout=LONG)
    page.locator('.persona-card a[href*="/cards/"]').first.click()
    page.wait_for_selector('[data-dialog="edit"]')
    settled(page)
    page.click('[data-dialog="edit"]')
    page.fill("#name_zh", "早起的人")
    page.fill("#name_en", "Early birds")
    page.click("#edit .form-actions button")
    titled(page, "早起的人")
    accessible()
    page.goto(f"{base}/personas/1/compare")
    page.wait_for_selector('.persona-compare th:has-text("早起的人")')
    assert page.locator(".persona-compare td.marked").count() > 0
    accessible()
    switch(page, "en")
    page.goto(f"{base}/personas/1")
    page.wait_for_selector('.persona-card:has-text("Early birds")')
    assert "早起的人" not in page.inner_text("main")


def test_a_tag_is_made_and_put_on_a_user(
    page: Any, base: str, accessible: Callable[[], None]
) -> None:
    page.goto(f"{base}/tags/new?kind=manual")
    page.fill("#id_name", "测试标签")
    page.click(".tag-form .form-actions button")
    titled(page, "测试标签")
    assert "由人手工打上" in page.inner_text("main")
    page.goto(f"{base}/users")
    page.locator("tbody a[href*='/users/']").first.click()
    page.wait_for_selector('select[name="choice"]')
    settled(page)
    page.select_option('select[name="choice"]', label="测试标签")
    page.click('button[name="do"][value="put"]')
    page.locator(".chips a", has_text="测试标签").click()
    titled(page, "测试标签")
    page.wait_for_selector('.figure:has-text("1")')
    page.locator('a[href$="/users"].btn').click()
    page.wait_for_selector("tbody tr a[href*='/users/']")
    assert page.locator("tbody tr").count() == 1
    accessible()


def test_a_report_is_built_mended_signed_and_taken_as_a_file(
    page: Any, base: str, accessible: Callable[[], None]
) -> None:
    page.goto(f"{base}/reports")
    page.locator('[data-dialog="new-report"]').first.click()
    page.fill('#new-report input[name="period"]', "2026-10")
    page.click("#new-report .form-actions button")
    page.wait_for_selector("#figure-active", timeout=LONG)
    accessible()
    page.fill('textarea[name="text"]', "请核对口径")
    page.click("#remarks .form-actions button")
    page.wait_for_selector('#remarks .remark:has-text("请核对口径")')

    page.locator('a.btn[href$="/edit"]').click()
    page.wait_for_selector(".desk-row")
    settled(page)
    words = mended(page)
    assigned(page)
    accessible()
    for do in ("submit", "review", "issue"):
        page.locator(f'button[name="do"][value="{do}"]').first.click()
        page.wait_for_selector(f'button[name="do"][value="{do}"]', state="detached")
    page.wait_for_selector('button[name="do"][value="correct"]', state="attached")
    with page.expect_download() as file:
        page.evaluate(
            'document.querySelector(\'a[href*="format=docx"][href*="language=zh"]\').click()'
        )
    word = Document(io.BytesIO(file.value.path().read_bytes()))
    assert words in "".join(each.text or "" for each in word.element.body.iter(f"{W}t"))


def mended(page: Any) -> str:
    """Say one more thing in a sentence that quotes a figure, in both languages; answers what."""
    row = page.locator('.desk-row:has(.chip):has(summary:has-text("。"))').first
    row.evaluate("each => { each.open = true }")
    for language, more in (("zh", "已与财务核对。"), ("en", " Checked with finance.")):
        field = row.locator(f'textarea[name="{language}"]')
        text = field.input_value()
        assert re.search(r"\{\{.+?\}\}", text), "its numbers are references"
        field.fill(text + more)
    row.locator('button[value="save"]').click()
    page.wait_for_selector('.desk-row:has-text("已与财务核对。")', timeout=LONG)
    return "已与财务核对。"


def assigned(page: Any) -> None:
    """Name who does each action, and by when."""
    while True:
        empty = page.locator("form.assign").evaluate_all(
            "forms => forms.findIndex(each => !each.assignee.value)"
        )
        if empty < 0:
            return
        form = page.locator("form.assign").nth(empty)
        form.evaluate("each => { each.closest('details').open = true }")
        form.locator('input[name="assignee"]').fill("王芳")
        form.locator('input[name="due"]').fill("2027-01-31")
        with page.expect_navigation():
            form.locator('button[value="assign"]').click()
        page.wait_for_selector("form.assign", state="attached")
