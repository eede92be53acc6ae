"""Personas, comparisons, tags and facts in Chromium: accessible in every look."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import DemoServer, switch
from tests.looks import FOUR, Visitor, visitors

pytestmark = pytest.mark.browser

visitor = visitors(FOUR)
PAGES = (
    "segments/1", "segments/compare?a=1", "segments/overlap?s=1&s=2&s=3", "segments/overlap?s=1&s=2&s=3&s=4",
    "tags", "tags/1", "tags/new?kind=rule", "facts", "personas", "risk",
)  # fmt: skip


@pytest.fixture
def base(demo_server: DemoServer) -> str:
    return f"{demo_server.url}/p/{demo_server.product}"


def cards(page: Any, base: str) -> list[str]:
    """Addresses of the set's page, its comparison and its first card; its groups are found in the background."""
    for _ in range(60):
        page.goto(f"{base}/personas/1")
        links = page.eval_on_selector_all(
            '.persona-card a[href*="/cards/"]', "links => links.map(link => link.href)"
        )
        if links or page.locator("#persona-state .notice").count() == 0:
            break
        page.wait_for_timeout(2_000)
    assert links, "the demo company has personas"
    return [f"{base}/personas/1", f"{base}/personas/1/compare", links[0]]


def test_the_features_of_a_persona_are_read_without_scrolling(page: Any, base: str) -> None:
    """Their intervals are not cut off at the edge of the card, in either language."""
    address = cards(page, base)[2]
    page.set_viewport_size({"width": 1280, "height": 900})
    for language in ("zh-hans", "en"):
        switch(page, language)
        page.goto(address)
        hidden = page.eval_on_selector(
            ".table-wrap:has(td.lift)", "wrap => wrap.scrollWidth - wrap.clientWidth"
        )
        assert hidden == 0, language


def test_pages_are_accessible_in_every_look(visitor: Visitor, base: str, axe: str) -> None:
    found = [f"/p/{visitor.server.product}/{path}" for path in PAGES]
    found += [each.removeprefix(visitor.server.url) for each in cards(visitor.page, base)]
    assert [each for path in found for each in visitor.faults(path, axe)] == []
    assert visitor.complaints == []
