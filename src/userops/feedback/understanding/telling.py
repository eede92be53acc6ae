"""What the desk understands, as programs read it: by the API, the command line and Python."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from userops.errors import NotFound
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding.listing import Understanding
from userops.feedback.understanding.models import BatchRun, LearnedModel, Lesson, Reading
from userops.words import Words

_PLAIN = (
    "score", "feeling", "feeling_by", "severity", "reason", "intent", "cues", "keywords", "personal", "applied",
)  # fmt: skip
_FIGURES = ("texts", "right", "accuracy", "low", "high", "macro_f1", "majority", "ece")


def reading_line(ticket: Ticket) -> dict[str, Any]:
    """What was read in a ticket, and what members decided. Raises `NotFound` before it is read."""
    found = Reading.objects.filter(ticket=ticket).select_related("category").first()
    if found is None:
        raise NotFound(
            Words("这张工单还没有读取。", "This ticket is not read yet."), code="ticket_not_read"
        )
    lessons = Lesson.objects.filter(ticket=ticket)
    keys = [key for key, _chance in found.others]
    names = dict(Category.objects.filter(pk__in=keys).values_list("pk", "path"))
    return {
        "ticket": ticket.number,
        "at": found.at,
        **{name: getattr(found, name) for name in _PLAIN},
        "category": found.category.path if found.category else None,
        "category_id": found.category_id,
        "chance": found.chance,
        "method": found.method,
        "others": [
            {"category": names[key], "category_id": key, "chance": chance}
            for key, chance in found.others
            if key in names
        ],
        "decided": [
            {"target": each.target, "label": each.label, "suggested": each.suggested, "at": each.at}
            for each in lessons.order_by("target")
        ],
    }


def understanding_line(found: Understanding) -> dict[str, Any]:
    """How right the desk is: of models on unseen tickets, of keywords, and how often members agreed."""
    return {
        "auto_apply": found.state.auto_apply,
        "in_use": "model" if found.by_model else "keywords",
        "lessons": found.lessons,
        "since_learned": found.fresh,
        "problem": found.state.problem,
        "category": _model(found.category),
        "sentiment": _model(found.sentiment),
        "by_category": [asdict(line) for line in found.labels],
        "agreed": [asdict(each) for each in found.agreements],
        "tickets_read": found.read,
        "run": run_line(found.run) if found.run else None,
    }


def _model(row: LearnedModel | None) -> dict[str, Any] | None:
    if row is None:
        return None
    figures = {name: row.measured[name] for name in _FIGURES}
    return {
        "at": row.at,
        "lessons": row.lessons,
        **figures,
        "auto": row.measured["auto"],
        "keywords": row.rules or None,
    }


def run_line(run: BatchRun) -> dict[str, Any]:
    """How far a reading of tickets is."""
    return {
        "id": run.pk,
        "state": run.state,
        "done": run.done,
        "total": run.total,
        "since": run.since,
        "until": run.until,
        "started": run.started,
        "ended": run.ended,
        "by": run.by.email if run.by else None,
        "problem": run.problem,
    }
