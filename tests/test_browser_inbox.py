"""The inbox in Chromium: walked, chosen and worked on by keyboard; news arrives by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import DemoServer

pytestmark = pytest.mark.browser


def opened(server: DemoServer) -> list[int]:
    """Two new tickets; their numbers."""
    texts = ("退款五天了还没有到账", "登录收不到验证码")
    made = [server.errand("ticket-open", text=text) for text in texts]
    return [each["number"] for each in made]


def test_worked_on_by_keyboard(page: Any, demo_server: DemoServer) -> None:
    inbox = f"{demo_server.url}/p/{demo_server.product}/feedback/inbox"
    first, second = opened(demo_server)
    page.goto(inbox)
    rows = page.locator("tr[data-ticket]")
    assert rows.first.get_attribute("data-ticket") == str(second)
    # “g” and a letter goes elsewhere: it does not press the page's own key of that letter
    for key in ("j", "g", "w"):
        page.keyboard.press(key)
    page.wait_for_url("**/alerts**")
    page.goto(f"{inbox}?status=waiting")
    assert not page.locator(f"tr[data-ticket='{second}']").count()
    page.goto(inbox)
    # walk, choose two, take them
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    assert page.inner_text("[data-chosen-count]") == "2"
    # what merging asks for is an address without the form's token
    page.keyboard.press("m")
    # (in either order: what the texts are found to be about may move a row meanwhile)
    page.wait_for_url(
        re.compile(rf"/inbox/merge\?ticket=({first}|{second})&ticket=({first}|{second})$")
    )
    page.go_back()
    page.wait_for_function("document.querySelectorAll('[name=ticket]:checked').length === 2")
    page.keyboard.press("a")
    page.wait_for_selector("[data-flash]")
    page.goto(f"{inbox}?owner=me")
    assert {each.get_attribute("data-ticket") for each in rows.all()} >= {str(first), str(second)}
    # search in Chinese, open the ticket, answer it
    page.keyboard.press("/")
    page.keyboard.type("还没有到账")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    assert [each.get_attribute("data-ticket") for each in rows.all()][-1] == str(first)
    page.goto(f"{inbox}/{first}")
    # a member's name is proposed; what goes on behind it without a space is no part of it
    page.keyboard.press("n")
    page.keyboard.type("渠道侧退款失败 @林")
    page.wait_for_selector("#mentions [role=option]:has-text('林悦')")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".utterance.note:has-text('@林悦')")
    # what is rarer has its letters too, and begins where one writes
    page.keyboard.press("h")
    assert page.evaluate("document.activeElement.id") == "to-team"
    page.keyboard.press("Escape")
    # a browser closes a dialog after the key has been told to the page
    page.wait_for_selector("dialog[open]", state="detached")
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "macro"
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("已为您重新提交退款")
    page.reload()
    # what was being written is still there
    assert page.input_value("#answering textarea") == "已为您重新提交退款"
    page.click("#answering button[value=solved]")
    page.wait_for_selector(".utterance.out")
    assert page.input_value("#f-status") == "solved"
    assert page.input_value("#answering textarea") == ""


def test_news_arrives_and_what_is_chosen_stays(page: Any, demo_server: DemoServer) -> None:
    inbox = f"{demo_server.url}/p/{demo_server.product}/feedback/inbox"
    first, _second = opened(demo_server)
    page.goto(inbox)
    page.check(f"tr[data-ticket='{first}'] input[name=ticket]")
    demo_server.errand(
        "ticket-change",
        ticket=first,
        subject="改过的标题",
    )
    page.wait_for_selector(f"tr[data-ticket='{first}']:has-text('改过的标题')", timeout=20_000)
    assert page.is_checked(f"tr[data-ticket='{first}'] input[name=ticket]")
    assert page.inner_text("[data-chosen-count]") == "1"


def test_two_become_one_and_two_again(page: Any, demo_server: DemoServer) -> None:
    inbox = f"{demo_server.url}/p/{demo_server.product}/feedback/inbox"
    first, second = opened(demo_server)
    page.goto(f"{inbox}/merge?ticket={first}&ticket={second}")
    page.click("main form[method=post] .btn-primary")
    page.wait_for_url(f"**/inbox/{first}")
    page.wait_for_selector(f".utterance:has-text('#{second}')")
    page.goto(f"{inbox}/{second}")
    page.click(".notice button")
    page.wait_for_function("() => !document.querySelector('.notice.warn')")
    assert page.input_value("#f-status") == "new"
