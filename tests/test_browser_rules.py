"""Rules and deadlines in Chromium: a rule is built, tried on the past, switched on; the log says why it fired."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import DemoServer

pytestmark = pytest.mark.browser


def accessible(page: Any, axe: str) -> None:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa']})")
    told = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
    assert told == []


def test_a_rule_from_the_form_to_its_log(page: Any, demo_server: DemoServer, axe: str) -> None:
    old = demo_server.errand("ticket-open", text="积分兑换页打不开，积分也没退")["number"]
    rules = f"{demo_server.url}/p/{demo_server.product}/feedback/rules"
    page.goto(rules)
    accessible(page, axe)
    page.goto(f"{rules}/new")
    page.fill("#rule-name", "积分问题")
    page.select_option("[name=new-all]", "text")
    page.click("[value=add-all]")
    page.wait_for_selector("[name=all-0-values]")
    page.fill("[name=all-0-values]", "积分兑换，兑换码")
    page.select_option("[name=new-then]", "severity")
    page.click("[value=add-then]")
    page.wait_for_selector("[name=then-0-value]")
    assert page.input_value("#rule-name") == "积分问题"
    page.select_option("[name=then-0-value]", "urgent")
    page.wait_for_selector(".rule-told >> text=严重程度改为“紧急”")
    accessible(page, axe)
    page.click(".form-actions .btn-primary")
    page.wait_for_selector(".rule-sentence")
    # tried on the past: nothing changes
    page.click("form[action$='dry-run'] button")
    page.wait_for_selector(f"#run-now:not([data-running]) a:has-text('#{old}')")
    assert demo_server.errand("ticket-show", ticket=old)["severity"] != "urgent"
    accessible(page, axe)
    page.click("button[name=do][value=on]")
    page.wait_for_selector("button[name=do][value=off]")
    fresh = demo_server.errand("ticket-open", text="兑换码无效")["number"]
    for _look in range(60):
        if demo_server.errand("ticket-show", ticket=fresh)["severity"] == "urgent":
            break
        page.wait_for_timeout(500)
    page.goto(f"{rules}/log?ticket={fresh}")
    page.wait_for_selector("text=标题与首条内容包含“积分兑换”或“兑换码”")
    assert "严重程度改为“紧急”" in page.inner_text("table")
    accessible(page, axe)
    page.goto(f"{demo_server.url}/p/{demo_server.product}/feedback/inbox/{fresh}")
    page.wait_for_selector("text=（规则“积分问题”）")


def test_deadlines_and_their_policies(page: Any, demo_server: DemoServer, axe: str) -> None:
    root = f"{demo_server.url}/p/{demo_server.product}/feedback/deadlines"
    for path in ("", "/policies", "/policies/new"):
        page.goto(f"{root}{path}")
        page.wait_for_selector("h1")
        accessible(page, axe)
    page.fill("[name=name]", "很急的")
    page.check("[name=severities][value=urgent]")
    page.fill("[name=first]", "0.5")
    page.click(".form-actions .btn-primary")
    page.wait_for_selector("a:has-text('很急的')")
    number = demo_server.errand("ticket-open", text="账号被盗了", severity="urgent")["number"]
    page.goto(f"{demo_server.url}/p/{demo_server.product}/feedback/inbox/{number}/deadlines")
    page.wait_for_selector("text=首次响应")
    accessible(page, axe)
