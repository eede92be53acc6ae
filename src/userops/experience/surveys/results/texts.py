"""Open answers beside the scores they came with; those of an anonymous survey alone and out of order."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Any

from userops.experience.surveys.questions import said
from userops.experience.surveys.results.dataset import Dataset, Row


@dataclass(frozen=True, slots=True)
class Said:
    """`scores`: kind and answer of each score of the same response; `day`: not of an anonymous survey."""

    title: str
    text: str
    scores: tuple[tuple[str, int], ...] = ()
    day: date | None = None
    person: int | None = None


def texts(
    data: Dataset,
    language: str,
    search: str = "",
    only: Container[tuple[int, str]] | None = None,
) -> list[Said]:
    """The newest first; those that hold a text asked for. `only`: rows and questions."""
    asked = [q for q in data.document.questions if q.kind == "text"]
    scored = [q for q in data.document.questions if q.kind in ("nps", "csat", "ces", "rating")]
    if data.too_few:
        return []
    found: list[Said] = []
    for at in reversed(range(len(data.rows))):
        row = data.rows[at]
        for question in asked:
            text = row.answers.get(question.key, "")
            if only is not None and (at, question.key) not in only:
                continue
            if text and search.lower() in text.lower():
                found.append(_said(data, row, said(question.title, language), text, scored))
    if data.anonymous:
        found.sort(key=lambda each: (each.title, each.text))
    return found


def _said(data: Dataset, row: Row, title: str, text: str, scored: list[Any]) -> Said:
    if data.anonymous:
        return Said(title, text)
    scores = tuple(
        (q.kind.upper() if q.kind != "rating" else "★", row.answers[q.key])
        for q in scored
        if q.key in row.answers
    )
    return Said(title, text, scores, row.day, row.person)
