"""Annotations and alerts in Chromium: written from an analysis, switched off, watched, told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import DemoServer

pytestmark = pytest.mark.browser
READY = "figure[data-chart][data-ready]"


def marks(page: Any) -> int:
    """Marks drawn on the chart, as ECharts has them."""
    return page.evaluate(
        """() => {
          const chart = echarts.getInstanceByDom(document.querySelector(".chart .canvas"));
          const series = chart.getOption().series.find((one) => one.id === "annotations");
          return series ? series.markLine.data.length : 0;
        }"""
    )


def test_an_annotation_from_an_analysis(page: Any, demo_server: DemoServer) -> None:
    trend = f"{demo_server.url}/p/{demo_server.product}/insights/trend?series.0.event=app_open"
    page.goto(trend)
    page.wait_for_selector(f"#result {READY}")
    before = marks(page)
    page.click('[data-dialog="annotate"]')
    page.fill("#annotation-text", "首页改版")
    page.click("#annotate .form-actions button")
    page.wait_for_selector(f"#result {READY}")
    assert "series.0.event=app_open" in page.url
    assert marks(page) in (before, before + 1)  # a day that had one already is shared
    page.click("details.annotations > summary")
    assert "首页改版" in page.inner_text("details.annotations ol")
    # the last day: the tooltip tells it too
    box = page.locator(".chart .canvas").bounding_box()
    right = page.evaluate(
        """() => {
          const chart = echarts.getInstanceByDom(document.querySelector(".chart .canvas"));
          return chart.convertToPixel({ xAxisIndex: 0 }, chart.getOption().xAxis[0].data.length - 1);
        }"""
    )
    page.mouse.move(box["x"] + right - 1, box["y"] + box["height"] / 2)
    page.wait_for_selector(".tooltip-note:has-text('首页改版')")
    # the switch holds for other pages of this browser too
    page.uncheck("[data-annotations-switch]")
    assert marks(page) == 0
    page.reload()
    page.wait_for_selector(f"#result {READY}")
    assert marks(page) == 0
    page.click("details.annotations > summary")
    page.check("[data-annotations-switch]")
    assert marks(page) > 0


def test_an_alert_from_a_saved_trend_to_its_notice(page: Any, demo_server: DemoServer) -> None:
    base = f"{demo_server.url}/p/{demo_server.product}"
    page.goto(f"{base}/alerts/new")
    page.select_option("#analysis", label="支付金额")
    page.click("form:has(#analysis) button")
    page.fill("#id_name", "支付过低")
    assert not page.is_visible("#id_limit")
    page.check('[name="kind"][value="threshold"]')
    page.fill("#id_limit", "1000000000")
    page.click(".alert-form .form-actions button")
    page.wait_for_selector(READY)
    assert "支付过低" in page.inner_text("h1")
    page.click('button[value="test"]')
    page.wait_for_selector("text=测试消息已发给所有通知对象")
    bell = page.locator("a.bell")
    assert "未读" in (bell.get_attribute("aria-label") or "")
    # by the keyboard: to the list, to the newest, and where it leads
    bell.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts/*")
    assert "支付过低" in page.inner_text("h1")
