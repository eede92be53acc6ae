"""How numbers, times and money are written, in both languages: one way for pages, reports and files.

The twin for scripts is `web/static/userops/js/numbers.js`. What is not known is a dash, never 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from numbers import Real
from typing import Any, Literal, TypeGuard

from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent, list_currencies
from babel.units import format_unit

from userops.money import WHOLE_MONEY, locale_of, money
from userops.words import Words, minus

DASH = "–"
COMPACT_FROM = 10_000
POINTS = Words(" 个百分点", " points")
YES, NO = Words("是", "yes"), Words("否", "no")
UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
CURRENCY = "CNY"


def known(value: Any) -> TypeGuard[float]:
    """Whether it is a number to show: of Python, numpy or the database, and finite."""
    return (
        isinstance(value, Real | Decimal) and not isinstance(value, bool) and math.isfinite(value)
    )


def shown(value: Any, type: str = "text", language: str = "zh-hans") -> str:  # noqa: A002
    """A value as people read it, by the type of its column; see `TYPES`.

    A date's own text (`2026-09-01`, `2026-09`) stays as it is; a value that is no number in a column
    of numbers, such as the name of a group, too.
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return DASH
    if isinstance(value, Words):
        return value.text(language)
    if isinstance(value, bool):
        return (YES if value else NO).text(language)
    write = TYPES.get(type)
    if write is not None and known(value):
        return write(value, language)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return day(value, language) if type == "day" else value.isoformat()
    return number(value, language) if known(value) else str(value)


def decimal(value: float, pattern: str, language: str) -> str:
    return minus(format_decimal(value, pattern, locale=locale_of(language)))


def whole(value: float, language: str) -> str:
    """1234567 → 1,234,567."""
    return decimal(value, "#,##0", language)


def number(value: float, language: str) -> str:
    """1234567.5 → 1,234,567.5: all digits, at most two decimals."""
    return decimal(value, "#,##0.##", language)


def gain(value: float, language: str) -> str:
    """A difference of counts, signed: 1234 → +1,234."""
    return ("+" if value > 0 else "") + number(value, language)


def fixed(value: float, digits: int, language: str) -> str:
    """7.5 with two digits → 7.50: beside other numbers of its kind. What rounds to nothing has no sign."""
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    text = decimal(value, pattern, language)
    return text if any(digit in text for digit in "123456789") else text.lstrip("−")


def digits_of(values: Iterable[Any]) -> int:
    """How many decimals the numbers of a column need, all of them the same: at most two, and fewer of large ones."""
    numbers = {round(float(each), 2) for each in values if known(each)}
    largest = max(map(abs, numbers), default=0)
    most = 0 if largest >= COMPACT_FROM else 1 if largest >= WHOLE_MONEY else 2
    return next((n for n in range(most) if all(round(each, n) == each for each in numbers)), most)


def compact(value: float, language: str) -> str:
    """From ten thousand on: 12345 → 1.2万 · 12.3k; below: all digits."""
    if abs(value) < COMPACT_FROM:
        return number(value, language)
    short: str = format_compact_decimal(value, locale=locale_of(language), fraction_digits=1)
    return minus(short.replace("K", "k"))


def share(value: float, language: str) -> str:
    """0.1234 → 12.3%."""
    return minus(format_percent(value, "#,##0.0%", locale=locale_of(language)))


def points(value: float, language: str) -> str:
    """A difference of shares, signed: 0.0123 → +1.23 个百分点 · +1.23 points."""
    return decimal(value * 100, "+#,##0.00;-#,##0.00", language) + POINTS.text(language)


def change(value: float, language: str) -> str:
    """A relative change, signed: 0.1234 → +12.3%."""
    return minus(format_percent(value, "+#,##0.0%;-#,##0.0%", locale=locale_of(language)))


def seconds(value: float, language: str, *, even: bool = False) -> str:
    """129600 → 1.5 天 · 1.5 days: the largest unit that keeps one or more, with one decimal; `even`: always with it."""
    name, size = next((each for each in UNITS if abs(value) >= each[1]), UNITS[-1])
    digits = 3 if abs(value) < 1 else 1
    count = round(float(value) / size, digits)
    pattern = "#,##0.0##" if even else "#,##0.###"
    locale = locale_of(language)
    length: Literal["short", "long"] = "short" if locale.language == "zh" else "long"
    # 1.0 is more than one in English
    told = Decimal(f"{count:.{digits}f}") if even else count
    text = format_unit(told, f"duration-{name}", length, pattern, locale=locale)
    return spaced(minus(text))


def day(value: date, language: str) -> str:
    """2026年11月22日 · Nov 22, 2026."""
    text: str = format_date(value, "medium", locale=locale_of(language))
    return text


def k_of_n(part: Any, whole_: Any, language: str) -> str:
    """12/3,450, to stand beside small percentages."""
    return f"{shown(part, 'number', language)}/{shown(whole_, 'number', language)}"


def span(value: timedelta, language: str) -> str:
    """2 小时 30 分 · 2 h 30 min; below a minute in seconds; a minus before what is over."""
    sign, whole_ = ("−" if value < timedelta(0) else ""), round(abs(value.total_seconds()))
    hours, minutes, rest = whole_ // 3600, whole_ // 60 % 60, whole_ % 60
    zh = language.startswith("zh")
    if not whole_:
        return "0 分" if zh else "0 min"
    if not hours and not minutes:
        return f"{sign}{rest}{' 秒' if zh else ' s'}"
    parts = [f"{hours:,} 小时" if zh else f"{hours:,} h"] if hours else []
    if minutes:
        parts.append(f"{minutes} 分" if zh else f"{minutes} min")
    return sign + " ".join(parts)


def spaced(text: str) -> str:
    """A space between a number and the Chinese word after it, as in all our own texts."""
    return re.sub(r"(?<=\d)(?=[\u4e00-\u9fff])", " ", text)


TYPES: Mapping[str, Callable[[float, str], str]] = {
    "whole": number,
    "number": number,
    "gain": gain,
    "compact": compact,
    "share": share,
    "points": points,
    "change": change,
    "seconds": seconds,
    "money": partial(money, currency=CURRENCY),
    **{f"money:{code}": partial(money, currency=code) for code in list_currencies()},
}
"""The types of columns whose values are numbers; `money` is in yuan, `money:GBP` in pounds.

Persons are counted in whole numbers; an average of them under a `whole` column keeps its decimals."""
NUMERIC = frozenset(TYPES)
