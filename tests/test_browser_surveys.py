"""A survey in Chromium: built and published, answered by link and in the frame of an app, read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.conftest import DemoServer
from tests.processes import run

pytestmark = pytest.mark.browser


@pytest.fixture
def host_page() -> Iterator[Callable[[str], str]]:
    """`host_page(html)`: the address of a page of another origin, which a server of its own serves."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    body = b""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()

    def put(html: str) -> str:
        nonlocal body
        body = html.encode()
        return f"http://localhost:{server.server_address[1]}/"

    yield put
    server.shutdown()
    server.server_close()


def test_built_answered_and_read(page: Any, chromium: Any, demo_server: DemoServer) -> None:
    base = f"{demo_server.url}/p/{demo_server.product}/surveys"
    page.goto(f"{base}/new")
    page.fill("#survey-name", "十一月 NPS")
    page.click(".survey-form .form-actions button")
    page.wait_for_url("**/edit")
    page.click('button[value="add:single"]')
    page.wait_for_selector('[name="q2-kind"]', state="attached")
    page.fill('[name="q2-o0-zh-hans"]', "会员")
    page.fill('[name="q2-o0-en"]', "Member")
    # detractors are asked for their reason; others skip to the choice
    page.click('button[value="up:2"]')
    page.wait_for_selector('[name="q1-kind"][value="single"]', state="attached")
    page.click('.form-actions button[value="publish"]')
    page.wait_for_url("**/asking")
    address = page.inner_text("#public-link")
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    _answer(chromium, address, demo_server)
    page.click('.tabs a:has-text("结果")')
    page.wait_for_selector(".grid-figures")
    assert "n = 1" in page.inner_text(".grid-figures")
    page.click('.tabs a:has-text("文字回答")')
    assert "加载有点慢" in page.inner_text(".said-list")


def _answer(chromium: Any, address: str, demo_server: DemoServer) -> None:
    """On a phone, in English, without any cookie."""
    path = address[address.index("/s/") :]
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en-US")
    visitor = context.new_page()
    visitor.goto(f"{demo_server.url}{path}")
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.check('input[name="a"][value="3"]', force=True)
    visitor.click("button.main")
    visitor.wait_for_url("**/r/**")
    visitor.check('input[name="c"]:not([value="other"]) >> nth=0')
    visitor.click("button.main")
    visitor.fill("textarea", "加载有点慢")
    visitor.click("a.back")
    assert visitor.is_checked('input[name="c"] >> nth=0')
    visitor.click("button.main")
    visitor.fill("textarea", "加载有点慢")
    visitor.click("button.main")
    visitor.wait_for_selector('[role="status"]')
    assert "Thank you" in visitor.inner_text("main") and not context.cookies()
    context.close()


def test_in_the_frame_of_an_app(
    page: Any,
    chromium: Any,
    demo_server: DemoServer,
    host_page: Callable[[str], str],
    tmp_path: Path,
) -> None:
    # a product of its own: surveys of the demo company ask its people too
    file = tmp_path / "events.csv"
    file.write_text("user,event,time\nlin,open,2026-11-01 08:00:00\n", encoding="utf-8")
    columns = ("--user", "user", "--event", "event", "--time", "time")
    run("import", file, "--product", "app", *columns, "--data", demo_server.data)
    base = f"{demo_server.url}/p/app"
    page.goto(f"{base}/surveys/new")
    page.fill("#survey-name", "应用内费力度")
    page.check('input[value="ces"]')
    page.click(".survey-form .form-actions button")
    page.wait_for_url("**/edit")
    page.click('.form-actions button[value="publish"]')
    page.wait_for_url("**/asking")
    page.check('input[value="in_app"]')
    page.fill("#id_trigger_event", "pay_order")
    with page.expect_navigation():
        page.click(".asking .form-actions button")
    key = re.search(r'data-key="(wk_[^"]+)"', page.inner_text(".snippet code"))[1]
    app = chromium.new_page()
    script = f'<script src="{demo_server.url}/s/in-app.js" data-key="{key}"></script>'
    app.goto(host_page(f'<html lang="zh-CN"><body><h1>App</h1>{script}'))
    assert app.evaluate("userops.survey({ user: 'lin', event: 'other' })") is False
    assert app.evaluate("userops.survey({ event: 'pay_order' })") is True
    frame = app.frame_locator("iframe")
    frame.locator('input[value="6"]').check(force=True)
    frame.locator("button.main").click()
    frame.locator("textarea").fill("很顺利")
    frame.locator("button.main").click()
    frame.locator('[role="status"]').wait_for()
    frame.locator("[data-close]").click()
    app.wait_for_selector("iframe", state="detached")
    # asked once
    assert app.evaluate("userops.survey({ event: 'pay_order' })") is False
    app.close()
