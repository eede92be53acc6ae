"""A question as its page shows it, and where somebody is on the way through."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from userops.experience.surveys.document import Answers, Document
from userops.experience.surveys.questions import said
from userops.experience.surveys.wording import ENDS, RATING_ENDS


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen`: what was answered before."""

    key: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """`choices`: values of a scale, or options; `rows`: of a matrix, title and choices of each."""

    key: str
    kind: str
    title: str
    help: str
    required: bool
    choices: tuple[Choice, ...] = ()
    rows: tuple[tuple[str, str, tuple[Choice, ...]], ...] = ()
    low: str = ""
    high: str = ""
    text: str = ""
    most: int | None = None
    other: bool = False
    other_text: str = ""
    previous: str = ""
    place: int = 1
    total: int = 1


def shown(document: Document, key: str, answers: Answers, language: str, seed: str) -> Shown:
    """One question. `seed`: of whoever answers, for the order of shuffled options."""
    question: Any = document[key]
    answer = answers.get(key)
    path = document.path(answers, key)
    ends = ENDS.get(question.kind, RATING_ENDS)
    fields = _fields(question, answer, language, seed)
    has_scale = question.kind in ENDS or question.kind == "matrix"
    return Shown(
        key=key,
        kind=question.kind,
        title=said(question.title, language),
        help=said(question.help, language),
        required=question.required,
        low=(said(question.low_label, language) or ends[0].text(language)) if has_scale else "",
        high=(said(question.high_label, language) or ends[1].text(language)) if has_scale else "",
        previous=path[-2] if len(path) > 1 and path[-1] == key else "",
        place=len(path),
        total=max(len(document.path(answers)), len(path)),
        **fields,
    )


def _fields(question: Any, answer: Any, language: str, seed: str) -> dict[str, Any]:
    if question.kind in ENDS:
        choices = tuple(Choice(str(v), str(v), v == answer) for v in question.values)
        return {"choices": choices}
    if question.kind in ("single", "multiple"):
        options = list(question.options)
        if question.shuffle:
            random.Random(f"{seed}:{question.key}").shuffle(options)  # noqa: S311 - an order, no secret
        chosen = answer["chosen"] if answer else ()
        choices = tuple(Choice(o.key, said(o.text, language), o.key in chosen) for o in options)
        other = (answer or {}).get("other", "")
        most = getattr(question, "most", None)
        return {"choices": choices, "most": most, "other": question.other, "other_text": other}
    if question.kind == "matrix":
        values = range(1, question.points + 1)
        return {"rows": tuple(
            (row.key, said(row.text, language),
             tuple(Choice(str(v), str(v), str((answer or {}).get(row.key)) == str(v)) for v in values))
            for row in question.rows
        )}  # fmt: skip
    return {"text": answer or ""}
