from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from userops.analyses.table import Column, Table
from userops.insights.exporting import BOM, csv_bytes, xlsx_bytes
from userops.spreadsheets import neutral
from userops.words import Words

HOSTILE = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", '=HYPERLINK("http://x")', "plain", "支付"]
TABLE = Table(
    (
        Column("name", Words("=名称", "=Name")),
        Column("users", Words("用户", "Users"), "whole"),
        Column("rate", Words("比例", "Rate"), "share"),
        Column("start", Words("日期", "Day"), "date"),
        Column("paid", Words("金额", "Paid"), "money:GBP"),
    ),
    [(text, -3, 0.5, date(2026, 1, 31), 12.5) for text in HOSTILE]
    + [("none", None, None, None, None)],
)


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_are_never_formulas(text: str) -> None:
    assert neutral(text)[0] not in "=+-@\t\r"


def test_csv_has_a_mark_and_harmless_cells() -> None:
    text = csv_bytes(TABLE, "zh-hans", "").decode()
    assert text.startswith(BOM)
    rows = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert rows[0] == ["'=名称", "用户", "比例", "日期", "金额"]
    assert rows[1] == ["'=1+1", "-3", "0.5", "2026-01-31", "12.5"]
    assert rows[-1] == ["none", "", "", "", ""]
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows)


def test_xlsx_has_numbers_dates_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes(TABLE, "en", "Definition: all.")))
    sheet = book["Data"]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert [cell.value for cell in sheet["B"]][1:3] == [-3, -3]
    assert sheet["D2"].value.date() == date(2026, 1, 31)
    assert sheet["E2"].value == 12.5 and "£" in sheet["E2"].number_format
    assert sheet["A2"].value == "=1+1" and sheet["A2"].data_type == "s"
    assert book["Definition"]["A1"].value == "Definition: all."
