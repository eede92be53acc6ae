"""A file in Chromium: upload → map → preview → check → import → quality report → its events in a chart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DemoServer

pytestmark = pytest.mark.browser

ROWS = 200


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """GBK, Chinese column names, coded events, local times, and one row without a user."""
    lines = ["用户,类型,时间,城市"]
    for number in range(ROWS):
        user = f"导入用户{number % 40}" if number != 7 else ""
        lines.append(f"{user},{number % 2 + 1},2026-02-05 {number % 24:02d}:15:00,上海")
    path = tmp_path / "行为日志.csv"
    path.write_bytes("\n".join(lines).encode("gbk"))
    return path


def test_a_file_becomes_figures(page: Any, demo_server: DemoServer, file: Path) -> None:
    base = f"{demo_server.url}/p/{demo_server.product}"
    page.goto(f"{base}/imports")
    page.set_input_files("#file", str(file))
    page.click("text=上传并映射")
    page.wait_for_url("**/imports/new/**")
    assert page.locator("#encoding").input_value() == ""
    assert page.locator("#user").input_value() == "用户"
    assert page.locator("#time").input_value() == "时间"
    with page.expect_response(lambda answer: "/imports/new/" in answer.url and answer.ok):
        page.fill("#event_map", "1=导入浏览\n2=导入下单")
        page.locator("#event_map").blur()
    page.wait_for_selector("text=导入下单")
    page.click("text=先检查整个文件")
    page.wait_for_selector("text=将入库")
    page.click("button:has-text('导入')")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[1].isdigit())
    page.wait_for_selector("text=拒绝原因", timeout=30_000)
    shown = page.inner_text("main")
    assert "user_missing" in shown
    assert f"{ROWS - 1}" in shown
    page.goto(f"{base}/quarantine")
    page.wait_for_selector("text=缺少用户标识")
    page.goto(f"{base}/catalogue")
    page.wait_for_selector("text=导入浏览")


def test_an_event_shows_live(page: Any, demo_server: DemoServer) -> None:
    base = f"{demo_server.url}/p/{demo_server.product}"
    page.goto(f"{base}/sources")
    key = page.locator("td code").first.inner_text()
    page.goto(f"{base}/live")
    sent = page.request.post(
        f"{demo_server.url}/v1/events",
        headers={"Authorization": f"Bearer {key}"},
        data={"event": "live_test", "user": "someone", "properties": {"colour": "红"}},
    )
    assert sent.ok
    page.wait_for_selector("text=live_test", timeout=10_000)
