"""When a figure changed: its days without weekdays, their limits, and one shift of level.

`day` is where to look in a log of releases, campaigns and incidents.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from userops.analyses.change.document import Change
from userops.analyses.figures import Number
from userops.query.dates import DateRange, absolute, midnight, milliseconds
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.stats.change_points import chart, shift

SQL = Path(__file__).parent / "sql"
DAYS_BEFORE = 56
MOST_DAYS = 400
WEEK = timedelta(days=7)
BROUGHT_ALONG = 0.05
"""A week with a smaller share of the events of the next one is before collecting began."""
KNOWN = 0.8
"""A smaller share of days with a value tells nothing of the days between."""

History = list[tuple[str, Number]]


def history_of(document: Change, scope: Scope) -> History:
    """The figure by day, from eight weeks before the period (or its base) on, up to now; empty for
    very long ones."""
    first = document.range.first - timedelta(days=DAYS_BEFORE)
    base = document.base()
    if document.compare in ("previous_period", "same_weekdays"):
        first = min(first, base.first)
    today = scope.now.astimezone(scope.zone).date()
    open_days = document.explaining.open_days(document.question)
    last = min(document.range.last_day, today - timedelta(days=1 + open_days))
    if last < first or (last - first).days > MOST_DAYS:
        return []
    days: DateRange = absolute(first, last)
    return _collected(begun(document.explaining.history(document.over(days, scope))), scope)


def begun(history: History) -> History:
    """Without the days before anything was there, when nothing was collected yet."""
    first = next((at for at, (_, value) in enumerate(history) if value), len(history))
    return history[first:]


def _collected(history: History, scope: Scope) -> History:
    """Without the days before collecting began in earnest: what little they hold was brought along, such as the
    sign-ups of earlier years. The figure shifts there, and so does the number of events of any kind."""
    found = shift(filled([value for _, value in history]))
    if found is None or not _begins(date.fromisoformat(history[found.place][0]), scope):
        return history
    return history[found.place :]


def _begins(day: date, scope: Scope) -> bool:
    values = scope.values()
    bounds = {"first": day - WEEK, "moment": day, "until": day + WEEK}
    pieces = {
        name: values.instant(milliseconds(midnight(each, scope.zone)))
        for name, each in bounds.items()
    }
    row = scope.ask(statement(SQL / "around.sql", pieces), values).to_pylist()[0]
    return bool(row["before"] < BROUGHT_ALONG * row["after"])


def when(history: History) -> dict[str, Any] | None:
    """None without enough days."""
    known = sum(value is not None for _, value in history)
    if not history or known < KNOWN * len(history):
        return None
    values = filled([value for _, value in history])
    drawn, found = chart(values), shift(values)
    return {
        "days": [[day, value] for day, value in history],
        "plain": list(drawn.values),
        "centre": drawn.centre,
        "low": drawn.low,
        "high": drawn.high,
        "outside": [history[at][0] for at in drawn.outside],
        "shift": None
        if found is None
        else {"day": history[found.place][0], "before": found.before, "after": found.after},
    }


def filled(values: Sequence[Number]) -> list[float]:
    """Days without a value as the day before them; those at the beginning as the first known one."""
    found: list[float] = []
    last = next((value for value in values if value is not None), 0.0)
    for value in values:
        last = last if value is None else value
        found.append(float(last))
    return found
