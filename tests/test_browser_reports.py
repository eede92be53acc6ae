"""Reports in Chromium and by Python: listed, read, edited, issued, corrected, compared, taken as files."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from tests.conftest import DemoServer
from userops.client import running_server

pytestmark = pytest.mark.browser


def test_a_report_from_the_list_to_a_corrected_version(page: Any, demo_server: DemoServer) -> None:
    shop = running_server(demo_server.data)
    assert shop is not None
    product = demo_server.product
    line = shop.build_report(
        "user-analysis", "2026-11", product=product, settings={"without": "tests"}
    )
    listed = {each["id"] for each in shop.reports(product=product)}
    assert line["status"] == "draft" and line["id"] in listed
    built = shop.report(line["id"], product=product)
    assert any("测试账号" in each["zh"] for each in built["sentences"])
    base = f"{demo_server.url}/p/{product}/reports"

    page.goto(base)
    page.click(f'#reports a[href$="/reports/{line["id"]}"]')
    page.wait_for_selector("#figure-active canvas, #figure-active svg")
    assert "用户分析报告" in page.inner_text("h1")

    page.goto(f"{base}/{line['id']}/edit")
    while page.locator('form:has(input[name="assignee"]) input[name="assignee"]').evaluate_all(
        "inputs => inputs.filter(each => !each.value).length"
    ):
        _assign_the_first(page)
    page.goto(f"{base}/{line['id']}")
    for do in ("submit", "issue"):
        with page.expect_navigation():
            page.locator(f'button[name="do"][value="{do}"]').first.click()
    assert shop.report(line["id"], product=product)["status"] == "issued", page.inner_text("main")[
        :600
    ]

    page.locator('details:has([data-dialog="correct"]) > summary').click()
    page.click('[data-dialog="correct"]')
    page.fill('textarea[name="reason"], input[name="reason"]', "补充迟到的数据")
    page.locator('button[value="correct"]').click()
    page.wait_for_selector("#figure-active", timeout=180_000)
    second = shop.report(line["id"], product=product)
    assert (second["version"], second["corrects"], second["status"]) == (2, 1, "draft")

    page.goto(f"{base}/{line['id']}/compare?with=1")
    assert page.locator("main").inner_text()
    word = Document(io.BytesIO(shop.report_file(line["id"], "docx", version=1, product=product)))
    assert any("用户分析报告" in each.text for each in word.paragraphs)


def _assign_the_first(page: Any) -> None:
    """Name who does the first action that nobody does yet, by when."""
    for form in page.locator('form:has(input[name="assignee"])').all():
        if not form.locator('input[name="assignee"]').input_value():
            for hidden in form.locator("xpath=ancestor::details").all():
                hidden.evaluate("each => { each.open = true }")
            form.locator('input[name="assignee"]').fill("王芳")
            form.locator('input[name="due"]').fill("2026-12-31")
            with page.expect_navigation():
                form.locator('button[value="assign"]').click()
            return
