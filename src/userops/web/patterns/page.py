"""`/patterns`: every component in one place, for people who build pages and for screenshots."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext

_WAVE = (980, 1040, 1110, 1065, 1180, 1420, 1390, 1010, 1075, 1140, 1120, 1230, 1490, 610)


@login_required
def patterns(request: HttpRequest) -> HttpResponse:
    days = [date(2026, 11, 9) + timedelta(days=n) for n in range(len(_WAVE))]
    context = {
        "figures": _figures(),
        "line": _line(days),
        "bars": _bars(),
        "rows": _rows(),
        "periods": range(6),
        "cohorts": [
            {"start": day, "size": size, "cells": [1, *(0.46 / (n + 1) for n in range(5 - skip))]}
            for skip, (day, size) in enumerate(zip(days[:5], _WAVE[:5], strict=True))
        ],
        "units": [
            pgettext("sample", "day"),
            pgettext("sample", "week"),
            pgettext("sample", "month"),
        ],
        "code": 'curl -X POST https://ops.example.com/v1/events \\\n  -d \'{"event": "pay"}\'',
        "now": datetime.now(UTC) - timedelta(minutes=3),
        "days": [(n * 37 % 11) / 10 for n in range(7 * 26)],
    }
    return render(request, "web/patterns/page.html", context)


def _figures() -> list[dict[str, Any]]:
    base = pgettext("sample", "vs previous 7 days")
    common = {"points": _WAVE, "unfinished": 1, "base": base, "kind": "percent"}
    definition = pgettext(
        "sample", "Users with at least one event on the day, in the product's time zone."
    )
    return [
        {
            **common,
            "name": pgettext("sample", "Daily active users"),
            "value": "1,490",
            "now": 1490,
            "before": 1390,
            "definition": definition,
            "anchor": "line",
        },
        {
            **common,
            "name": pgettext("sample", "New users"),
            "value": "312",
            "now": 312,
            "before": 388,
            "state": pgettext("sample", "Below target"),
            "tone": "warn",
            "target": "350",
        },
        {
            **common,
            "name": pgettext("sample", "Next-day retention"),
            "value": "38.2",
            "unit": "%",
            "now": 0.382,
            "before": 0.371,
            "kind": "points",
        },
        {
            **common,
            "name": pgettext("sample", "Paid orders"),
            "value": "86",
            "now": 86,
            "before": None,
        },
    ]


def _line(days: list[date]) -> dict[str, Any]:
    names = (pgettext("sample", "log in"), pgettext("sample", "search"), pgettext("sample", "pay"))
    scales = (1.0, 0.62, 0.11)
    return {
        "xAxis": {"type": "category", "data": [f"{day:%m-%d}" for day in days]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "line",
                "name": name,
                "data": [round(value * scale * 10) for value in _WAVE],
                "userops": {"unfinished": 1},
            }
            for name, scale in zip(names, scales, strict=True)
        ],
        "userops": {"format": "count", "labels": "end"},
    }


def _bars() -> dict[str, Any]:
    steps = (
        pgettext("sample", "browse"),
        pgettext("sample", "add to cart"),
        pgettext("sample", "pay"),
    )
    return {
        "xAxis": {"type": "category", "data": list(steps)},
        "yAxis": {"type": "value", "max": 1},
        "series": [
            {"type": "bar", "name": "iOS", "data": [1, 0.53, 0.18], "label": {"show": True}},
            {"type": "bar", "name": "Android", "data": [1, 0.47, 0.12], "label": {"show": True}},
        ],
        "userops": {"format": "percent"},
    }


def _rows() -> list[dict[str, Any]]:
    names = (
        (pgettext("sample", "App store"), "good", pgettext("sample", "up")),
        (pgettext("sample", "Mini program"), "", pgettext("sample", "steady")),
        (pgettext("sample", "Ads"), "bad", pgettext("sample", "down")),
    )
    figures = ((12840, 1541), (9310, 652), (4205, 97))
    return [
        {"name": name, "users": users, "paying": paying, "tone": tone, "state": state}
        for (name, tone, state), (users, paying) in zip(names, figures, strict=True)
    ]
