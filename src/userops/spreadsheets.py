"""Texts that a spreadsheet would run as formulas, made harmless: the one rule for CSV and Excel files."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
FORMULA = r"^[=+\-@\t\r\n]"
"""The same as a pattern, for engines that take one."""


def neutral(text: str) -> str:
    """A text that a spreadsheet would take for a formula, with a ' before it."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
