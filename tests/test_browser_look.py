"""Main pages in Chromium: accessible (axe), within the policy, no errors, no sideways scrolling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.looks import TWO, Visitor, visitors

pytestmark = pytest.mark.browser

visitor = visitors(TWO)


def pages(visitor: Visitor) -> list[str]:
    """Every page that the left bar leads to, and a few beside it."""
    visitor.open("/")
    links = visitor.page.eval_on_selector_all(
        "#side .nav-link", "links => links.map(link => new URL(link.href).pathname)"
    )
    assert links
    return [*links, "/patterns", "/account", "/accounts/password/change/"]


def test_main_pages(visitor: Visitor, axe: str) -> None:
    assert [each for path in pages(visitor) for each in visitor.faults(path, axe)] == []
    assert visitor.complaints == []


def test_theme_changes_at_once_and_stays(visitor: Visitor) -> None:
    def background() -> str:
        return visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")

    visitor.open("/patterns")
    visitor.page.wait_for_selector('[data-chart="pattern-line"][data-ready]')
    if visitor.width < 900:
        visitor.page.click(".top button")
    before = background()
    # as the system → light → dark: one or two clicks from any of them to the other look
    for _ in range(3):
        with visitor.page.expect_response("**/preferences"):
            visitor.page.click(".side-foot [data-theme-button]")
        if background() != before:
            break
    after = background()
    assert after != before
    visitor.page.reload()
    assert background() == after


def test_keyboard(visitor: Visitor) -> None:
    visitor.open("/patterns")
    visitor.page.keyboard.press("?")
    assert visitor.page.is_visible("dialog#keys")
    visitor.page.keyboard.press("Escape")
    assert not visitor.page.is_visible("dialog#keys")
    visitor.page.keyboard.press("/")
    assert visitor.page.evaluate("document.activeElement.matches('[data-search]')")
    visitor.page.keyboard.type("广告" if visitor.page.locator("text=广告").count() else "Ads")
    assert visitor.page.locator("#pattern-table tbody tr:visible").count() == 1
    visitor.page.locator("#pattern-table").click(position={"x": 2, "y": 2})


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_charts_are_exported(visitor: Visitor, kind: str) -> None:
    visitor.open("/patterns")
    visitor.page.wait_for_selector('[data-chart="pattern-line"][data-ready]')
    with visitor.page.expect_download() as waiting:
        visitor.page.click(f".card [data-chart-{kind}]")
    content = Path(waiting.value.path()).read_bytes()
    assert content.startswith(b"\x89PNG" if kind == "png" else b"<svg")


def asks(route: Any) -> bool:
    return "hx-request" in route.request.headers


def test_an_answer_that_fails_can_be_asked_again(visitor: Visitor) -> None:
    trend = f"/p/{visitor.server.product}/insights/trend"
    pattern = f"**{trend}?*"
    visitor.page.route(pattern, lambda r: r.abort() if asks(r) else r.continue_())
    visitor.page.goto(visitor.server.url + trend)
    retry = visitor.page.locator("#result .notice.bad button")
    retry.wait_for()
    visitor.page.unroute(pattern)
    retry.click()
    visitor.page.wait_for_selector("#result [data-chart][data-ready]")
    assert visitor.page.locator("#result .notice.bad").count() == 0
    # the browser itself reports the broken connection
    visitor.complaints.clear()


def test_a_long_question_shows_progress_and_can_be_cancelled(visitor: Visitor) -> None:
    trend = f"/p/{visitor.server.product}/insights/trend"
    pattern = f"**{trend}?*"
    # neither answered nor refused: the question hangs
    visitor.page.route(pattern, lambda r: None if asks(r) else r.continue_())
    visitor.page.goto(visitor.server.url + trend)
    bar = visitor.page.locator(".work")
    bar.wait_for()
    assert visitor.page.locator("#result[aria-busy]").count() == 1
    bar.locator("button").click()
    bar.wait_for(state="detached")
    assert visitor.page.locator("#result[aria-busy]").count() == 0
    visitor.page.unroute(pattern)
    visitor.complaints.clear()


def test_pages_print_without_their_frame(visitor: Visitor) -> None:
    visitor.open("/patterns")
    visitor.page.emulate_media(media="print")
    try:
        assert not visitor.page.is_visible("#side")
        assert visitor.page.is_visible('[data-chart="pattern-line"]')
        assert visitor.page.is_visible(".definition >> nth=0")
    finally:
        visitor.page.emulate_media(media="screen")
