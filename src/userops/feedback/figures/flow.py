"""F1: tickets received and ended, day by day, with what is left open."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any, Literal

from userops.analyses.table import Column, Table
from userops.feedback.figures import drawing
from userops.feedback.figures.selecting import (
    ACTIVE,
    TicketQuery,
    address,
    described,
    ended,
    resumed,
    selected,
    status_changes,
)
from userops.query.dates import start_of
from userops.records.figure import RecordFigure, Span
from userops.words import Words

LONG = 62
"""From so many days on weeks are shown."""
RECEIVED, ENDED, RESUMED = (
    Words("收到", "Received"),
    Words("结束", "Ended"),
    Words("重开", "Reopened"),
)
BACKLOG = Words("未结", "Open at the end")


class Flow(TicketQuery):
    kind: Literal["tickets.flow"] = "tickets.flow"


def run(query: Flow, span: Span) -> dict[str, Any]:
    rows = selected(query, span)
    came: Counter[date] = Counter()
    for opened in rows.filter(opened__gte=span.first).values_list("opened", flat=True):
        came[span.day(opened)] += 1
    gone, again = _changes(query, span)
    open_now = rows.filter(status__in=ACTIVE).count()
    days = span.days
    left = open_now - sum(again[d] - gone[d] for d in {*gone, *again} if d > span.to_day)
    points: list[dict[str, Any]] = []
    for day in reversed(days):
        points.append(
            {
                "day": day.isoformat(),
                "received": came[day],
                "ended": gone[day],
                "reopened": again[day],
                "open": left,
            }
        )
        left += gone[day] - came[day] - again[day]
    points.reverse()
    return {
        "open_before": left,
        "received": sum(each["received"] for each in points),
        "ended": sum(each["ended"] for each in points),
        "reopened": sum(each["reopened"] for each in points),
        "open": points[-1]["open"] if points else left,
        "points": _by_week(points) if len(days) > LONG else points,
        "unit": "week" if len(days) > LONG else "day",
    }


def _changes(query: Flow, span: Span) -> tuple[Counter[date], Counter[date]]:
    """How many ended and how many began anew on each day, from the first day until now."""
    gone: Counter[date] = Counter()
    again: Counter[date] = Counter()
    for event in status_changes(query, span, span.first):
        day = span.day(event.at)
        gone[day] += ended(event)
        again[day] += resumed(event)
    return gone, again


def _by_week(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in points:
        week = start_of(date.fromisoformat(each["day"]), "week").isoformat()
        into = found.setdefault(week, {"day": week, "received": 0, "ended": 0, "reopened": 0})
        for name in ("received", "ended", "reopened"):
            into[name] += each[name]
        into["open"] = each["open"]
    return list(found.values())


def describe(query: Flow) -> Words:
    return described(
        query,
        "收到为当天新建的工单，结束为当天转为已解决或已关闭的次数，未结为当天末仍待处理的工单",
        "Received are tickets opened on the day, ended are changes to solved or closed on it, open is what somebody "
        "still had to work on at its end",
    )


def table(_query: Flow, result: dict[str, Any]) -> Table:
    first = Words("周", "Week") if result["unit"] == "week" else Words("日期", "Day")
    columns = (
        Column("day", first, "date"),
        Column("received", RECEIVED, "whole"),
        Column("ended", ENDED, "whole"),
        Column("reopened", RESUMED, "whole"),
        Column("open", BACKLOG, "whole"),
    )
    return Table(columns, [tuple(each[c.name] for c in columns) for each in result["points"]])


def chart(_query: Flow, result: dict[str, Any], language: str) -> dict[str, Any]:
    points = result["points"]
    series = [
        drawing.bar(RECEIVED.text(language), [each["received"] for each in points]),
        drawing.bar(ENDED.text(language), [each["ended"] for each in points]),
        drawing.line(BACKLOG.text(language), [each["open"] for each in points]),
    ]
    return {
        **drawing.axes([each["day"][5:] for each in points]),
        "legend": {"top": 0},
        "series": series,
        "userops": {"format": "count"},
    }


FLOW = RecordFigure(
    "tickets.flow", Words("收到与结束", "Received and ended"), Flow, run, describe, table, chart, address
)  # fmt: skip
