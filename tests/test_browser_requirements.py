"""Requirements in Chromium: from a ticket to telling who asked, in both looks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import DemoServer
from tests.looks import TWO, Look, Visitor

pytestmark = pytest.mark.browser


def test_from_a_ticket_to_telling_who_asked(page: Any, demo_server: DemoServer) -> None:
    words = ("希望账单可以导出为表格", "账单导出 Excel 有计划吗", "等很久了，账单还不能导出")
    first, second, late = (demo_server.errand("ticket-open", text=each)["number"] for each in words)
    base = f"{demo_server.url}/p/{demo_server.product}/feedback"
    page.goto(f"{base}/inbox/{first}")
    page.click("text=转为需求")
    page.wait_for_selector("#title")
    page.fill("#title", "账单导出为表格")
    page.fill("#reference", "APP-77")
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(f"td a:has-text('#{first}')")
    one = page.url
    # many at once in the inbox
    page.goto(f"{base}/inbox?q=账单导出")
    page.check(f"tr[data-ticket='{second}'] input[type=checkbox]")
    page.select_option("[data-set-field]", label=page.locator(
        "[data-set-field] option", has_text="账单导出为表格").inner_text())  # fmt: skip
    page.wait_for_selector("text=工单已关联到需求。")
    # it ships: what is told is seen first
    page.goto(one)
    page.click("[data-dialog=set-status]")
    page.select_option("#status", "shipped")
    page.fill("#version", "5.2")
    page.click("#set-status .btn-primary")
    page.wait_for_selector("text=告知 2 位用户")
    page.fill("#subject-zh-hans", "导出有了：{requirement}")
    page.click("button:has-text('告知 2 位用户')")
    page.wait_for_selector("tbody .badge-state:has-text('已告知') >> nth=1")
    # who asks later is offered the answer
    page.goto(f"{base}/inbox/{late}")
    card = page.locator("form[action*='/requirements/tickets/']", has=page.locator("select"))
    card.locator("select").select_option(label=card.locator(
        "option", has_text="账单导出为表格").inner_text())  # fmt: skip
    card.locator("button").click()
    page.click("button:has-text('告诉用户')")
    page.wait_for_selector("text=正在告知。")
    for _look in range(60):
        page.reload()
        if page.locator("text=已告知该用户").count():
            break
        page.wait_for_timeout(500)
    assert page.locator("text=已告知该用户").count() == 1


@pytest.mark.parametrize("look", TWO, ids=lambda look: "-".join(map(str, look)))
def test_in_both_looks(chromium: Any, demo_server: DemoServer, axe: str, look: Look) -> None:
    one = Visitor(chromium, demo_server, look)
    one.log_in()
    base = f"/p/{demo_server.product}/feedback/requirements"
    paths = [f"{base}?status=all", f"{base}/1", f"{base}/1/tell", f"{base}/1/edit", f"{base}/new"]
    assert [each for path in paths for each in one.faults(path, axe)] == []
    assert one.complaints == []
    one.context.close()
