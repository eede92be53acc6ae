"""The reference page of SQL says what the code does, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from userops.insights.sql.asking import KEPT
from userops.insights.sql.page import FILE_ROWS
from userops.sql.answers import MANY, SHOWN
from userops.sql.checking import TABLE_FUNCTIONS
from userops.sql.tables import OPEN_SETTINGS, TABLES

DOCS = Path(__file__).parents[4] / "docs" / "reference"


@pytest.mark.parametrize(("page", "language"), [("sql.md", "en"), ("sql.zh-CN.md", "zh")])
def test_every_column_limit_and_setting_is_documented(page: str, language: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for table in TABLES:
        assert f"### `{table.name}`" in text
        for column in table.columns:
            row = f"| `{column.name}` | `{column.type}` | {column.words.text(language)} |"
            assert row in text, f"{page} lacks the row: {row}"
    for number in (SHOWN, MANY, FILE_ROWS, KEPT):
        assert f"{number:,}" in text
    for name in (*OPEN_SETTINGS, *TABLE_FUNCTIONS):
        assert f"`{name}`" in text or name in (
            "date_time_output_format",
            "generateSeries",
            "SQLStandardValues",
        )
