"""What traits are called in words."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import value_words
from userops.analyses.page import Label
from userops.events.fields import BY_NAME
from userops.query.filters import MOMENT
from userops.query.naming import labelled
from userops.words import Words

KINDS: dict[str, Words] = {
    "event": Words("做过事件", "Did the event"),
    "times": Words("事件次数", "Times of the event"),
    "event_property": Words("事件属性", "Event property"),
    "user_property": Words("用户属性", "User property"),
    "activity": Words("活跃情况", "Activity"),
}
ACTIVITY: dict[str, Words] = {
    "active_days": Words("活跃天数", "Active days"),
    "events": Words("事件数", "Events"),
    "age_days": Words("首次出现至今的天数", "Days since first seen"),
}
TOLD: dict[str, Words] = {
    "telling": Words("有差异", "telling"),
    "defining": Words("属于选人条件", "part of the question"),
    "chance": Words("可能出于偶然", "may be chance"),
}


def told(row: dict[str, Any]) -> str:
    return "telling" if row["telling"] else "defining" if row["defining"] else "chance"


def trait_words(row: dict[str, Any], label: Label) -> Words:
    """A trait as a sentence names it."""
    if row["kind"] == "activity":
        return ACTIVITY[row["name"]]
    if row["kind"] in ("event", "times"):
        name = label("events", row["name"])
        if row["kind"] == "event":
            return Words(f"做过“{name}”", f"did “{name}”")
        return Words(f"“{name}”的次数", f"times of “{name}”")
    name = label("event" if row["kind"] == "event_property" else "user", row["name"])
    if row["value"] is None:
        return Words(name, name)
    value = value_words(row["value"], row["name"])
    return Words(f"{name} = {value.zh}", f"{name} = {value.en}")


def plain_label(language: str) -> Label:
    """Names of properties as `naming` gives them, else without a catalogue at hand."""

    def label(of: str, name: str) -> str:
        if (words := labelled(of, name)) is not None:
            return words.text(language)
        field = (BY_NAME.get(name) or MOMENT.get(name)) if of == "event" else None
        return field.words.text(language) if field else name

    return label
