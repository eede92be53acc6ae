"""Topics, pain points and the plugged model in Chromium: corrected, named, merged, computed, in every look."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import DemoServer
from tests.looks import TWO, Look, Visitor
from tests.topics import grow

pytestmark = pytest.mark.browser
GROWN = 180_000
"""Milliseconds: the demo company's topics grow, and its pain points are computed, in the background."""


def desk(server: DemoServer) -> str:
    return f"{server.url}/p/{server.product}/feedback"


@pytest.fixture(scope="module", autouse=True)
def _grown(demo_server: DemoServer) -> None:
    assert len(grow(demo_server)) > 2


def topics(page: Any, server: DemoServer) -> str:
    """The page of topics, with some on it."""
    address = f"{desk(server)}/topics"
    page.goto(address)
    page.wait_for_selector("tbody[data-rows] th a")
    return address


def test_a_reading_is_corrected_beside_its_ticket(page: Any, demo_server: DemoServer) -> None:
    page.goto(f"{desk(demo_server)}/inbox/1")
    page.wait_for_selector("summary:has-text('纠正')", timeout=GROWN)
    page.click("summary:has-text('纠正')")
    page.select_option("#right-sentiment", "negative")
    page.click("button:has-text('保存为正确结果')")
    page.wait_for_selector("text=谢谢，服务台会从中学习。")


def test_topics_are_named_merged_and_dismissed(page: Any, demo_server: DemoServer) -> None:
    address = topics(page, demo_server)
    page.click("tbody[data-rows] th a >> nth=0")
    page.click("[data-dialog=rename]")
    page.fill("#rename input[name=name]", "我们的叫法")
    page.click("#rename .btn-primary")
    page.wait_for_selector("h1:has-text('我们的叫法')")
    topics(page, demo_server)
    before = page.locator("tbody[data-rows] tr").count()
    other = page.locator("tbody[data-rows] th a").filter(has_not_text="我们的叫法").first
    other.click()
    page.click("[data-dialog=merge]")
    page.select_option("#into", label="我们的叫法")
    page.click("#merge .btn-primary")
    page.wait_for_selector("h1:has-text('我们的叫法')")
    topics(page, demo_server)
    assert page.locator("tbody[data-rows] tr").count() == before - 1
    page.click("button:has-text('撤销')")
    page.wait_for_selector("button:has-text('忽略')")
    page.click("button:has-text('忽略')")
    page.wait_for_url(re.compile(r"/topics$"))
    page.click("button:has-text('撤销')")
    page.wait_for_function(
        f"() => document.querySelectorAll('tbody[data-rows] tr').length === {before}"
    )
    assert page.url == address


def test_a_pain_point_of_a_topic_is_computed(page: Any, demo_server: DemoServer) -> None:
    topics(page, demo_server)
    link = page.get_attribute("tbody[data-rows] th a >> nth=0", "href")
    base = f"{demo_server.url}/p/{demo_server.product}/pain-points"
    page.goto(f"{base}/new?topic={link.rpartition('/')[2]}")
    page.fill("#title", "浏览器里的痛点")
    page.select_option("#kind", "event")
    page.select_option("#event", "crash")
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(".grid-figures", timeout=GROWN)
    page.click("[data-dialog=set-status]")
    page.select_option("#set-status select", "confirmed")
    page.click("#set-status .btn-primary")
    page.wait_for_selector(".badge-state:has-text('已确认')")
    page.goto(base)
    page.wait_for_selector("a:has-text('浏览器里的痛点')")


@pytest.mark.parametrize("look", TWO, ids=lambda look: "-".join(map(str, look)))
def test_in_both_looks(chromium: Any, demo_server: DemoServer, axe: str, look: Look) -> None:
    one = Visitor(chromium, demo_server, look)
    one.log_in()
    topics(one.page, demo_server)
    first = one.page.get_attribute("tbody[data-rows] th a >> nth=0", "href")
    product = f"/p/{demo_server.product}"
    one.open(f"{product}/pain-points")
    one.page.wait_for_selector("#pain-points tbody a")
    point = one.page.get_attribute("#pain-points tbody a >> nth=0", "href")
    pages = ("topics", "understanding", "language-model", "rules", "channels", "inbox/1")
    paths = [first, point, f"{product}/pain-points", f"{product}/pain-points/new"]
    paths += [f"{product}/feedback/{each}" for each in pages]
    assert [each for path in paths for each in one.faults(path, axe)] == []
    assert one.complaints == []
    one.context.close()
