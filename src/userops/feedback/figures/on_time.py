"""T2: of the deadlines that fell in the period, how many were kept, by promise, category and team."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Literal

from userops.analyses.table import Column, Table
from userops.feedback.figures import drawing
from userops.feedback.figures.deadlines import (
    PROMISES,
    Deadline,
    deadlines_in,
    reason_words,
    reasons_of,
)
from userops.feedback.figures.rates import INTERVAL, rate, rate_cells
from userops.feedback.figures.register import short
from userops.feedback.figures.selecting import (
    NO_TEAM,
    STATUS_WORDS,
    UNSORTED,
    TicketQuery,
    address,
    described,
    selected,
)
from userops.feedback.tickets.models import Ticket
from userops.records.figure import RecordFigure, Span
from userops.words import Words

BY = {
    "all": Words("全部", "All"), "category": Words("分类", "Category"), "team": Words("团队", "Team"),
    "severity": Words("严重程度", "Severity"),
}  # fmt: skip


class OnTime(TicketQuery):
    kind: Literal["tickets.on_time"] = "tickets.on_time"


class Overdue(TicketQuery):
    kind: Literal["tickets.overdue"] = "tickets.overdue"


def _due(query: TicketQuery, span: Span) -> list[tuple[Deadline, Ticket]]:
    """The deadlines of the period with their tickets, by due time."""
    found = deadlines_in(span)
    rows = (
        selected(query, span)
        .select_related("category", "team")
        .in_bulk([each.ticket for each in found])
    )
    return [(each, rows[each.ticket]) for each in found if each.ticket in rows]


def run(query: OnTime, span: Span) -> dict[str, Any]:
    due = _due(query, span)
    resolution = [pair for pair in due if pair[0].promise == "resolution"]
    return {
        "promises": [
            {"promise": promise, **_rate(p for p in due if p[0].promise == promise)}
            for promise in PROMISES
        ],
        "groups": [
            *_groups(resolution, "category", lambda row: row.category.path if row.category else ""),
            *_groups(resolution, "team", lambda row: row.team.name if row.team else ""),
            *_groups(resolution, "severity", lambda row: row.severity),
        ],
    }


def _groups(
    due: list[tuple[Deadline, Ticket]], by: str, key: Callable[[Ticket], str]
) -> list[dict[str, Any]]:
    found: dict[str, list[tuple[Deadline, Ticket]]] = {}
    for pair in due:
        found.setdefault(key(pair[1]), []).append(pair)
    lines = [{"by": by, "name": name, **_rate(each)} for name, each in found.items()]
    return sorted(lines, key=lambda each: (-each["n"], each["name"]))


def _rate(due: Iterable[tuple[Deadline, Ticket]]) -> dict[str, Any]:
    """Kept of due, those that are open included; what is not over yet is not due."""
    kept = [each.in_time for each, _ in due]
    over = [each for each in kept if each is not None]
    return rate(sum(over), len(over))


def describe(query: OnTime) -> Words:
    return described(
        query,
        "截止落在本期的时限中按时完成的占比，未完成的也计入分母；按工作时间计时，等用户补充时暂停；7 "
        "天内重开的不算按时；"
        "分类、团队与严重程度按解决时限",
        "Of the deadlines that fell in the period, those that were kept; what is still open counts too; clocks run in "
        "working time and stand still while the user is waited for; what was reopened within 7 days was not kept; "
        "categories, teams and severities are of the resolution",
    )


def table(_query: OnTime, result: dict[str, Any]) -> Table:
    columns = (
        Column("by", Words("按", "By")),
        Column("name", Words("项目", "Item")),
        Column("k", Words("按时", "In time"), "whole"),
        Column("n", Words("到期", "Due"), "whole"),
        Column("rate", Words("按时率", "In time"), "share"),
        *INTERVAL,
    )
    rows: list[tuple[Any, ...]] = [
        (BY["all"], PROMISES[each["promise"]], *_cells(each)) for each in result["promises"]
    ]
    rows += [(BY[each["by"]], _name(each), *_cells(each)) for each in result["groups"]]
    return Table(columns, rows)


def _cells(each: dict[str, Any]) -> tuple[Any, ...]:
    return each["k"], each["n"], *rate_cells(each)


def _name(each: dict[str, Any]) -> Any:
    from userops.feedback.figures.selecting import SEVERITY_WORDS

    if each["by"] == "severity":
        return SEVERITY_WORDS[each["name"]]
    return each["name"] or (UNSORTED if each["by"] == "category" else NO_TEAM)


def chart(_query: OnTime, result: dict[str, Any], language: str) -> dict[str, Any]:
    """In time by category and team, with at least one due."""
    groups = [each for each in result["groups"] if each["n"] and each["by"] != "severity"]
    names = [_text(_name(each), language) for each in groups]
    name = Words("按时率", "In time").text(language)
    return {
        "grid": drawing.GRID,
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "value", "max": 1, "name": name},
        "yAxis": {"type": "category", "data": names, "inverse": True},
        "series": [drawing.bar(name, [each["rate"] for each in groups])],
        "userops": {"format": "percent"},
    }


def _text(cell: Any, language: str) -> str:
    return cell.text(language) if isinstance(cell, Words) else str(cell)


ON_TIME = RecordFigure(
    "tickets.on_time", Words("按时处理", "Handled in time"), OnTime, run, describe, table, chart, address
)  # fmt: skip


def run_overdue(query: Overdue, span: Span) -> dict[str, Any]:
    """Every deadline of the period that was missed."""
    missed = [(each, row) for each, row in _due(query, span) if each.in_time is False]
    reasons = reasons_of([each for each, _ in missed])
    lines = [
        {
            "number": row.number,
            "text": short(row.subject),
            "promise": each.promise,
            "category": row.category.path if row.category else "",
            "team": row.team.name if row.team else "",
            "due": f"{each.due.astimezone(span.zone):%Y-%m-%d %H:%M}",
            "late": each.late(span.now),
            "status": row.status,
            "reason": reason,
        }
        for (each, row), reason in zip(missed, reasons, strict=True)
    ]
    ranked = Counter(reasons).most_common()
    return {
        "missed": len(lines),
        "reasons": [{"reason": r, "n": n} for r, n in ranked],
        "rows": lines,
    }


def describe_overdue(query: Overdue) -> Words:
    return described(
        query,
        "截止落在本期、没有按时完成的每一项；原因由记录得出：到期时仍未有人接手、等另一团队、已答复未解决、重开，或完成得晚",
        "Each deadline of the period that was missed; the reason is read off the record: nobody had taken it, it "
        "lay with "
        "another team, it was answered but not solved, it was reopened, or it was done late",
    )


def table_overdue(_query: Overdue, result: dict[str, Any]) -> Table:
    columns = (
        Column("number", Words("编号", "Number"), "whole"),
        Column("text", Words("内容", "What"), "sentence"),
        Column("promise", Words("时限", "Promise"), labels=PROMISES),
        Column("category", Words("分类", "Category")),
        Column("team", Words("团队", "Team")),
        Column("due", Words("截止", "Due")),
        Column("late", Words("超时", "Late by"), "seconds"),
        Column("status", Words("状态", "Status"), labels=STATUS_WORDS),
        Column("reason", Words("原因", "Reason")),
    )
    rows = [
        (
            each["number"], each["text"], each["promise"], each["category"] or UNSORTED,
            each["team"] or NO_TEAM, each["due"], each["late"], each["status"],
            reason_words(each["reason"]),
        )
        for each in result["rows"]
    ]  # fmt: skip
    return Table(columns, rows)


OVERDUE = RecordFigure(
    "tickets.overdue", Words("超时清单", "Overdue"), Overdue, run_overdue, describe_overdue, table_overdue,
    records=address,
)  # fmt: skip
