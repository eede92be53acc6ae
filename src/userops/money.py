"""Sums of money as people write them, in both languages."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.numbers import format_currency, get_currency_symbol

from userops.words import minus

WHOLE_MONEY = 1_000


@cache
def locale_of(language: str) -> Locale:
    """The Babel locale of a language code such as `zh-hans`, `zh`, `en`, `en-gb`."""
    chinese = language.lower().startswith("zh")
    return Locale("zh", "CN", script="Hans") if chinese else Locale("en")


def money(value: float, language: str, currency: str, digits: int | None = None) -> str:
    """12.5 → ¥12.50 · CN¥12.50; from a thousand on without decimals: 1234.4 → ¥1,234. `digits`: as many decimals as
    other sums beside it have."""
    if digits is None:
        digits = 0 if abs(value) >= WHOLE_MONEY else 2
    pattern = f"¤#,##0.{'0' * digits}" if digits else "¤#,##0"
    text: str = format_currency(
        value, currency, pattern, locale=locale_of(language), currency_digits=False
    )
    return minus(text)


def currency_sign(language: str, currency: str) -> str:
    """What stands before a sum: ¥ in Chinese, CN¥ in English."""
    sign: str = get_currency_symbol(currency, locale=locale_of(language))
    return sign


def sheet_format(language: str, currency: str) -> str:
    """The format of a cell of a spreadsheet that holds a sum."""
    sign = currency_sign(language, currency)
    return f'"{sign}"#,##0.00;-"{sign}"#,##0.00'
