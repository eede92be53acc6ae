"""In Chromium: find a user, walk back through what they did, and the guard before erasing them."""

from __future__ import annotations

import re
from typing import Any

import pytest


@pytest.mark.browser
def test_finding_a_user(chromium: Any, demo_server: Any) -> None:
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.goto(f"{demo_server.url}/accounts/login/")
    page.fill("#id_login", demo_server.email)
    page.fill("#id_password", demo_server.password)
    page.press("#id_password", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)

    page.goto(f"{demo_server.url}/p/{demo_server.product}/users")
    # the busiest on the first page has more events than one piece of the timeline holds
    counts = page.locator("#users tbody tr td:nth-child(4)").all_inner_texts()
    busiest = max(range(len(counts)), key=lambda n: int(counts[n].replace(",", "")))
    name = page.locator("#users tbody tr a").nth(busiest).inner_text()
    page.fill("[name=q]", name)
    page.wait_for_url(re.compile(r"\?q="))
    page.locator("#users tbody tr a", has_text=name).first.click()

    page.wait_for_selector("#timeline .happening")
    before = page.locator(".happening").count()
    page.click("[data-more] a")
    page.locator(".happening").nth(before).wait_for()
    page.locator(".happening summary").first.click()
    assert page.locator(".happening[open] .facts").first.is_visible()

    page.click("[data-dialog=erase]")
    button = page.locator("#erase button[data-needs-name]")
    assert button.is_disabled()
    page.fill("#erase [name=confirm]", page.locator("#erase code").inner_text())
    assert button.is_enabled()
    assert complaints == []
    context.close()
