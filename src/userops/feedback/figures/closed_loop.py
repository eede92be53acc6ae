"""T5: whether who spoke was answered, and what was learnt: told, solutions written down, needs linked."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import F, Q

from userops.analyses.table import Column, Table
from userops.evidence.models import Link
from userops.feedback.figures.rates import INTERVAL, rate, rate_cells
from userops.feedback.figures.selecting import TicketQuery, address, described, selected
from userops.records.figure import RecordFigure, Span
from userops.words import Words

STEPS = {
    "told": Words("用户最后一句话已得到答复", "The user’s last words were answered"),
    "written": Words("写下了解决办法", "The solution is written down"),
    "linked": Words("已关联到需求、痛点或结论", "It is linked to a need, pain point or finding"),
}


class ClosedLoop(TicketQuery):
    kind: Literal["tickets.closed_loop"] = "tickets.closed_loop"


def run(query: ClosedLoop, span: Span) -> dict[str, Any]:
    ends = Q(solved__gte=span.first, solved__lt=span.end) | Q(
        solved=None, closed__gte=span.first, closed__lt=span.end
    )
    rows = selected(query, span).filter(ends)
    keys = [str(key) for key in rows.values_list("number", flat=True)]
    linked = Link.objects.filter(product=span.product).filter(
        Q(from_kind="ticket", from_key__in=keys) | Q(to_kind="ticket", to_key__in=keys)
    )
    ours = {
        link.from_key if link.from_kind == "ticket" else link.to_key
        for link in linked
        if {link.from_kind, link.to_kind} != {"ticket"}
    }
    counts = {
        "told": rows.filter(spoken__gte=F("heard")).count(),
        "written": rows.exclude(solution="").count(),
        "linked": len(ours & set(keys)),
    }
    return {
        "n": len(keys),
        "steps": [{"step": step, **rate(k, len(keys))} for step, k in counts.items()],
    }


def describe(query: ClosedLoop) -> Words:
    return described(
        query,
        "本期解决的工单：用户最后一句话之后有答复的、写下解决办法的、与需求或痛点建立了证据链接的",
        "Of the tickets solved in the period: those whose user was answered after his last words, whose solution "
        "is written "
        "down, and which are linked to a need or pain point",
    )


def table(_query: ClosedLoop, result: dict[str, Any]) -> Table:
    columns = (
        Column("step", Words("环节", "Step"), labels=STEPS),
        Column("k", Words("做到", "Done"), "whole"),
        Column("n", Words("解决的工单", "Solved"), "whole"),
        Column("rate", Words("占比", "Share"), "share"),
        *INTERVAL,
    )
    rows: list[tuple[Any, ...]] = [
        (each["step"], each["k"], each["n"], *rate_cells(each)) for each in result["steps"]
    ]
    return Table(columns, rows)


CLOSED_LOOP = RecordFigure(
    "tickets.closed_loop", Words("闭环", "Closed loop"), ClosedLoop, run, describe, table, records=address
)  # fmt: skip
