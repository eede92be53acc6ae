"""The SQL page in a browser: run by keyboard, fill in a parameter, cancel, save, run again from the history."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

HEAVY = "select sum(sipHash64(number)) from numbers(1e12)"
CANCEL = """() => fetch(document.getElementById("sql").dataset.cancelUrl, {
  method: "POST", headers: JSON.parse(document.body.getAttribute("hx-headers")),
})"""


def ask(page: Any, text: str) -> None:
    page.fill("#sql-text", text)
    page.keyboard.press("Control+Enter")


def test_sql_is_asked_cancelled_and_kept(page: Any, demo_server: Any) -> None:
    page.goto(f"{demo_server.url}/p/{demo_server.product}/sql")
    page.fill("#sql-text", "select {word:String} as word,\n    number\nfrom numbers(3)")
    page.fill("#value-word", "上海")
    page.focus("#sql-text")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#sql-table")
    assert page.locator("#sql-table tbody tr").count() == 3
    assert page.inner_text(".editor .lines").split() == ["1", "2", "3"]
    ask(page, HEAVY)
    page.wait_for_selector(".work button", timeout=20_000)
    page.evaluate(CANCEL)  # what the button does on the server; the browser would log the abort
    page.wait_for_selector("#result .error-code:text('query_cancelled')")
    ask(page, "select 42 as answer")
    page.wait_for_selector("#sql-table button:text('answer')")
    page.click('button[data-dialog="save"]')
    page.fill("#save-name", "四十二")
    page.click("#save .form-actions button")
    page.wait_for_url("**/sql?saved=*")
    assert page.input_value("#sql-text") == "select 42 as answer"
    page.goto(f"{demo_server.url}/p/{demo_server.product}/sql/history")
    assert HEAVY in page.inner_text("main")
    page.click("a.past:has-text('select {word')")
    page.wait_for_url("**/sql?run=*")
    assert page.input_value("#value-word") == "上海"
