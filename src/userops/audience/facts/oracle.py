"""The facts of each person the slow, obvious way. Shares no code with the SQL; for tests only."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

GROUPS = {
    (True, True, True): "$key_value",
    (True, False, True): "$key_develop",
    (False, True, True): "$key_keep",
    (False, False, True): "$key_win_back",
    (True, True, False): "$general_value",
    (True, False, False): "$general_develop",
    (False, True, False): "$general_keep",
    (False, False, False): "$general_win_back",
}


def facts(
    events: Iterable[Mapping[str, Any]],
    zone: ZoneInfo,
    as_of: date,
    *,
    merges: Mapping[int, int],
    category: str,
    lifecycle_days: int,
) -> dict[str, dict[int, str]]:
    """Events as `make_scope` takes them; the value property is `amount`."""
    of: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        if _local(event, zone).date() <= as_of:
            of[merges.get(event["uid"], event["uid"])].append(event)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for person, own in of.items():
        for name, value in _of_one(own, zone, as_of, category, lifecycle_days).items():
            if value is not None:
                found[name][person] = value
    found["$rfm"] = _rfm(of, zone, as_of)
    return found


def _local(event: Mapping[str, Any], zone: ZoneInfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=event["ts"])).astimezone(zone)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(round(value, 6))


def _of_one(
    own: list[Mapping[str, Any]], zone: ZoneInfo, as_of: date, category: str, span: int
) -> dict[str, str | None]:
    days = {_local(event, zone).date() for event in own}
    amounts = [event["amount"] for event in own if _finite(event.get("amount"))]
    found: dict[str, str | None] = {
        "$first_seen": str(min(days)),
        "$last_seen": str(max(days)),
        "$events": str(len(own)),
        "$sessions": str(_sessions(own)),
        "$amount": _number(round(sum(amounts), 6)),
        "$preferred_hour": _most(f"{_local(event, zone).hour:02}" for event in own),
        "$preferred_weekday": _most(str(_local(event, zone).isoweekday()) for event in own),
        "$main_platform": _most(event.get("platform", "") for event in own),
        "$favourite": _most(event.get("props", {}).get(category, "") for event in own),
        "$lifecycle": _state(days, as_of, span),
    }
    channels = sorted((event["ts"], event["channel"]) for event in own if event.get("channel"))
    found["$first_channel"] = channels[0][1] if channels else None
    for window in (7, 30, 90):
        recent = [day for day in days if as_of - timedelta(days=window) < day <= as_of]
        found[f"$active_days_{window}"] = str(len(recent))
    return found


def _finite(value: Any) -> bool:
    return value is not None and math.isfinite(value)


def _sessions(own: list[Mapping[str, Any]]) -> int:
    named = {event["session"] for event in own if event.get("session")}
    count, last = len(named), None
    for at in sorted(event["ts"] for event in own if not event.get("session")):
        if last is None or at - last > 30 * 60_000:
            count += 1
        last = at
    return count


def _most(values: Iterable[str]) -> str | None:
    counts = Counter(value for value in values if value)
    if not counts:
        return None
    top = max(counts.values())
    return max((value for value, count in counts.items() if count == top), key=str.encode)


def _state(days: set[date], as_of: date, span: int) -> str:
    this = {as_of - timedelta(days=back) for back in range(span)}
    before = {day - timedelta(days=span) for day in this}
    if days & this:
        if min(days) in this:
            return "$new"
        return "$returning" if days & before else "$resurrected"
    return "$dormant" if days & before else "$inactive"


def _rfm(of: Mapping[int, list[Mapping[str, Any]]], zone: ZoneInfo, as_of: date) -> dict[int, str]:
    values = {}
    for person, own in of.items():
        paid = [
            event
            for event in own
            if event.get("amount") is not None and (as_of - _local(event, zone).date()).days < 365
        ]
        if paid:
            recency = min((as_of - _local(event, zone).date()).days for event in paid)
            values[person] = (-recency, len(paid), round(sum(event["amount"] for event in paid), 6))
    found = {}
    for person, own_values in values.items():
        high = tuple(
            1 + 5 * sum(other[at] < own_values[at] for other in values.values()) // len(values) > 3
            for at in range(3)
        )
        found[person] = GROUPS[high]
    return found
