"""From the engine's counts to candidates ranked by how strongly they go with the goal."""

from __future__ import annotations

from typing import Any

from userops.analyses.correlation.asking import SQL, per_person_sql
from userops.analyses.correlation.candidates import Candidate, Split, Whole, ranked
from userops.analyses.correlation.document import Correlation
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.stats.association import newcombe
from userops.stats.proportions import wilson

SIGNIFICANT = 0.05
SHOWN = 200
"""Candidates in a result; the strongest."""


def run(document: Correlation, scope: Scope) -> dict[str, Any]:
    rows = _rows(document, scope, None)
    days, unfinished = Candidate("active_days", ""), 0
    events: dict[str, Candidate] = {}
    for row in rows:
        if row["is_days"] and not row["over"]:
            unfinished += row["users"]
        elif row["is_days"]:
            days.note(row["times"], row["users"], bool(row["reached"]))
        elif row["over"]:
            one = events.setdefault(row["what"], Candidate("event", row["what"]))
            one.note(row["times"], row["users"], bool(row["reached"]))
    whole = Whole(*days.at_least(0))
    candidates = [*events.values(), *([days] if document.active_days else [])]
    for each in document.properties:
        candidates += _of_property(document, scope, each.property)
    best, tests = ranked(candidates, whole, document.min_support)
    return {
        "users": whole.users,
        "reached": whole.reached,
        "rate": whole.reached / whole.users if whole.users else None,
        "interval": _interval(whole.reached, whole.users),
        "unfinished": unfinished,
        "tests": tests,
        "significant": sum(split.q < SIGNIFICANT for split in best),
        "left_out": len(candidates) - len(best),
        "candidates": [_figures(split, whole) for split in best[:SHOWN]],
    }


def _rows(document: Correlation, scope: Scope, property_: str | None) -> list[dict[str, Any]]:
    values = scope.values()
    pieces = {"per_person": per_person_sql(document, scope, values, property_)}
    found: list[dict[str, Any]] = scope.ask(
        statement(SQL / "candidates.sql", pieces), values
    ).to_pylist()
    return found


def _of_property(document: Correlation, scope: Scope, name: str) -> list[Candidate]:
    """A candidate for each value: had an early event with it."""
    found: dict[str, Candidate] = {}
    for row in _rows(document, scope, name):
        if row["over"] and not row["is_days"]:
            one = found.setdefault(row["what"], Candidate("property", name, row["what"]))
            one.note(row["times"], row["users"], bool(row["reached"]))
    return list(found.values())


def _figures(split: Split, whole: Whole) -> dict[str, Any]:
    did, missed = split.did_reached / split.did, split.not_reached / split.not_
    counts = (split.did, split.did_reached, split.not_, split.not_reached)
    return {
        "kind": split.candidate.kind,
        "name": split.candidate.name,
        "value": split.candidate.value,
        "times": split.times,
        "did": split.did,
        "share": split.did / whole.users,
        "did_reached": split.did_reached,
        "did_rate": did,
        "did_interval": _interval(split.did_reached, split.did),
        "not": split.not_,
        "not_reached": split.not_reached,
        "not_rate": missed,
        "not_interval": _interval(split.not_reached, split.not_),
        "difference": did - missed,
        "difference_interval": list(newcombe(*counts) or ()) or None,
        "lift": did / missed if missed else None,
        "phi": split.phi,
        "p": split.p,
        "q": split.q,
        "significant": split.q < SIGNIFICANT,
    }


def _interval(hits: int, total: int) -> list[float] | None:
    found = wilson(hits, total)
    return None if found is None else list(found)
