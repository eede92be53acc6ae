"""The slow, obvious features in plain Python that tests hold the arrays against. Not in the product."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import log1p
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An event: `person`, `ts` (UTC ms), `event`, `core` (whether it is the core action)."""


def frame(
    rows: list[Row], zone: ZoneInfo, day: date, window: int, back: int, names: list[str]
) -> dict[int, list[float]]:
    """Of each person with a core action in the window up to a day: the features, in their order."""
    by: dict[int, list[tuple[int, Row]]] = {}
    for row in rows:
        ago = (day - datetime.fromtimestamp(row["ts"] / 1000, zone).date()).days
        if ago >= 0:
            by.setdefault(row["person"], []).append((ago, row))
    found = {}
    for person, own in sorted(by.items()):
        visits = {ago for ago, row in own if row["core"]}
        if not any(ago < window for ago in visits):
            continue
        recent = [(ago, row) for ago, row in own if ago < back]
        active = len({ago for ago in visits if ago < back})
        week = len({ago for ago in visits if ago < 7 and ago < back})
        features = [
            min(visits),
            week,
            active,
            week - (active - week) / max(back - 7, 1) * 7,
            log1p(sum(row["core"] for _, row in recent)),
            log1p(len(recent) / max(active, 1)),
            len({row["event"] for _, row in recent} & set(names)),
            max((ago for ago, _ in recent), default=0),
            *(log1p(sum(row["event"] == name for _, row in recent)) for name in names[:12]),
        ]
        found[person] = [float(each) for each in features]
    return found


def stayed(rows: list[Row], zone: ZoneInfo, day: date, gap: int, window: int) -> set[int]:
    first = day + timedelta(days=gap + 1)
    last = day + timedelta(days=gap + window)
    return {
        row["person"]
        for row in rows
        if row["core"] and first <= datetime.fromtimestamp(row["ts"] / 1000, zone).date() <= last
    }
