"""T4: the topics that grew from the texts: how many, against the period before, how many users, in whose words."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

from userops.analyses.table import Column, Table
from userops.feedback.figures import drawing
from userops.feedback.figures.rates import change_cell
from userops.feedback.figures.register import short
from userops.feedback.figures.selecting import (
    TicketQuery,
    address,
    described,
    received,
    speaker,
)
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.models import shown_topics
from userops.records.figure import NoRecords, RecordFigure, Span
from userops.words import Words

MOST = 10
QUOTES = 2


class Topics(TicketQuery):
    kind: Literal["tickets.topics"] = "tickets.topics"


def run(query: Topics, span: Span) -> dict[str, Any]:
    names = {row.pk: row for row in shown_topics(span.product)}
    if not names:
        raise NoRecords(
            "还没有从工单里长出主题；在“主题”页面开始一次即可。",
            "No topics have been grown from the tickets yet: begin it on the page of topics.",
        )
    placed: dict[int, list[Ticket]] = {}
    rows = received(query, span).filter(topic__topic__in=names).select_related("topic")
    for row in rows.order_by("-topic__near", "pk"):
        placed.setdefault(row.topic.topic_id, []).append(row)
    earlier = received(query, span.before()).filter(topic__topic__in=names)
    before = Counter(earlier.values_list("topic__topic", flat=True))
    ranked = sorted(placed.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {
        "tickets": received(query, span).count(),
        "placed": sum(map(len, placed.values())),
        "topics": [
            {
                "topic": names[key].name,
                "tickets": len(each),
                "before": before[key],
                "change": len(each) / before[key] - 1 if before[key] else None,
                "speakers": len({speaker(row) for row in each}),
                "stability": names[key].stability,
                "quotes": _quotes(each),
            }
            for key, each in ranked[:MOST]
        ],
    }


def _quotes(rows: list[Ticket]) -> list[str]:
    """Different words of those nearest to the middle of the topic."""
    return list(dict.fromkeys(short(row.subject) for row in rows))[:QUOTES]


def describe(query: Topics) -> Words:
    return described(
        query,
        f"本期收到的工单按从文字里长出的主题，最多 {MOST} 个；稳定性为重新抽样后仍归在一起的程度（0–1）；"
        "原话取最靠近主题中心的，个人信息已遮盖",
        f"Tickets received in the period by topics grown from their texts, at most {MOST}; stability tells how far "
        "they "
        "stay together when sampled anew (0–1); quotes are those nearest to the middle, personal data masked",
    )


def table(_query: Topics, result: dict[str, Any]) -> Table:
    columns = (
        Column("topic", Words("主题", "Topic")),
        Column("tickets", Words("工单", "Tickets"), "whole"),
        Column("before", Words("上期", "Before"), "whole"),
        Column("change", Words("环比", "Change"), "change"),
        Column("speakers", Words("用户", "Users"), "whole"),
        Column("stability", Words("稳定性", "Stability"), "number"),
        Column("quotes", Words("原话", "In their words"), "sentence"),
    )
    return Table(
        columns, [tuple(_cell(c.name, each) for c in columns) for each in result["topics"]]
    )


def _cell(name: str, topic: dict[str, Any]) -> Any:
    if name == "change":
        return change_cell(topic["tickets"], topic["before"])
    return "；".join(topic["quotes"]) if name == "quotes" else topic[name]


def chart(_query: Topics, result: dict[str, Any], language: str) -> dict[str, Any]:
    names = [each["topic"] for each in result["topics"]]
    now, before = Words("本期", "Now").text(language), Words("上期", "Before").text(language)
    return {
        "grid": drawing.GRID,
        "tooltip": {"trigger": "axis"},
        "legend": {"top": 0},
        "xAxis": {"type": "value"},
        "yAxis": {"type": "category", "data": names, "inverse": True},
        "series": [
            drawing.bar(now, [each["tickets"] for each in result["topics"]]),
            drawing.bar(before, [each["before"] for each in result["topics"]]),
        ],
        "userops": {"format": "count"},
    }


TOPICS = RecordFigure(
    "tickets.topics", Words("热点主题", "Topics"), Topics, run, describe, table, chart, address
)  # fmt: skip
