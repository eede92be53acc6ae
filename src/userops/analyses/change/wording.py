"""What a change is called in words. Nothing here names a reason: a decomposition knows places only."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import value_words
from userops.analyses.change.segments import OVERLAP
from userops.events.fields import BY_NAME
from userops.query.filters import MOMENT
from userops.query.steps import Breakdown
from userops.words import Words, minus

WHERE = Words("位置", "Where")
_VALUES: dict[str, Words] = {
    OVERLAP: Words("重复计入", "Counted twice"),
    "$unreached": Words("未到达", "Not reached"),
}
STATES: dict[str, Words] = {
    "new": Words("新增分群", "new segment"),
    "gone": Words("消失分群", "vanished segment"),
}


def segment_words(value: str) -> Words:
    """A value of a property as it is shown."""
    return _VALUES.get(value) or value_words(value)


def property_words(of: str, name: str) -> Words:
    """A property without a catalogue at hand."""
    field = (BY_NAME.get(name) or MOMENT.get(name)) if of == "event" else None
    words = field.words if field else Words(name, name)
    return Words(f"用户的{words.zh}", f"user {words.en}") if of == "user" else words


def breakdown_words(each: Breakdown) -> Words:
    return property_words(each.of, each.property)


def number_words(value: Any, type_: str, *, signed: bool = False) -> Words:
    """A figure in a sentence: shares as percentages, changes of shares as percentage points."""
    if value is None:
        return Words("无", "none")
    sign = "+" if signed else ""
    if type_ == "share":
        text = minus(f"{value * 100:{sign}.2f}")
        return (
            Words(f"{text} 个百分点", f"{text} points") if signed else Words(f"{text}%", f"{text}%")
        )
    text = minus(f"{value:{sign},.{_decimals(value)}f}")
    return Words(text, text)


def _decimals(value: float) -> int:
    """Of a figure in a sentence: none of a large one."""
    size = abs(value)
    if float(value).is_integer() or size >= 1_000:
        return 0
    return 1 if size >= 100 else 2
