"""Lengths of time: as documents write them, as sentences say them, and the spans that histograms show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from userops.words import Words

UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000}
MAX_DAYS = 3660
_FORM = re.compile(r"([1-9][0-9]{0,8})(s|m|h|d|w)")

_UNITS = {
    "s": Words("秒", "second"),
    "m": Words("分钟", "minute"),
    "h": Words("小时", "hour"),
    "d": Words("天", "day"),
    "w": Words("周", "week"),
}
_FIXED = {
    "d": Words("（每天按 24 小时计）", " of 24 hours"),
    "w": Words("（7 × 24 小时）", " of 7 × 24 hours"),
}
_SCALES = (
    (86_400, Words("天", "d")),
    (3_600, Words("小时", "h")),
    (60, Words("分", "min")),
    (1, Words("秒", "s")),
)

EDGES = (
    0, 1, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 259_200,
    604_800, 1_209_600, 2_592_000, 5_184_000, 7_776_000, 15_552_000, 31_536_000,
)  # fmt: skip
"""Bounds of a histogram in seconds: spans that people have words for."""


def milliseconds_in(text: str) -> int | None:
    """`30m`, `24h`, `7d` in milliseconds; none for another form."""
    found = _FORM.fullmatch(text)
    return int(found[1]) * UNIT_MS[found[2]] if found else None


def _checked(text: str) -> str:
    if not 0 < (milliseconds_in(text) or 0) <= MAX_DAYS * UNIT_MS["d"]:
        raise ValueError("span")
    return text


Span = Annotated[str, AfterValidator(_checked)]
"""A length of time in a document; of at most `MAX_DAYS`."""


def span_ms(span: str) -> int:
    """Milliseconds of a `Span`; 0 for a text that is none."""
    return milliseconds_in(span) or 0


def duration_words(text: str) -> Words:
    """`7d` as `7 天（每天按 24 小时计）`, `7 days of 24 hours`."""
    found = _FORM.fullmatch(text)
    assert found is not None
    count, unit = found[1], _UNITS[found[2]]
    more = _FIXED.get(found[2], Words("", ""))
    plural = "" if count == "1" else "s"
    return Words(f"{count} {unit.zh}{more.zh}", f"{count} {unit.en}{plural}{more.en}")


def span_name(part: Mapping[str, Any], language: str) -> str:
    """A part of a histogram, `from` and `to` in whole seconds: `1 分 – 5 分`, `≥ 2 h`."""
    begin = _short(part["from"], language)
    return f"≥ {begin}" if part["to"] is None else f"{begin} – {_short(part['to'], language)}"


def _short(seconds: int, language: str) -> str:
    for scale, words in _SCALES:
        if seconds >= scale and seconds % scale == 0:
            return f"{seconds // scale} {words.text(language)}"
    return "0"
