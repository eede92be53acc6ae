"""F2: how long it took from the first word to the solution."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from django.db.models import Q

from userops.analyses.table import Column, Table
from userops.feedback.figures import drawing
from userops.feedback.figures.selecting import NO_TEAM, TicketQuery, address, described, selected
from userops.records.figure import RecordFigure, Span
from userops.words import Words

STEPS = (1, 2, 4, 8, 12, 24, 48, 72, 120, 168, 336, 720)
"""Hours at which the share that was solved by then is told."""


class Closing(TicketQuery):
    kind: Literal["tickets.closing"] = "tickets.closing"


def run(query: Closing, span: Span) -> dict[str, Any]:
    ends = Q(solved__gte=span.first, solved__lt=span.end) | Q(
        solved=None, closed__gte=span.first, closed__lt=span.end
    )
    groups: dict[str, list[float]] = {}
    rows = selected(query, span).filter(ends).select_related("team")
    for row in rows.only("opened", "solved", "closed", "team__name"):
        end = row.solved or row.closed
        if end is not None:
            name = row.team.name if row.team else ""
            groups.setdefault(name, []).append((end - row.opened).total_seconds())
    every = [seconds for each in groups.values() for seconds in each]
    return {
        **_spread(every),
        "curve": [
            {"hours": hours, "k": sum(s <= hours * 3600 for s in every), "n": len(every)}
            for hours in STEPS
        ],
        "teams": [
            {"team": team, **_spread(each)}
            for team, each in sorted(groups.items(), key=lambda pair: -len(pair[1]))
        ],
    }


def _spread(seconds: list[float]) -> dict[str, Any]:
    """n, quartiles, the ninth tenth and the mean; null where there is none."""
    if not seconds:
        return {"n": 0, "p25": None, "median": None, "p75": None, "p90": None, "mean": None}
    p25, median, p75, p90 = (float(q) for q in np.quantile(seconds, (0.25, 0.5, 0.75, 0.9)))
    return {
        "n": len(seconds), "p25": p25, "median": median, "p75": p75, "p90": p90,
        "mean": float(np.mean(seconds)),
    }  # fmt: skip


def describe(query: Closing) -> Words:
    return described(
        query,
        "本期解决（或未经解决直接关闭）的工单，从新建到最近一次解决的自然时间",
        "Tickets solved in the period (or closed without a solution): wall-clock time from opening to the last "
        "solution",
    )


def table(_query: Closing, result: dict[str, Any]) -> Table:
    columns = (
        Column("team", Words("团队", "Team")),
        Column("n", Words("工单", "Tickets"), "whole"),
        Column("p25", Words("25% 分位", "25%"), "seconds"),
        Column("median", Words("中位", "Median"), "seconds"),
        Column("p75", Words("75% 分位", "75%"), "seconds"),
        Column("p90", Words("90% 分位", "90%"), "seconds"),
        Column("mean", Words("平均", "Mean"), "seconds"),
    )
    names = [column.name for column in columns[1:]]
    rows: list[tuple[Any, ...]] = [(Words("全部", "All"), *(result[name] for name in names))]
    rows += [(each["team"] or NO_TEAM, *(each[name] for name in names)) for each in result["teams"]]
    return Table(columns, rows)


def chart(_query: Closing, result: dict[str, Any], language: str) -> dict[str, Any]:
    """The share that was solved by then."""
    points = [each for each in result["curve"] if each["n"]]
    labels = [_hours(each["hours"]).text(language) for each in points]
    shares = [each["k"] / each["n"] for each in points]
    name = Words("到此时已解决", "Solved by then").text(language)
    return {
        **drawing.axes(labels, {"max": 1, "name": name}),
        "series": [drawing.line(name, shares, step="end", areaStyle={"opacity": 0.12})],
        "userops": {"format": "percent"},
    }


def _hours(hours: int) -> Words:
    if hours < 48:
        return Words(f"{hours} 小时", f"{hours} h")
    return Words(f"{hours // 24} 天", f"{hours // 24} d")


CLOSING = RecordFigure(
    "tickets.closing", Words("解决用时", "Time to solve"), Closing, run, describe, table, chart, address
)  # fmt: skip
