"""What a group is called, in plain words, by rules from what sets it apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from userops.words import Words

LEAST_LIFT = 1.25
MOST_PARTS = 3
EventLabel = Callable[[str], Words]


def by_key(event: str) -> Words:
    """An event without a display name."""
    return Words(event, event)


_ACTIVE: dict[str, Words] = {
    "early": Words("清晨活跃", "Early risers"),
    "morning": Words("上午活跃", "Morning users"),
    "noon": Words("午间活跃", "Noon users"),
    "afternoon": Words("下午活跃", "Afternoon users"),
    "evening": Words("晚间活跃", "Evening users"),
    "night": Words("深夜活跃", "Night owls"),
}
_PRICES: dict[str, Words] = {
    "1": Words("偏好低价", "low prices"),
    "5": Words("偏好高价", "high prices"),
}
_WEEK: dict[str, Words] = {
    "weekend": Words("周末活跃", "on weekends"),
    "workdays": Words("工作日活跃", "on weekdays"),
}
LIGHT = Words("浅尝用户", "Light users")
EVERYONE = Words("其他所有人", "Everyone else")
_PLAIN = Words("各方面接近平均", "Close to the average")


_LEVELS: dict[str, tuple[Words, Words]] = {
    "active_days": (Words("高频", "often here"), Words("低频", "seldom here")),
    "recency": (Words("近期少来", "not here lately"), Words("近期活跃", "here lately")),
    "value": (Words("高消费", "high spending"), Words("低消费", "low spending")),
}
"""High and low of a figure, where groups are made by it."""
FAR = 1.5
"""How far a mean is from that of all groups to be called high or low."""


def names_of(
    groups: Sequence[dict[str, Any]], numbers: Sequence[str] = (), event: EventLabel = by_key
) -> list[Words]:
    """Such as “深夜活跃 · 偏好潮玩、零食 · 偏好低价”; no two are the same. `event`: what an event is called."""
    names: list[Words] = []
    for group in groups:
        name = _name(group["traits"], event, _levels(group, groups, numbers))
        again = sum(each.zh.partition("（")[0] == name.zh for each in names)
        if again:
            name = Words(f"{name.zh}（{again + 1}）", f"{name.en} ({again + 1})")
        names.append(name)
    return names


def _levels(
    group: dict[str, Any], groups: Sequence[dict[str, Any]], numbers: Sequence[str]
) -> list[Words]:
    found = []
    for number in numbers:
        key = "value_per_user" if number == "value" else number
        people = sum(each["users"] for each in groups)
        mean = sum((each[key] or 0) * each["users"] for each in groups) / max(people, 1)
        own = group[key] or 0
        if number in _LEVELS and mean > 0:
            high, low = _LEVELS[number]
            found += [high] if own > FAR * mean else [low] if own < mean / FAR else []
    return found


def _name(traits: Sequence[dict[str, Any]], event: EventLabel, levels: Sequence[Words]) -> Words:
    above = [each for each in traits if each["telling"] and is_more(each, LEAST_LIFT)]
    told = [part for rule in _RULES if (part := rule(above, event)) is not None]
    parts = [*levels, *told][:MOST_PARTS]
    if not parts:
        return _PLAIN
    return Words(" · ".join(p.zh for p in parts), " · ".join(p.en for p in parts))


def is_more(trait: dict[str, Any], lift: float = 1.0) -> bool:
    """Whether a group has more of it than the others; who alone have it have no lift."""
    return trait["difference"] > 0 and (trait["lift"] is None or trait["lift"] >= lift)


def _of(traits: Sequence[dict[str, Any]], feature: str) -> list[dict[str, Any]]:
    return [each for each in traits if each["feature"] == feature]


def _hours(traits: Sequence[dict[str, Any]], _event: EventLabel) -> Words | None:
    found = _of(traits, "hours")
    return _ACTIVE[found[0]["value"]] if found else None


def _taste(traits: Sequence[dict[str, Any]], _event: EventLabel) -> Words | None:
    found = _of(traits, "taste")[:2]
    if not found:
        return None
    names = [each["value"] for each in found]
    return Words(f"偏好{'、'.join(names)}", f"prefer {' and '.join(names)}")


def _price(traits: Sequence[dict[str, Any]], _event: EventLabel) -> Words | None:
    found = [each for each in _of(traits, "price") if each["value"] in _PRICES]
    return _PRICES[found[0]["value"]] if found else None


def _week(traits: Sequence[dict[str, Any]], _event: EventLabel) -> Words | None:
    found = _of(traits, "weekdays")
    return _WEEK[found[0]["value"]] if found else None


def _does(traits: Sequence[dict[str, Any]], event: EventLabel) -> Words | None:
    found = _of(traits, "events")
    if not found:
        return None
    name = event(found[0]["value"])
    return Words(f"常有“{name.zh}”", f"often “{name.en}”")


def _where(traits: Sequence[dict[str, Any]], _event: EventLabel) -> Words | None:
    found = _of(traits, "platform") or _of(traits, "channel")
    if not found:
        return None
    return Words(f"多在 {found[0]['value']}", f"mostly {found[0]['value']}")


_RULES = (_hours, _taste, _price, _does, _where, _week)
"""In this order; the first three that say something make the name."""
