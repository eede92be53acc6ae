"""Which column is what, proposed by its name: that of a question, its title, or what such columns are often called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from userops.experience.surveys.document import Document
from userops.experience.surveys.importing import Columns
from userops.experience.surveys.questions import said

USUAL: Mapping[str, tuple[str, ...]] = {
    "nps": ("nps", "nps_score", "recommend", "likelihood", "推荐", "推荐意愿", "推荐度"),
    "csat": ("csat", "satisfaction", "satisfied", "满意度", "总体满意度"),
    "ces": ("ces", "effort", "ease", "费力度", "轻松程度"),
    "rating": ("rating", "stars", "score", "评分", "星级"),
    "text": (
        "why", "comment", "comments", "reason", "explication", "verbatim", "feedback", "原因", "评论", "意见", "建议",
    ),
}  # fmt: skip
"""Kind of a question → how columns of it are often called, in lower case."""
USERS = ("user_id", "userid", "uid", "distinct_id", "customer_id", "用户id", "用户标识", "会员号")
DAYS = (
    "day",
    "date",
    "at",
    "time",
    "submitted",
    "created_at",
    "日期",
    "时间",
    "提交时间",
    "答题时间",
)


def targets(document: Document, language: str) -> list[tuple[str, str]]:
    """Questions, and rows of matrices, that a column may answer, with their titles."""
    found: list[tuple[str, str]] = []
    for question in document.questions:
        title, rows = said(question.title, language), getattr(question, "rows", ())
        found += [
            (f"{question.key}.{row.key}", f"{title} · {said(row.text, language)}") for row in rows
        ]
        if not rows:
            found.append((question.key, title))
    return found


def proposed(document: Document, columns: Iterable[str], *, anonymous: bool) -> Columns:
    """Each column at most once."""
    free = {column.strip().lower(): column for column in reversed(list(columns))}

    def take(names: Iterable[str]) -> str:
        name = next((each for each in names if each in free), None)
        return free.pop(name) if name is not None else ""

    answers = {}
    for target, names in _names(document):
        if column := take(names):
            answers[target] = column
    return Columns(answers, "" if anonymous else take(USERS), take(DAYS))


def _names(document: Document) -> list[tuple[str, tuple[str, ...]]]:
    found: list[tuple[str, tuple[str, ...]]] = []
    for question in document.questions:
        rows: tuple[Any, ...] = getattr(question, "rows", ())
        found += [(f"{question.key}.{row.key}", _own(row.key, row.text)) for row in rows]
        if not rows:
            usual = USUAL.get(question.kind, ())
            found.append((question.key, (*_own(question.key, question.title), *usual)))
    return found


def _own(key: str, texts: Mapping[Any, str]) -> tuple[str, ...]:
    return (key.lower(), *(text.strip().lower() for text in texts.values()))
