"""How users rated the answers they got, and who was asked."""

from __future__ import annotations

import math
from typing import Any, Literal

from userops.analyses.table import Column, Table
from userops.feedback.figures import drawing
from userops.feedback.figures.selecting import (
    TicketQuery,
    address,
    described,
    ended,
    selected,
    status_changes,
)
from userops.feedback.telling.models import Rating
from userops.records.figure import NoRecords, RecordFigure, Span
from userops.words import Words

SCORES = (1, 2, 3, 4, 5)
Z = 1.959963984540054


class Satisfaction(TicketQuery):
    kind: Literal["tickets.satisfaction"] = "tickets.satisfaction"


def run(query: Satisfaction, span: Span) -> dict[str, Any]:
    asked = sum(
        ended(event) and span.first <= event.at < span.end
        for event in status_changes(query, span, span.first)
    )
    scores = list(
        Rating.objects.filter(
            ticket__in=selected(query, span), ending__at__gte=span.first, ending__at__lt=span.end
        ).values_list("score", flat=True)
    )
    if not scores:
        raise NoRecords(
            "本期没有用户评价处理结果，满意度不出。",
            "Nobody rated a solution in the period: no satisfaction is told.",
        )
    low, high = interval(scores)
    return {
        "n": len(scores),
        "asked": asked,
        "response": len(scores) / asked if asked else None,
        "mean": sum(scores) / len(scores),
        "score": round(to_hundred(sum(scores) / len(scores)), 1),
        "interval": [low, high],
        "counts": [{"score": each, "n": scores.count(each)} for each in SCORES],
    }


def to_hundred(mean: float) -> float:
    """(x̄ − 1) / 4 × 100."""
    return (mean - 1) / 4 * 100


def interval(scores: list[int]) -> tuple[float | None, float | None]:
    """95% of the mean on the scale of 100, by its standard error; none below two answers, and where all are the
    same: without spread two ratings would be as sure as two thousand."""
    n = len(scores)
    if len(set(scores)) < 2:
        return None, None
    mean = sum(scores) / n
    error = Z * math.sqrt(sum((each - mean) ** 2 for each in scores) / (n - 1) / n)
    low, high = max(0.0, to_hundred(mean - error)), min(100.0, to_hundred(mean + error))
    return round(low, 1), round(high, 1)


def describe(query: Satisfaction) -> Words:
    return described(
        query,
        "本期结束的工单收到的评价（1–5 分），满意度 =（平均分 − 1）/ 4 × 100；评价计入工单结束的那一期，"
        "不论用户何时作出；回复率为评价数除以结束次数；区间为 95%",
        "Ratings (1–5) of tickets that ended in the period; satisfaction is (mean − 1) / 4 × 100; a rating counts in "
        "the period in which its ticket ended, whenever it was given; the response rate is "
        "ratings over endings; the interval is 95%",
    )


def table(_query: Satisfaction, result: dict[str, Any]) -> Table:
    columns = (
        Column("score", Words("评分", "Rating"), "whole"),
        Column("n", Words("份数", "Ratings"), "whole"),
        Column("share", Words("占比", "Share"), "share"),
    )
    rows: list[tuple[Any, ...]] = [
        (each["score"], each["n"], each["n"] / result["n"]) for each in result["counts"]
    ]
    return Table(columns, rows)


def chart(_query: Satisfaction, result: dict[str, Any], language: str) -> dict[str, Any]:
    name = Words("份数", "Ratings").text(language)
    labels = [Words(f"{each} 分", str(each)).text(language) for each in SCORES]
    return {
        **drawing.axes(labels, {"name": name}),
        "series": [drawing.bar(name, [each["n"] for each in result["counts"]])],
        "userops": {"format": "count"},
    }


SATISFACTION = RecordFigure(
    "tickets.satisfaction", Words("处理满意度", "Satisfaction"), Satisfaction, run, describe, table, chart,
    address,
)  # fmt: skip
