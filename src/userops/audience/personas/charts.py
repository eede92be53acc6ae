"""Charts of personas that are no analysis of their own: hours of a card, movement between runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

NOBODY = ""


def rhythm(group: dict[str, Any], others: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Hours of a card as bars, those of all other cards together as a line."""
    if not group.get("hours"):
        return None
    known = [each for each in others if each.get("hours")]
    people = sum(each["users"] * each["active_days"] for each in known)
    rest = [
        sum(each["hours"][hour] * each["users"] * each["active_days"] for each in known) / people
        if people
        else None
        for hour in range(24)
    ]
    series: list[dict[str, Any]] = [
        {"id": "group", "name": _("This persona"), "type": "bar", "data": group["hours"]}
    ]
    if people:
        series.append(
            {
                "id": "rest",
                "name": _("The others"),
                "type": "line",
                "showSymbol": False,
                "data": rest,
            }
        )
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": [str(hour) for hour in range(24)]},
        "yAxis": {"type": "value"},
        "series": series,
        "userops": {"format": "percent"},
    }


def movement(moves: Sequence[Sequence[Any]]) -> dict[str, Any] | None:
    """Who was which persona in the run before and is now, as a Sankey."""
    if not moves:
        return None
    before = {name for name, _now, _users in moves}
    now = {name for _before, name, _users in moves}
    families = {name: at for at, name in enumerate(sorted((before | now) - {NOBODY}))}
    nodes = [_node(0, name, families) for name in sorted(before)]
    nodes += [_node(1, name, families) for name in sorted(now)]
    return {
        "aria": {"enabled": True},
        "tooltip": {"trigger": "item", "confine": True},
        "series": [
            {
                "id": "moves",
                "type": "sankey",
                "left": 8,
                "right": 150,
                "top": 8,
                "bottom": 8,
                "nodeGap": 14,
                "label": {"width": 136, "overflow": "truncate"},
                "data": nodes,
                "links": [
                    {
                        "source": f"0 {was}",
                        "target": f"1 {is_}",
                        "value": users,
                        "userops": {"tone": "" if was and is_ else "end"},
                    }
                    for was, is_, users in moves
                ],
            }
        ],
    }


def _node(side: int, name: str, families: Mapping[str, int]) -> dict[str, Any]:
    """One persona has one colour on both sides."""
    nobody = _("no longer active") if side else _("not active before")
    return {
        "name": f"{side} {name}",
        "depth": side,
        "label": {"formatter": name or nobody},
        "userops": {"family": families.get(name, 0), "tone": "" if name else "end"},
    }
