"""Cell formats of a workbook, each made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.money import sheet_format
from userops.publishing.charts.colours import tokens
from userops.publishing.numbers import CURRENCY

FONT = "微软雅黑"
WHOLE = "#,##0"
NUMBERS: Mapping[str, str] = {
    "whole": "#,##0.##;-#,##0.##",
    "gain": "+#,##0;-#,##0;0",
    "compact": "#,##0.##;-#,##0.##",
    "share": "0.0%",
    "change": "+0.0%;-0.0%;0.0%",
    "points": '+0.00" {points}";-0.00" {points}";0.00" {points}"',
    "seconds": "[h]:mm:ss",
}
"""`points` are written times 100, `seconds` as days, of which Excel makes hours; a whole number without decimals takes
`WHOLE`."""
UNITS = {"zh": {"points": "个百分点"}, "en": {"points": "points"}}


class Looks:
    """Formats by what they are for; asking twice gives the same one."""

    def __init__(self, book: Any, language: str) -> None:
        self._book = book
        self._language = language
        self._units = UNITS["zh" if language.startswith("zh") else "en"]
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def of(self, **given: Any) -> Any:
        whole = {"font_name": FONT, "font_size": 10, "valign": "top", **given}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def title(self) -> Any:
        return self.of(bold=True, font_size=14, font_color=tokens()["ink"])

    def head(self, *, right: bool, apart: bool = False) -> Any:
        return self.of(
            **_indent(apart and not right),
            bold=True,
            bg_color=tokens()["sunken"],
            font_color=tokens()["ink-2"],
            bottom=1,
            text_wrap=True,
            align="right" if right else "left",
            valign="vcenter",
        )

    def quiet(self, **given: Any) -> Any:
        return self.of(font_color=tokens()["ink-3"], font_size=9, **given)

    def link(self) -> Any:
        return self.of(font_color=tokens()["accent"], underline=1)

    def number(self, kind: str, value: float, *, bold: bool) -> Any:
        family, _, code = kind.partition(":")
        pattern = NUMBERS.get(family, "General").format(**self._units)
        if family == "number":
            pattern = WHOLE + ("." + "0" * int(code) if int(code) else "")
        if family == "money":
            pattern = sheet_format(self._language, code or CURRENCY)
        if kind in ("whole", "compact") and float(value).is_integer():
            pattern = WHOLE
        return self.of(num_format=pattern, align="right", **_cell(bold=bold))

    def text(self, *, bold: bool, apart: bool = False, wrapped: bool = False) -> Any:
        """`apart`: from the number at its left."""
        lines = {"text_wrap": True} if wrapped else {}
        return self.of(**_cell(bold=bold), **_indent(apart), **lines)

    def day(self, *, bold: bool, apart: bool = False) -> Any:
        return self.of(num_format="yyyy-mm-dd", align="left", **_cell(bold=bold), **_indent(apart))


def _cell(*, bold: bool) -> dict[str, Any]:
    """One line high, and level with the others of its row, whose letters may be of another face."""
    return {"valign": "vcenter", **({"bold": True} if bold else {})}


def _indent(apart: bool) -> dict[str, int]:
    return {"indent": 1} if apart else {}
