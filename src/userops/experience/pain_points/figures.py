"""What hurts, ranked: the pain points as they stood when the report was computed, with the tickets of the period."""

from __future__ import annotations

from typing import Any, Literal

from django.urls import reverse

from userops.analyses.table import Column, Table
from userops.events.models import Product
from userops.experience.pain_points.models import OPEN, STATUS_WORDS
from userops.experience.pain_points.ranking import FORMULA, VERDICTS, Ranked, ranked
from userops.experience.pain_points.running import of_product
from userops.experience.pain_points.tickets import tickets_of
from userops.records.document import RecordQuery
from userops.records.figure import NoRecords, RecordFigure, Span
from userops.words import Words

MOST = 10


class PainPoints(RecordQuery):
    kind: Literal["pain_points.ranking"] = "pain_points.ranking"


def run(_query: PainPoints, span: Span) -> dict[str, Any]:
    points = of_product(Product.objects.get(pk=span.product))
    rows = [each for each in ranked(points) if each.point.status in OPEN and each.run is not None]
    if not rows:
        raise NoRecords(
            "还没有计算过的痛点；在“痛点”页面计算一次即可。",
            "No pain point has been computed yet: do it on the page of pain points.",
        )
    return {"count": len(rows), "points": [_row(each, span) for each in rows[:MOST]]}


def _row(each: Ranked, span: Span) -> dict[str, Any]:
    point, figures = each.point, each.figures
    hit, left = figures.get("hit") or {}, each.left or {}
    tickets, before = tickets_of(point), span.before()
    return {
        "number": point.number,
        "title": point.title,
        "title_en": point.title_en,
        "status": point.status,
        "verdict": each.verdict,
        "tickets": tickets.filter(opened__gte=span.first, opened__lt=span.end).count(),
        "before": tickets.filter(opened__gte=before.first, opened__lt=before.end).count(),
        "complained": figures["tickets"]["speakers"],
        "hit": hit.get("users"),
        "share": hit.get("share"),
        "left": left.get("value"),
        "left_interval": [left["low"], left["high"]] if left else None,
        "score": each.terms.score if each.terms else None,
        "run": {"id": each.run.pk, **each.run.document["range"]} if each.run else None,
    }


def describe(_query: PainPoints) -> Words:
    return Words(
        f"未修复的痛点，按得分从高到低，最多 {MOST} 个；影响与流失为其最近一次计算（口径见痛点页面），"
        f"工单为本期及上期收到的。{FORMULA.zh}匹配比较不是因果证明。",
        f"Pain points that are not mended, the highest score first, at most {MOST}; users hit and left are of their "
        "last run (its definition stands on the page), tickets are of the period and the one before. "
        f"{FORMULA.en} A matched comparison is no proof of a cause.",
    )


def table(_query: PainPoints, result: dict[str, Any]) -> Table:
    columns = (
        Column("title", Words("痛点", "Pain point"), "sentence"),
        Column("status", Words("状态", "Status"), labels=STATUS_WORDS),
        Column("tickets", Words("本期工单", "Tickets"), "whole"),
        Column("before", Words("上期", "Before"), "whole"),
        Column("hit", Words("受影响用户", "Users hit"), "whole"),
        Column("left", Words("多流失", "Left more"), "points"),
        Column("low", Words("95% 下限", "95% low"), "points"),
        Column("high", Words("95% 上限", "95% high"), "points"),
        Column("verdict", Words("结论", "Verdict"), labels=VERDICTS),
        Column("score", Words("得分", "Score"), "number"),
    )
    return Table(columns, [_cells(each) for each in result["points"]])


def _cells(each: dict[str, Any]) -> tuple[Any, ...]:
    low, high = each["left_interval"] or (None, None)
    return (
        Words(f"P{each['number']} {each['title']}", f"P{each['number']} {each['title_en'] or each['title']}"),
        each["status"], each["tickets"], each["before"], each["hit"], each["left"], low, high, each["verdict"],
        each["score"],
    )  # fmt: skip


FIGURES: tuple[RecordFigure, ...] = (
    RecordFigure(
        "pain_points.ranking", Words("痛点", "Pain points"), PainPoints, run, describe, table,
        records=lambda query: reverse("pain_points:list", args=[query.product]),
    ),
)  # fmt: skip
"""What pain points offer reports."""
