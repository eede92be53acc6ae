"""Segments in Chromium: counted while they are written, kept, opened in an analysis."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import DemoServer

pytestmark = pytest.mark.browser


def test_a_segment_from_its_first_condition_to_an_analysis(
    page: Any, demo_server: DemoServer
) -> None:
    page.goto(f"{demo_server.url}/p/{demo_server.product}/segments/new")
    page.wait_for_selector("#result .segment-size")
    everybody = page.inner_text("#result .segment-size strong")
    page.click('button[value="add:where.items:event"]')
    page.wait_for_selector('select[name="where.items.0.event"]', state="attached")
    page.evaluate(
        """() => {
          const select = document.querySelector('select[name="where.items.0.event"]');
          select.value = "app_open";
          select.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    page.wait_for_selector('#result .definition:has-text("做过")')
    assert page.inner_text("#result .segment-size strong") != "0"
    assert everybody != "0"
    page.fill("#segment-name", "打开过应用")
    page.click('#result button:has-text("保存")')
    page.wait_for_url(lambda url: "/segments/new" not in url)
    assert "打开过应用" in page.inner_text("h1")
    page.locator('a.btn-small:has-text("事件分析")').click()
    page.wait_for_selector("#builder")
    assert "打开过应用" in page.inner_text("#builder")


def test_by_keyboard_the_focus_stays_with_what_is_written(
    page: Any, demo_server: DemoServer
) -> None:
    """Each edit draws the form anew: the focus goes to what was added, and is not lost."""
    page.goto(f"{demo_server.url}/p/{demo_server.product}/segments/new")
    page.wait_for_selector("#result .segment-size")

    def focused(selector: str) -> None:
        page.wait_for_function("wanted => document.activeElement?.matches(wanted)", arg=selector)

    page.focus('button[value="add:where.items:event"]')
    page.keyboard.press("Enter")
    focused('[name="where.items.0.who"]')
    page.select_option('[name="where.items.0.who"]', "sequence")
    page.wait_for_selector('button[value="add:where.items.0.steps:event"]')
    focused('[name="where.items.0.who"]')
    page.focus('button[value="add:where.items.0.steps:event"]')
    page.keyboard.press("Enter")
    focused("#f-where-items-0-steps-2-event-button")
    page.focus('button[value="remove:where.items.0"]')
    page.keyboard.press("Enter")
    focused('button[value="add:where.items:event"]')
