"""From a question to the needs that show in searches, exits, failures and gaps."""

from __future__ import annotations

from typing import Any

from userops.analyses.meaning import NO_FEATURES
from userops.analyses.needs.asking import Asking, Subject, subject_of
from userops.analyses.needs.document import Needs
from userops.analyses.needs.evidence import evidence_of
from userops.analyses.needs.weighing import Count, weighed
from userops.query.filters import text_sql
from userops.query.scope import Scope
from userops.stats.proportions import wilson

LEAST_GAP = 0.05
"""A feature that those who stayed use so many points more."""


def run(document: Needs, scope: Scope) -> dict[str, Any]:
    asking, subject = Asking(document, scope), subject_of(document, scope)
    sizes = _sizes(asking, subject)
    counts = [
        *_searches(asking, subject, sizes),
        *_exits(asking, subject),
        *_failures(asking, subject, sizes),
        *(each for each in _gaps(asking) if _is_feature(each.name, subject)),
    ]
    needs = [
        {**row, "evidence": evidence_of(document, subject, row)}
        for row in weighed(counts, document.min_support, document.limit)
    ]
    return {
        "users": sizes["users"],
        "others": sizes["others"],
        "search": _search(subject, sizes),
        "steps": list(subject.steps),
        "failures": [{"event": event, "reason": reason} for event, reason in subject.failures],
        "needs": needs,
    }


def _sizes(asking: Asking, subject: Subject) -> dict[str, int]:
    values = asking.scope.values()
    pieces = asking.pieces(values) | asking.search_pieces(subject.search, values)
    sizes: dict[str, int] = asking.rows("sizes", values, pieces)[0]
    return sizes


def _search(subject: Subject, sizes: dict[str, int]) -> dict[str, Any] | None:
    """Of the group's searches, how many found nothing; and how many of its searchers met that."""
    if subject.search is None:
        return None
    event, word, results = subject.search
    interval = wilson(sizes["empty"], sizes["searches"])
    return {
        "event": event,
        "word": word,
        "results": results,
        "searches": sizes["searches"],
        "empty": sizes["empty"],
        "empty_share": sizes["empty"] / sizes["searches"] if sizes["searches"] else None,
        "empty_interval": list(interval) if interval else None,
        "searchers": sizes["searchers"],
        "disappointed": sizes["disappointed"],
    }


def _searches(asking: Asking, subject: Subject, sizes: dict[str, int]) -> list[Count]:
    if subject.search is None:
        return []
    values = asking.scope.values()
    values.parameters["most"] = asking.document.limit
    pieces = asking.pieces(values) | asking.search_pieces(subject.search, values)
    whole, rest = sizes["searchers"], sizes["other_searchers"]
    return [
        Count("search", row["word"], None, row["times"], row["users"], whole, row["others"], rest)
        for row in asking.rows("searches", values, pieces)
    ]


def _exits(asking: Asking, subject: Subject) -> list[Count]:
    """Who got to a step and not to the next; of those who got there."""
    if not subject.steps:
        return []
    values = asking.scope.values()
    pieces = asking.pieces(values)
    pieces["levels"] = asking.levels_sql(subject.steps, values, pieces)
    levels = {row["level"]: row["users"] for row in asking.rows("reached", values, pieces)}
    found = []
    for at, step in enumerate(subject.steps[:-1], 1):
        reached = sum(users for level, users in levels.items() if level >= at)
        left = levels.get(at, 0)
        found.append(Count("exit", step, subject.steps[at], None, left, reached))
    return found


def _failures(asking: Asking, subject: Subject, sizes: dict[str, int]) -> list[Count]:
    found = []
    for event, reason in subject.failures:
        values = asking.scope.values()
        values.parameters["most"] = asking.document.limit
        text = f"toString({text_sql(reason, 'event', values)})" if reason else "''"
        pieces = asking.pieces(values) | {"reason": text, "event": values.text(event)}
        found += [
            Count(
                "failure", event, row["reason"] or None, row["times"], row["users"],
                sizes["users"], row["others"], sizes["others"], row["repeaters"],
            )
            for row in asking.rows("failures", values, pieces)
        ]  # fmt: skip
    return found


def _is_feature(event: str, subject: Subject) -> bool:
    """Where people leave the funnel, and what fails, is told apart."""
    told = {*subject.steps, *(failure for failure, _ in subject.failures)}
    return event not in told | NO_FEATURES


def _gaps(asking: Asking) -> list[Count]:
    """Features of those who stayed that the others of the group do not use: how many of these do not."""
    values = asking.scope.values()
    rows = {row["event"]: row for row in asking.rows("gaps", values, asking.pieces(values))}
    whole = rows.pop("", {"users": 0, "stayed_users": 0})
    group, stayed = whole["users"], whole["stayed_users"]
    if not group or not stayed:
        return []
    return [
        Count(
            "gap", name, None, None, group - row["users"], group,
            stayed - row["stayed_users"], stayed,
        )
        for name, row in rows.items()
        if row["stayed_users"] / stayed - row["users"] / group >= LEAST_GAP
    ]  # fmt: skip
