"""The size of a segment by day, as an ECharts option."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from userops.audience.segments.models import Segment
from userops.words import Words

_SIZE = Words("用户数", "Users")


def size_chart(segment: Segment, language: str) -> dict[str, Any] | None:
    """None before there are two days. Days without a size are gaps."""
    sizes = {each.day: each.size for each in segment.sizes.all()}
    if len(sizes) < 2:
        return None
    first, last = min(sizes), max(sizes)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        "xAxis": {"type": "category", "data": [str(day) for day in days]},
        "yAxis": {"type": "value", "min": 0},
        "series": [
            {
                "type": "line",
                "name": _SIZE.text(language),
                "data": [sizes.get(day) for day in days],
                "connectNulls": False,
            }
        ],
        "userops": {"format": "count"},
    }
