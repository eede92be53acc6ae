"""How the average of a retention divides by a property: every member stands under one value."""

from __future__ import annotations

from collections import Counter
from math import ceil

import numpy as np

from userops.analyses.figures import Asked, Cell, Explaining, Figure, Number, Split
from userops.analyses.retention.calendar import Calendar, calendar
from userops.analyses.retention.document import RetentionDocument
from userops.analyses.retention.members import Members, members
from userops.analyses.retention.returns import returned
from userops.analyses.retention.running import Flags, finished
from userops.analyses.table import People
from userops.query.dates import UNIT_WORDS
from userops.query.steps import EventStep
from userops.words import Words

DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 31}


def figures(document: RetentionDocument) -> list[Figure]:
    return [_figure(document, column) for column in range(1, len(document.columns))]


def _figure(document: RetentionDocument, column: int) -> Figure:
    begin, end = document.columns[column]
    unit = UNIT_WORDS[document.unit]
    name = str(begin) if begin == end else f"{begin}–{end}"
    base = Words("群组人数", "members of the cohorts")
    if document.reference == "previous" and column > 1:
        base = Words("上一期留存的人数", "members retained in the period before")
    return Figure(
        f"period_{column}",
        Words(f"第 {name} {unit.zh}留存率", f"{unit.en} {name} retention"),
        "share",
        (Words(f"第 {name} {unit.zh}留存的人数", f"members retained in {unit.en} {name}"), base),
        proportion=document.reference == "cohort",
    )


def _found(asked: Asked) -> tuple[Calendar, Members, list[Flags]]:
    """Members, and which of them are counted in each part: those of finished cells only."""
    document = asked.document.model_copy(update={"breakdown": asked.dimensions})
    days = calendar(document, asked.scope)
    of = members(document, asked.scope, days)
    hits = returned(document, asked.scope, days, of)
    column = int(asked.figure.name.rpartition("_")[2])
    over = finished(document, asked.scope, days)[of.cohort, column]
    base = column - 1 if document.reference == "previous" else 0
    return days, of, [hits[:, column] & over, hits[:, base] & over]


def split(asked: Asked) -> Split:
    _days, of, held = _found(asked)
    retained, size = (int(each.sum()) for each in held)
    columns = list(zip(*of.keys, strict=True)) if of.keys else [()] * len(asked.dimensions)
    return Split(
        retained / size if size else None,
        (retained, size),
        tuple(_counts(column, held) for column in columns),
    )


def _counts(column: tuple[str, ...], held: list[Flags]) -> dict[str, tuple[float, ...]]:
    counts = [
        Counter(value for value, here in zip(column, each.tolist(), strict=True) if here)
        for each in held
    ]
    return {value: tuple(each[value] for each in counts) for value in dict.fromkeys(column)}


def people(asked: Asked, cell: Cell, limit: int, offset: int) -> People:
    _days, of, parts = _found(asked)
    held = parts[cell.part]
    if cell.value is not None:
        held = held & np.array([key[0] == cell.value for key in of.keys], bool)
    every = np.unique(of.person[held])
    return People(every[offset : offset + limit].tolist(), len(every))


def history(asked: Asked) -> list[tuple[str, Number]]:
    """By the day of the cohort; nothing for other units."""
    if asked.document.unit != "day":
        return []
    plain = Asked(asked.document, asked.scope, asked.figure)
    days, of, held = _found(plain)
    count = len(days.cohorts)
    retained, size = (np.bincount(of.cohort[each], minlength=count).tolist() for each in held)
    return [
        (bucket.key(), k / n if n else None)
        for bucket, k, n in zip(days.cohorts, retained, size, strict=True)
    ]


def steps(document: RetentionDocument, _figure: Figure) -> tuple[EventStep, ...]:
    return (document.start,)


def open_days(document: RetentionDocument) -> int:
    """Until the last period of the last cohort is over."""
    return ceil((document.last_period + 1) * DAYS[document.unit])


EXPLAINING = Explaining(figures, split, people, history, steps, open_days)
