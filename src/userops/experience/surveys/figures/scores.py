"""What surveys say in a period: the score of each scored question with its interval, against the answers before."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from userops.analyses.table import Column, Table
from userops.experience.surveys.models import Survey
from userops.experience.surveys.questions import SCORED, Question, said
from userops.experience.surveys.results.dataset import Dataset, Wanted, read
from userops.experience.surveys.results.scoring import Score, difference, score
from userops.experience.surveys.results.waves import told
from userops.records.document import RecordQuery
from userops.records.figure import NoRecords, RecordFigure, Span
from userops.stats.multiplicity import holm
from userops.words import Words

BEFORE_DAYS = 92
"""A quarter: a survey that asks each quarter is compared with the wave before."""
KINDS = {
    "nps": Words("NPS（−100–100）", "NPS (−100 to 100)"),
    "csat": Words("满意度（0–100）", "Satisfaction (0–100)"),
    "ces": Words("轻松程度（均值）", "Ease (mean)"),
    "rating": Words("评分（0–100）", "Rating (0–100)"),
}


class Scores(RecordQuery):
    kind: Literal["surveys.scores"] = "surveys.scores"


def run(_query: Scores, span: Span) -> dict[str, Any]:
    rows = []
    surveys = Survey.objects.filter(product=span.product).exclude(version=None)
    for survey in surveys.select_related("product", "version").order_by("pk"):
        now = read(survey, Wanted(span.from_day, span.to_day))
        if now.rows:
            before = read(survey, _before(span.from_day))
            rows += [
                _row(survey, question, now, before)
                for question in now.document.questions
                if question.kind in SCORED
            ]
    rows = [row for row in rows if row["n"]]
    if not rows:
        raise NoRecords("本期没有问卷分数。", "No survey was answered with a score in the period.")
    _correct(rows)
    return {"scores": rows}


def _before(first: date) -> Wanted:
    return Wanted(first - timedelta(BEFORE_DAYS), first - timedelta(1))


def _row(survey: Survey, question: Question, now: Dataset, before: Dataset) -> dict[str, Any]:
    here, there = _score(question, now), _score(question, before)
    change = difference(question, here, there) if there.answered else None
    return {
        "survey": survey.name,
        "question": said(question.title, "zh-hans"),
        "question_en": said(question.title, "en"),
        "kind": question.kind,
        "n": here.answered,
        "value": here.value,
        "interval": list(here.interval) if here.interval else None,
        "before": there.value,
        "before_interval": list(there.interval) if there.interval else None,
        "before_n": there.answered,
        "change": change.value if change else None,
        "change_interval": [change.low, change.high] if change else None,
        "p": change.p if change else None,
        "certain": False,
    }


def _score(question: Question, data: Dataset) -> Score:
    found = score(question, data.answers(question.key))
    return told(found, hide=0 < found.answered < data.least)


def _correct(rows: list[dict[str, Any]]) -> None:
    """All comparisons of the figure together (Holm)."""
    compared = [row for row in rows if row["p"] is not None]
    for row, p in zip(compared, holm([row["p"] for row in compared]), strict=True):
        row["p"], row["certain"] = p, p < 0.05


def describe(_query: Scores) -> Words:
    return Words(
        f"本期问卷回答的分数，区间为 95%；“此前”是本期开始前 {BEFORE_DAYS} 天的回答，变化的 p 值对全部比较作 "
        "Holm 校正。"
        "NPS 为推荐者占比减贬损者占比；满意度和评分为（均值 − 最低）/（最高 − 最低）× 100；轻松程度为均值",
        f"Scores of the answers in the period, with 95% intervals; “before” are the answers of the {BEFORE_DAYS} days "
        "before it, p values of changes are Holm-corrected over all comparisons. NPS is promoters less detractors; "
        "satisfaction and rating are (mean − lowest) / (highest − lowest) × 100; ease is the mean",
    )


def table(_query: Scores, result: dict[str, Any]) -> Table:
    columns = (
        Column("survey", Words("问卷", "Survey")),
        Column("kind", Words("分数", "Score")),
        Column("value", Words("本期", "Now"), "number"),
        Column("low", Words("95% 下限", "95% low"), "number"),
        Column("high", Words("95% 上限", "95% high"), "number"),
        Column("n", Words("回答数", "Answers"), "whole"),
        Column("before", Words("此前", "Before"), "number"),
        Column("change", Words("变化", "Change"), "number"),
        Column("judged", Words("判断", "Judged")),
    )
    return Table(columns, [_cells(row) for row in result["scores"]])


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    low, high = row["interval"] or (None, None)
    return (
        row["survey"], KINDS[row["kind"]], row["value"], low, high, row["n"], row["before"], row["change"],
        _judged(row),
    )  # fmt: skip


def _judged(row: dict[str, Any]) -> Words:
    if row["change"] is None:
        return Words("无可比", "nothing to compare")
    if not row["certain"]:
        return Words("不确定", "not certain")
    return Words("上升", "rose") if row["change"] > 0 else Words("下降", "fell")


SCORES = RecordFigure(
    "surveys.scores", Words("问卷分数", "Survey scores"), Scores, run, describe, table
)
