"""Spans of time as people write them: 30m, 24h, 7d."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from userops.words import Words

MAX_DAYS = 3660
UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}
_SPAN = re.compile(r"([1-9][0-9]{0,8})(s|m|h|d|w)")
_UNITS: dict[str, Words] = {
    "s": Words("秒", "second"),
    "m": Words("分钟", "minute"),
    "h": Words("小时", "hour"),
    "d": Words("天（每天 24 小时）", "day of 24 hours"),
    "w": Words("周（7 × 24 小时）", "week of 7 × 24 hours"),
}


def span_ms(text: str) -> int:
    """Milliseconds of a span; 0 for what is none."""
    found = _SPAN.fullmatch(text)
    return int(found[1]) * UNIT_MS[found[2]] if found else 0


def _checked(text: str) -> str:
    if not 0 < span_ms(text) <= MAX_DAYS * UNIT_MS["d"]:
        raise ValueError("span")
    return text


Span = Annotated[str, AfterValidator(_checked)]


def describe_span(text: str) -> Words:
    """`7d` as “7 天（每天 24 小时）” and “7 days of 24 hours”."""
    count, unit = text[:-1], _UNITS[text[-1]]
    noun, _of, rest = unit.en.partition(" ")
    plural = noun if count == "1" else f"{noun}s"
    return Words(f"{count} {unit.zh}", f"{count} {plural} {rest}".rstrip())
