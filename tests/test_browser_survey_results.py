"""Results of surveys in Chromium: a file is mapped and taken, grouped into topics, taken back; every page is
accessible in every look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DemoServer
from tests.looks import FOUR, Visitor, visitors

pytestmark = pytest.mark.browser

visitor = visitors(FOUR)
TABS = ("results", "trend", "breakdown", "drivers", "weights", "topics", "answers")
SAID = (
    ("2", ("物流太慢了一周才到", "快递配送迟迟不动", "发货慢物流不更新", "配送快递晚了三天")),
    ("10", ("客服态度很好耐心", "客服回复快很专业", "人工客服解决问题", "客服主动联系我")),
)


def _file(folder: Path) -> Path:
    lines = [f"{score},{texts[at % 4]}" for score, texts in SAID for at in range(30)]
    path = folder / "answers.csv"
    path.write_text("\n".join(["打分,原因", *lines, "12,超出范围"]), encoding="utf-8")
    return path


def test_a_file_is_mapped_taken_read_and_taken_back(
    page: Any, demo_server: DemoServer, tmp_path: Path
) -> None:
    base = f"{demo_server.url}/p/{demo_server.product}/surveys/1"
    page.goto(f"{base}/import")
    page.set_input_files('input[type="file"]', str(_file(tmp_path)))
    page.click(".card form button.btn-primary")
    page.wait_for_url("**/import/*")
    assert page.input_value("#c-why") == "1", "proposed by its name"
    page.select_option("#c-nps", label="打分")
    page.click('button[value="count"]')
    page.wait_for_selector('.notice:has-text("61")')
    page.click('button[value="start"]')
    page.wait_for_url("**/imports/*")
    page.wait_for_selector('a[href$="/refused"]', timeout=60_000)
    assert "60" in page.inner_text("#state")
    page.goto(f"{base}?tab=topics&of=import")
    page.wait_for_selector("tbody[data-rows] tr")
    assert "物流" in page.inner_text("tbody[data-rows]") and "客服" in page.inner_text(
        "tbody[data-rows]"
    )
    page.click("tbody[data-rows] tr:first-child a")
    page.wait_for_selector(".said-list")
    page.goto(f"{base}/import")
    page.click("tbody[data-rows] tr:first-child a")
    page.click('form[action$="/undo"] button')
    page.wait_for_selector('#state:has-text("已撤销")')
    page.goto(f"{base}?of=import")
    page.wait_for_selector(".empty")


def test_pages_are_accessible_in_every_look(
    visitor: Visitor, axe: str, demo_server: DemoServer
) -> None:
    base = f"/p/{demo_server.product}/surveys"
    found = [base, f"{base}/1/import", *(f"{base}/2?tab={tab}" for tab in TABS)]
    assert [each for path in found for each in visitor.faults(path, axe)] == []
    assert visitor.complaints == []
