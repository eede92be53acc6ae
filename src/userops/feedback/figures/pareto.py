"""F3: what the tickets are about, the most frequent first, against the period before."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

from userops.analyses.table import Column, Table
from userops.feedback.figures import drawing
from userops.feedback.figures.rates import change_cell
from userops.feedback.figures.selecting import (
    UNSORTED,
    TicketQuery,
    address,
    described,
    received,
    speaker,
)
from userops.feedback.tickets.models import Ticket
from userops.records.figure import RecordFigure, Span
from userops.words import Words

KNOWN_BY = ("person", "distinct_id", "email", "phone")


class Pareto(TicketQuery):
    kind: Literal["tickets.categories"] = "tickets.categories"


def run(query: Pareto, span: Span) -> dict[str, Any]:
    rows = list(
        received(query, span)
        .select_related("category")
        .only("category__path", "complaint", *KNOWN_BY)
    )
    before = Counter(
        path or ""
        for path in received(query, span.before()).values_list("category__path", flat=True)
    )
    groups: dict[str, list[Ticket]] = {}
    for row in rows:
        groups.setdefault(row.category.path if row.category else "", []).append(row)
    total, so_far, lines = len(rows), 0, []
    for path, each in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        so_far += len(each)
        lines.append(
            {
                "category": path,
                "tickets": len(each),
                "share": len(each) / total,
                "cumulative": so_far / total,
                "complaints": sum(row.complaint for row in each),
                "speakers": len({speaker(row) for row in each}),
                "before": before[path],
                "change": len(each) / before[path] - 1 if before[path] else None,
            }
        )
    return {
        "tickets": total,
        "before": before.total(),
        "complaints": sum(each["complaints"] for each in lines),
        "speakers": len({speaker(row) for row in rows}),
        "unsorted": len(groups.get("", [])),
        "categories": lines,
    }


def describe(query: Pareto) -> Words:
    return described(
        query,
        "本期收到的工单按分类，累计为从最多的分类数起；上期为紧接在前、天数相同的一段；用户按能认出的身份去重，认不出的每单算一人",
        "Tickets received in the period by category, the share adding up from the most frequent; before is the "
        "stretch of "
        "the same number of days right before; users are told apart as far as they are known, else each ticket is one",
    )


def table(_query: Pareto, result: dict[str, Any]) -> Table:
    columns = (
        Column("category", Words("分类", "Category")),
        Column("tickets", Words("工单", "Tickets"), "whole"),
        Column("share", Words("占比", "Share"), "share"),
        Column("cumulative", Words("累计占比", "Adding up"), "share"),
        Column("speakers", Words("用户", "Users"), "whole"),
        Column("complaints", Words("投诉", "Complaints"), "whole"),
        Column("before", Words("上期", "Before"), "whole"),
        Column("change", Words("环比", "Change"), "change"),
    )
    return Table(
        columns, [tuple(_cell(c.name, each) for c in columns) for each in result["categories"]]
    )


def _cell(name: str, line: dict[str, Any]) -> Any:
    if name == "change":
        return change_cell(line["tickets"], line["before"])
    return line[name] if name != "category" or line["category"] else UNSORTED


SHOWN = 12


def chart(_query: Pareto, result: dict[str, Any], language: str) -> dict[str, Any]:
    lines = result["categories"][:SHOWN]
    count, share = (
        Words("工单", "Tickets").text(language),
        Words("累计占比", "Adding up").text(language),
    )
    axis = {"max": 100, "name": "%", "splitLine": {"show": False}}
    return {
        **drawing.axes(
            [each["category"] or UNSORTED.text(language) for each in lines], {"name": count}, axis
        ),
        "series": [
            drawing.bar(count, [each["tickets"] for each in lines]),
            drawing.line(
                share, [round(100 * each["cumulative"], 1) for each in lines], yAxisIndex=1
            ),
        ],
        "legend": {"top": 0},
        "userops": {"format": "count"},
    }


PARETO = RecordFigure(
    "tickets.categories", Words("反馈分类", "Categories"), Pareto, run, describe, table, chart, address
)  # fmt: skip
