"""People hit and tickets by day, as an ECharts option."""

from __future__ import annotations

from typing import Any

from userops.words import Words


def trend(days: dict[str, Any], language: str) -> dict[str, Any]:
    """The share of active people who were hit, and the tickets. `days`: of a run."""
    share, tickets = Words("受影响占活跃用户", "Hit, of active users"), Words("工单", "Tickets")
    lines: list[dict[str, Any]] = []
    if days["hit"] is not None:
        pairs = zip(days["hit"], days["active"], strict=True)
        values = [hit / active if active else None for hit, active in pairs]
        lines.append(
            {"id": "hit", "name": share.text(language), "type": "line", "yAxisIndex": 0, "data": values}
        )  # fmt: skip
    lines.append(
        {"id": "tickets", "name": tickets.text(language), "type": "bar",
         "yAxisIndex": len(lines), "data": days["tickets"]}
    )  # fmt: skip
    both = len(lines) > 1
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {},
        "xAxis": {"type": "category", "data": days["day"]},
        "yAxis": [{"type": "value", "min": 0} for _line in lines],
        "series": lines,
        "userops": {"formats": ["percent", "count"]} if both else {"format": "count"},
    }
