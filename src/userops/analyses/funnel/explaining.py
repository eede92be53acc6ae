"""How the figures of a funnel divide by a property: every attempt stands under one value."""

from __future__ import annotations

from collections import Counter
from math import ceil

import numpy as np

from userops.analyses.figures import Asked, Cell, Explaining, Figure, Number, Split
from userops.analyses.funnel import summary
from userops.analyses.funnel.breaking import keys
from userops.analyses.funnel.choosing import Chosen
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.finding import Found, find
from userops.analyses.funnel.rows import Ints
from userops.analyses.funnel.tally import by_start
from userops.analyses.table import People
from userops.query.durations import UNIT_MS
from userops.query.naming import event_shown
from userops.query.steps import EventStep
from userops.words import Words


def figures(document: FunnelDocument) -> list[Figure]:
    """Conversion to each later step, the last one first; then how many did each step."""
    count = len(document.steps)
    return [
        *(_conversion(document, step) for step in range(count, 1, -1)),
        *(_users(document, step) for step in range(count, 0, -1)),
    ]


def _step(document: FunnelDocument, step: int) -> Words:
    name = _name(document, step - 1)
    return Words(f"第 {step} 步“{name.zh}”", f"step {step}, “{name.en}”")


def _name(document: FunnelDocument, at: int) -> Words:
    step = document.steps[at]
    if step.name or not step.events or document.order == "any_order":
        label = summary.label(document, at)
        return Words(label, label)
    names = [event_shown(name) for name in step.events]
    return Words(" / ".join(each.zh for each in names), " / ".join(each.en for each in names))


def _done(document: FunnelDocument, step: int) -> Words:
    words = _step(document, step)
    what = (
        ("会话数", "sessions that did")
        if document.count == "sessions"
        else ("人数", "users who did")
    )
    return Words(f"完成{words.zh}的{what[0]}", f"{what[1]} {words.en}")


def _conversion(document: FunnelDocument, step: int) -> Figure:
    words = _step(document, step)
    return Figure(
        f"step_{step}",
        Words(f"从第 1 步到{words.zh}的转化率", f"conversion from step 1 to {words.en}"),
        "share",
        (_done(document, step), _done(document, 1)),
        proportion=True,
    )


def _users(document: FunnelDocument, step: int) -> Figure:
    return Figure(f"users_{step}", _done(document, step), "whole", (_done(document, step),))


def _places(figure: Figure) -> list[int]:
    """The steps, from 0, that the parts of a figure count."""
    step = int(figure.name.rpartition("_")[2]) - 1
    return [step, 0] if figure.ratio else [step]


def _found(asked: Asked) -> tuple[FunnelDocument, Found, Chosen]:
    document = asked.document.model_copy(
        update={"breakdown": asked.dimensions, "counts_only": False}
    )
    found = find(document, asked.scope)
    return document, found, found.kept


def split(asked: Asked) -> Split:
    document, found, kept = _found(asked)
    done = [kept.done[place] >= 0 for place in _places(asked.figure)]
    whole = tuple(int(each.sum()) for each in done)
    columns = list(zip(*keys(document, asked.scope, found, kept), strict=True))
    values = tuple(_counts(column, done) for column in columns)
    return Split(
        summary.share(whole[0], whole[1]) if asked.figure.ratio else whole[0],
        whole,
        values or tuple({} for _ in asked.dimensions),
    )


def _counts(column: tuple[str, ...], done: list[Ints]) -> dict[str, tuple[float, ...]]:
    counts = [
        Counter(value for value, did in zip(column, each.tolist(), strict=True) if did)
        for each in done
    ]
    return {value: tuple(each[value] for each in counts) for value in dict.fromkeys(column)}


def people(asked: Asked, cell: Cell, limit: int, offset: int) -> People:
    document, found, kept = _found(asked)
    held = kept.done[_places(asked.figure)[cell.part]] >= 0
    if cell.value is not None:
        under = [key[0] == cell.value for key in keys(document, asked.scope, found, kept)]
        held &= np.array(under, bool)
    every = np.unique(found.person(kept)[held])
    return People(every[offset : offset + limit].tolist(), len(every))


def history(asked: Asked) -> list[tuple[str, Number]]:
    """By the day on which attempts start."""
    document = asked.document.model_copy(
        update={"breakdown": (), "counts_only": False, "unit": "day"}
    )
    points = summary.trend(
        document, asked.scope, by_start(document, asked.scope, find(document, asked.scope))
    )
    places = _places(asked.figure)
    return [
        (
            point["start"],
            summary.share(*(point["users"][place] for place in places))
            if asked.figure.ratio
            else point["users"][places[0]],
        )
        for point in points
    ]


def steps(document: FunnelDocument, _figure: Figure) -> tuple[EventStep, ...]:
    """The events on which the value of a property is taken."""
    if document.order == "any_order" or document.breakdown_at == "last":
        return document.steps
    return (document.steps[0 if document.breakdown_at == "first" else document.breakdown_at - 1],)


def open_days(document: FunnelDocument) -> int:
    """The conversion window."""
    return ceil((document.window_ms or 0) / UNIT_MS["d"])


EXPLAINING = Explaining(figures, split, people, history, steps, open_days)
