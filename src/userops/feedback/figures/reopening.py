"""F4: how many of the solved tickets were opened again within seven days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from userops.analyses.table import Column, Table
from userops.feedback.figures import drawing
from userops.feedback.figures.rates import INTERVAL, rate, rate_cells
from userops.feedback.figures.selecting import (
    TicketQuery,
    address,
    described,
    ended,
    resumed,
    status_changes,
)
from userops.query.dates import start_of
from userops.records.figure import RecordFigure, Span
from userops.words import Words

WITHIN = timedelta(days=7)


class Reopening(TicketQuery):
    kind: Literal["tickets.reopening"] = "tickets.reopening"


def run(query: Reopening, span: Span) -> dict[str, Any]:
    weeks: dict[date, list[bool]] = {}
    for at, again in _ends(query, span):
        if span.first <= at < span.end and at + WITHIN <= span.now:
            weeks.setdefault(start_of(span.day(at), "week"), []).append(
                again is not None and again <= at + WITHIN
            )
    every = [each for found in weeks.values() for each in found]
    return {
        **_rate(every),
        "weeks": [{"week": week.isoformat(), **_rate(weeks[week])} for week in sorted(weeks)],
    }


def _ends(query: Reopening, span: Span) -> list[tuple[datetime, datetime | None]]:
    """When a ticket ended, and when it was opened again after it."""
    found: list[tuple[datetime, datetime | None]] = []
    last: tuple[int, int] | None = None
    for event in status_changes(query, span, span.first):
        if ended(event):
            found.append((event.at, None))
            last = (event.ticket_id, len(found) - 1)
        elif resumed(event) and last and last[0] == event.ticket_id:
            found[last[1]] = (found[last[1]][0], event.at)
            last = None
    return found


def _rate(again: list[bool]) -> dict[str, Any]:
    return rate(sum(again), len(again))


def describe(query: Reopening) -> Words:
    return described(
        query,
        "本期每次转为已解决或已关闭算一次，7 天内又回到处理中的算重开；未满 7 天的不计",
        "Each change to solved or closed in the period counts once; it was reopened when work began anew within 7 "
        "days; "
        "those whose 7 days are not over are left out",
    )


def table(_query: Reopening, result: dict[str, Any]) -> Table:
    columns = (
        Column("week", Words("周", "Week"), "date"),
        Column("n", Words("结束", "Ended"), "whole"),
        Column("k", Words("7 天内重开", "Reopened within 7 days"), "whole"),
        Column("rate", Words("重开率", "Reopened"), "share"),
        *INTERVAL,
    )
    rows: list[tuple[Any, ...]] = [
        (each["week"], each["n"], each["k"], *rate_cells(each)) for each in result["weeks"]
    ]
    return Table(columns, rows)


def chart(_query: Reopening, result: dict[str, Any], language: str) -> dict[str, Any]:
    weeks = result["weeks"]
    name = Words("重开率", "Reopened").text(language)
    return {
        **drawing.axes([each["week"][5:] for each in weeks], {"name": name}),
        "series": [drawing.bar(name, [each["rate"] for each in weeks])],
        "userops": {"format": "percent"},
    }


REOPENING = RecordFigure(
    "tickets.reopening", Words("重开率", "Reopened"), Reopening, run, describe, table, chart, address
)  # fmt: skip
