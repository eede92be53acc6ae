"""One complaint, from its first word in the widget to its line in the report, as user, agents and lead see it.

The demo company, a real server, Chromium, and a real SMTP server that takes what leaves. Only time is moved: the
task that runs every minute is called for the hours after the ticket came.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiosmtpd.controller import Controller

from tests.conftest import DemoServer
from tests.processes import ENVIRONMENT, Server, run
from tests.test_browser_feedback import foreign_site, make_channel  # noqa: F401
from tests.topics import grow

pytestmark = pytest.mark.browser
WROTE = "我要投诉！会员被扣了两次钱，客服一直不处理，订单号 20261126，请马上退款。"
ANSWER = "您好，重复扣的款已原路退回，预计三个工作日到账。"
NOTICED = 60_000
"""Milliseconds that a busy machine may take until a page shows what happened elsewhere."""
LATER = """
from datetime import timedelta
from userops.feedback.clocks.alarming import tell_due
from userops.feedback.clocks.models import Alarm, Clock
clock = Clock.objects.filter(ticket__product__slug="demo", ticket__number={number}, ended=None).earliest("due")
now = clock.started
while not Alarm.objects.filter(clock=clock, percent__gte=100).exists():
    now += timedelta(hours=1)
    assert now < clock.due + timedelta(days=10)
    tell_due(now)
print(Alarm.objects.filter(clock=clock).count())
"""


@pytest.fixture(scope="module")
def mails() -> Iterator[tuple[str, list[Any]]]:
    """The address of a mail server, and what it took."""
    taken: list[Any] = []

    class Keeper:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
            taken.append(envelope)
            return "250 OK"

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(Keeper(), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}", taken
    controller.stop()


@pytest.fixture(scope="module")
def demo_server(
    tmp_path_factory: pytest.TempPathFactory, mails: tuple[str, list[Any]]
) -> Iterator[DemoServer]:
    """A company of its own, whose server sends mail."""
    data = tmp_path_factory.mktemp("story") / "data"
    run("demo", "--data", data, "--events", "20000", "--no-serve")
    email, password = (data / "demo-login.txt").read_text().split()
    with Server(data, {"USEROPS_MAIL_URL": mails[0]}) as server:
        yield DemoServer(server.url, email, password, data)


def later(server: DemoServer, number: int) -> int:
    """The hours go by until a deadline of the ticket is missed; how many were told on the way."""
    code = f"import django\ndjango.setup()\n{LATER.format(number=number)}"
    settings = {"USEROPS_DATA": str(server.data), "DJANGO_SETTINGS_MODULE": "userops.web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**ENVIRONMENT, **settings},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def written(visitor: Any, url: str, text: str) -> str:
    """The user writes into the widget; the address of the page of progress."""
    visitor.goto(url)
    visitor.get_by_role("button", name="反馈").click()
    frame = visitor.frame_locator("iframe")
    frame.locator("#text").wait_for()
    inner = next(each for each in visitor.frames if "/f/" in each.url)
    inner.wait_for_function(
        "() => [...document.querySelectorAll('[name=user]')].some((one) => one.value)"
    )
    frame.locator("#text").fill(text)
    visitor.wait_for_timeout(2_100)  # faster than that nobody writes
    frame.get_by_role("button", name="发送").click()
    frame.locator("[data-done]").wait_for()
    return str(frame.get_by_role("link", name="查看进展").get_attribute("href"))


def said_to(mails: list[Any], address: str, words: str) -> bool:
    """Whether a mail with these words has come, waited for."""
    until = time.monotonic() + NOTICED / 1000
    while time.monotonic() < until:
        for envelope in list(mails):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            body = mail.get_body(("plain", "html"))
            if address in envelope.rcpt_tos and body and words in body.get_content():
                return True
        time.sleep(0.2)
    return False


def topic_of(server: DemoServer, number: int) -> int:
    """The topic in which the ticket is."""
    for each in grow(server):
        members = server.errand("topic", topic=each["id"], limit=1_000)["members"]
        if number in [one["ticket"] for one in members]:
            return int(each["id"])
    raise AssertionError(number)


def report(server: DemoServer, kind: str, folder: Path) -> str:
    """A report of these days as a page."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    made = run(
        "report", "build", kind, "--product", server.product, "--format", "html",
        "--period", f"{today - timedelta(days=1)}..{today + timedelta(days=1)}",
        "--out", folder, "--data", server.data, "--json",
    )  # fmt: skip
    (file,) = json.loads(made)["files"]
    return Path(file).read_text(encoding="utf-8")


def test_from_the_first_word_to_the_report(
    page: Any,
    chromium: Any,
    demo_server: DemoServer,
    mails: tuple[str, list[Any]],
    foreign_site: Callable[..., str],  # noqa: F811
    tmp_path: Path,
) -> None:
    grow(demo_server)  # others have said something before
    base = f"{demo_server.url}/p/{demo_server.product}/feedback"
    origin = foreign_site("", "").rsplit("/", 1)[0]
    key, _channel = make_channel(page, demo_server, origins=origin)
    script = (
        f'<script src="{demo_server.url}/static/feedback/widget.js" data-key="{key}" data-user-id="u1"'
        ' data-contact="li@example.com" async></script>'
    )
    site = foreign_site(
        script, f"default-src 'none'; script-src {demo_server.url}; frame-src {demo_server.url}"
    )
    page.goto(f"{base}/inbox")
    guest = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    progress = demo_server.url + written(guest.new_page(), site, WROTE)

    # it stands in the open inbox by itself, known as a complaint
    row = page.locator("tr[data-ticket]", has_text="会员被扣了两次钱")
    row.locator(".badge-state", has_text="投诉").wait_for(timeout=NOTICED)
    number = int(row.get_attribute("data-ticket"))
    row.locator("a").click()
    page.wait_for_url(f"**/inbox/{number}")
    page.wait_for_selector("text=li@example.com")
    suggested = page.locator("form[action$='/accept'] button, form[action*=understanding] button")
    if not page.input_value("#f-category") and suggested.count():
        suggested.first.click()
        page.wait_for_selector("#f-category")
    if not page.input_value("#f-category"):
        page.select_option("#f-category", index=1)
        page.wait_for_function("() => document.querySelector('[name=was_category]').value")
    assert page.input_value("#f-category") and page.input_value("#f-complaint") == "yes"

    # nobody answers: it escalates
    assert later(demo_server, number) >= 1
    page.goto(f"{demo_server.url}/notices")
    page.wait_for_selector(f"text=/#{number}\\b/")

    # support hands it over to those who can mend it, who answer and solve
    page.goto(f"{base}/inbox/{number}")
    page.click("details:has([data-dialog='hand-over']) > summary")
    page.click("[data-dialog='hand-over']")
    page.select_option("#to-team", label="技术支持组")
    page.fill("#to-text", "支付流水显示扣款两次，请处理")
    page.click("#hand-over .btn-primary")
    page.wait_for_selector(".utterance.note:has-text('支付流水')")
    assert page.input_value("#f-status") == "handed_over"
    page.fill("#answering textarea", ANSWER)
    page.click("#answering button[value=solved]")
    page.wait_for_selector(".utterance.out:has-text('原路退回')")
    assert page.input_value("#f-status") == "solved"

    # the user is told where he can be reached, sees it, and says how it was
    assert said_to(mails[1], "li@example.com", ANSWER)
    visitor = guest.new_page()
    visitor.goto(progress)
    assert "原路退回" in visitor.inner_text(".talk")
    visitor.click(".scores label:has(input[value='5'])")
    visitor.click(".ask button")
    visitor.wait_for_url("**done=rated**")
    guest.close()

    # its words are in a topic, which becomes a pain point with the behaviour that proves it
    topic = topic_of(demo_server, number)
    page.goto(f"{demo_server.url}/p/{demo_server.product}/pain-points/new?topic={topic}")
    assert page.input_value("#topic") == str(topic)
    title = page.input_value("#title")
    page.select_option("#kind", "event")
    page.select_option("#event", "pay_fail")
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(".grid-figures", timeout=3 * NOTICED)
    page.wait_for_selector(f"a[href$='/inbox/{number}']")

    # it is a line of the register, and the pain point one of the summary
    register = report(demo_server, "feedback-register", tmp_path)
    line = re.search(rf"<tr>(?:(?!</tr>).)*>\s*#?{number}\s*<.*?</tr>", register, re.DOTALL)
    assert line and "会员被扣了两次钱" in line[0] and "技术支持组" in line[0]
    summary = report(demo_server, "feedback-summary", tmp_path)
    assert "痛点排序" in summary and title in unescape(summary)
