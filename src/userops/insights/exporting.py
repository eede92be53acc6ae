"""A result table as a file: CSV and XLSX that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from userops.analyses.table import Column, Table
from userops.money import sheet_format
from userops.publishing.numbers import CURRENCY
from userops.spreadsheets import neutral

BOM = "\ufeff"
_FORMATS = {
    "share": "0.0%",
    "points": "0.00%",
    "whole": "#,##0",
    "gain": "+#,##0;-#,##0;0",
    "number": "#,##0.00",
    "seconds": "#,##0.0",
}


@dataclass(frozen=True, slots=True)
class FileFormat:
    extension: str
    media_type: str
    write: Callable[[Table, str, str], bytes]
    """The table, a language, and the sentence that defines it."""


def csv_bytes(table: Table, language: str, _definition: str) -> bytes:
    """UTF-8 with a mark at the start, by which Excel knows it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([neutral(column.words.text(language)) for column in table.columns])
    for row in table.rows:
        shown = [
            column.shown(each, language) for column, each in zip(table.columns, row, strict=True)
        ]
        writer.writerow([neutral(each) if isinstance(each, str) else each for each in shown])
    return (BOM + out.getvalue()).encode()


def xlsx_bytes(table: Table, language: str, definition: str) -> bytes:
    """A sheet with the figures as numbers, and one with the definition."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("数据" if language.startswith("zh") else "Data")
        bold = book.add_format({"bold": True, "bottom": 1})
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, column.words.text(language), bold)
        formats = {
            each.type: book.add_format({"num_format": _format(each.type, language)})
            for each in table.columns
        }
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(table.rows, start=1):
            for at, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                shown = column.shown(value, language)
                _write(sheet, (line, at), column, shown, {**formats, "date": dated})
        sheet.freeze_panes(1, 0)
        sheet.autofit()
        notes = book.add_worksheet("口径" if language.startswith("zh") else "Definition")
        notes.set_column(0, 0, 100)
        notes.write_string(0, 0, definition, book.add_format({"text_wrap": True, "valign": "top"}))
    return out.getvalue()


def _format(type_: str, language: str) -> str:
    family, _, currency = type_.partition(":")
    if family == "money":
        return sheet_format(language, currency or CURRENCY)
    return _FORMATS.get(type_, "General")


def _write(
    sheet: Any, place: tuple[int, int], column: Column, value: Any, formats: dict[str, Any]
) -> None:
    if value is None:
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(*place, value, formats.get(column.type))
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, formats["date"])
    else:
        # always a string cell: nothing in it is ever evaluated
        sheet.write_string(*place, str(value))


_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, FileFormat] = {
    "csv": FileFormat("csv", "text/csv; charset=utf-8", csv_bytes),
    "xlsx": FileFormat("xlsx", _SHEETS, xlsx_bytes),
}
