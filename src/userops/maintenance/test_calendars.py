from __future__ import annotations

from typing import Any

import pytest

from userops.maintenance.errands import ERRANDS

WEEK = ["09:00-12:00 13:30-18:00"] * 5 + ["off"] * 2


def test_errands_of_the_command_line(store: Any, product: Any) -> None:
    def ask(errand: str, **given: Any) -> Any:
        return ERRANDS[errand](store, product=product.slug, **given)

    made = ask(
        "calendar-add", name="标准", week=WEEK, make_up="09:00-18:00", region="CN", timezone=""
    )
    assert ask("calendars")[0]["id"] == made["id"]
    ask("calendar-day", calendar="", day="2026-10-09", hours="off", note="厂休")
    assert "厂休" in ask("calendar-table", calendar="")
    assert "国庆节" in ask("calendar-table", calendar="标准", year=2026)
    text = "day,hours,note\n2026-10-11,09:00-12:00,\n"
    assert ask("calendar-take", calendar="标准", text=text, replace=True)["taken"] == 1
    assert ask("calendar-due", calendar="", start="2026-09-30T17:00", minutes=120)[
        "local"
    ].startswith("2026-10-08")
    with pytest.raises(Exception, match="no calendar"):
        ask("calendar-table", calendar="x")
