"""Form, widget and page of progress in Chromium: on a foreign site with a strict policy, by keyboard, on a phone."""

from __future__ import annotations

import base64
import io
import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image

from tests.conftest import DemoServer

pytestmark = pytest.mark.browser


@pytest.fixture
def foreign_site() -> Iterator[Callable[..., str]]:
    """`foreign_site(head, policy) -> url`: a page of another site, which allows what its policy says."""
    pages: dict[str, tuple[str, str]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            policy, html = pages.get(self.path.partition("?")[0], ("", ""))
            self.send_response(200 if html else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def put(head: str, policy: str) -> str:
        path = f"/shop{len(pages)}"
        html = f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>商城</title>{head}<body><h1>商城</h1>'
        pages[path] = (policy, html)
        # another site, not only another port
        return f"http://localhost:{server.server_address[1]}{path}"

    yield put
    server.shutdown()
    server.server_close()


def make_channel(page: Any, server: DemoServer, **fields: str) -> tuple[str, str]:
    """(key, number) of a new web form, made on its page."""
    page.goto(f"{server.url}/p/{server.product}/feedback/channels/new")
    page.fill("#id_name", "官网")
    for name, value in fields.items():
        page.fill(f"#id_{name}", value)
    page.click("form .btn-primary")
    page.wait_for_url(re.compile(r"/channels/\d+$"))
    key = re.search(r"fb_[\w-]{24}", page.content())
    assert key is not None
    return key[0], page.url.rsplit("/", 1)[1]


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


PASTE = """(bytes) => {
  const held = new DataTransfer();
  held.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], "屏幕.png", { type: "image/png" }));
  window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held }));
}"""


def test_the_widget_on_a_foreign_site(
    page: Any, chromium: Any, demo_server: DemoServer, foreign_site: Any
) -> None:
    site = foreign_site("", "")  # its origin, for the list of those that may show the widget
    origin = site.rsplit("/", 1)[0]
    key, number = make_channel(page, demo_server, origins=origin)
    script = f"{demo_server.url}/static/feedback/widget.js"
    url = foreign_site(
        f'<script src="{script}" data-key="{key}" data-user-id="u1" data-contact="li@example.com" async></script>',
        f"default-src 'none'; script-src {demo_server.url}; frame-src {demo_server.url}",
    )
    guest = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    visitor = guest.new_page()
    complaints: list[str] = []
    visitor.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.goto(url)
    button = visitor.get_by_role("button", name="反馈")
    button.focus()
    visitor.keyboard.press("Enter")
    frame = visitor.frame_locator("iframe")
    frame.locator("#text").wait_for()
    inner = next(each for each in visitor.frames if f"/f/{key}" in each.url)
    inner.wait_for_function("() => document.querySelector('[name=user]').value.includes('u1')")
    # sent without a word: the error stands beside the field
    frame.get_by_role("button", name="发送").click()
    frame.locator(".field.invalid #text").wait_for()
    frame.locator("#text").fill("支付之后一直转圈，订单没有生成")
    inner.evaluate(PASTE, base64.b64encode(picture()).decode())
    frame.locator("[data-thumbs] img").wait_for()
    visitor.wait_for_timeout(2_100)  # faster than that nobody writes
    frame.get_by_role("button", name="发送").click()
    frame.locator("[data-done]").wait_for()
    progress = frame.get_by_role("link", name="查看进展").get_attribute("href")
    # Esc closes it, and the button has the focus again
    frame.locator("[data-close]").press("Escape")
    visitor.wait_for_function(
        "() => document.querySelector('userops-feedback').shadowRoot.querySelector('iframe').hidden"
    )
    assert visitor.evaluate("document.activeElement.tagName") == "USEROPS-FEEDBACK"
    guest.close()
    # an answer that is no success is said aloud by the browser; nothing else is
    assert [each for each in complaints if "400" not in each] == []
    page.goto(f"{demo_server.url}{progress}")
    assert "支付之后一直转圈" in page.inner_text(".talk")
    page.wait_for_function(
        "() => [...document.images].every((one) => one.complete && one.naturalWidth)"
    )
    page.goto(f"{demo_server.url}/p/{demo_server.product}/feedback/channels/{number}")
    assert "支付之后一直转圈" in page.inner_text("tbody")


def test_sites_that_are_not_allowed_see_no_form(
    page: Any, chromium: Any, demo_server: DemoServer, foreign_site: Any
) -> None:
    key, _number = make_channel(page, demo_server, origins="https://shop.example.com")
    script = f"{demo_server.url}/static/feedback/widget.js"
    url = foreign_site(f'<script src="{script}" data-key="{key}" async></script>', "")
    guest = chromium.new_context(locale="en-GB")
    visitor = guest.new_page()
    refusals: list[str] = []
    visitor.on("console", lambda m: refusals.append(m.text))
    visitor.goto(url)
    visitor.locator("button").click()
    visitor.wait_for_timeout(1_000)
    assert not [
        each for each in visitor.frames[1:] if "/f/" in each.url and each.query_selector("#text")
    ]
    assert any("frame-ancestors" in each for each in refusals)
    guest.close()


def test_the_form_alone_on_a_phone_and_without_scripts(
    page: Any, chromium: Any, demo_server: DemoServer
) -> None:
    key, _number = make_channel(page, demo_server, title_en="Talk to us")
    phone = chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="en-GB", java_script_enabled=False
    )
    visitor = phone.new_page()
    visitor.goto(f"{demo_server.url}/f/{key}?language=en&theme=dark")
    assert visitor.inner_text("h1") == "Talk to us"
    visitor.fill("#text", "The page stays white after I log in")
    visitor.set_input_files("#files", {"name": "log.txt", "mimeType": "x/y", "buffer": b"error 42"})
    visitor.wait_for_timeout(2_100)
    visitor.click("button.send")
    visitor.wait_for_url("**/thanks/**")
    visitor.click("a.send")
    visitor.wait_for_url("**/t/*")
    assert "The page stays white" in visitor.inner_text(
        ".talk"
    ) and "log.txt" in visitor.inner_text(".talk")
    visitor.fill("#text", "It happens since this morning")
    visitor.click("form[action*=say] button.send")
    visitor.wait_for_url("**done=said**")
    assert "this morning" in visitor.inner_text(".talk")
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 360
    phone.close()


def test_axe_finds_nothing(page: Any, demo_server: DemoServer, axe: str) -> None:
    key, number = make_channel(page, demo_server)
    base = f"/p/{demo_server.product}/feedback"
    for path in (
        f"/f/{key}", f"/f/{key}?theme=dark&language=en", f"{base}/channels", f"{base}/channels/new",
        f"{base}/channels/{number}", f"{base}/wordings", f"{base}/wordings/solved/en",
    ):  # fmt: skip
        page.goto(demo_server.url + path)
        page.evaluate(axe)
        found = page.evaluate(
            "async () => (await axe.run()).violations.map((one) => [one.id, one.nodes.map((n) => n.html)])"
        )
        assert found == [], (path, found)
