"""Running a funnel: the figures, and who is behind one of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from userops.analyses.funnel import breaking, summary
from userops.analyses.funnel.choosing import Chosen
from userops.analyses.funnel.counting import counted
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.finding import Found, find
from userops.analyses.funnel.reading import Part, parts
from userops.analyses.funnel.tally import Tally, shown, tally, together
from userops.analyses.profile_texts import profiles
from userops.analyses.side_by_side import side_by_side
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.dates import buckets
from userops.query.scope import Scope
from userops.words import Words


def run(document: FunnelDocument, scope: Scope) -> dict[str, Any]:
    """The result of a resolved document."""
    if document.counts_only:
        return {"count": "users", "steps": summary.steps(document, counted(document, scope), None)}
    found = _tally(document, scope)
    records = summary.steps(document, found.whole.reached, found.whole.gaps)
    return {
        "count": document.count,
        "steps": records,
        "dropped": [each["dropped"] for each in records],
        "excluded": found.excluded,
        "time_to_convert": summary.spread(found.ends),
        "breakdown": [
            {
                "breakdown": breaking.named(document, key),
                "steps": summary.steps(document, part.reached, part.gaps),
            }
            for key, part in shown(document, found.parts)
        ],
        "trend": summary.trend(document, scope, found.table),
    }


def _tally(document: FunnelDocument, scope: Scope) -> Tally:
    """All persons, part by part."""
    known = profiles(document.breakdown, scope)

    def of_part(part: Part) -> Tally:
        return tally(document, scope, find(document, scope, part), known)

    return together(side_by_side(of_part, parts(document, scope), scope))


def people(
    document: FunnelDocument, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"step": 2, "what": "converted" | "dropped" | "excluded", "breakdown": {…}, "start": "2026-01-05"}`;
    all but `step` may be left out. Raises `DocumentError` for a cell that is not there."""
    step, what = selection.get("step", 1), selection.get("what", "converted")
    known = isinstance(step, int) and 1 <= step <= len(document.steps)
    if not known or what not in ("converted", "dropped", "excluded"):
        raise _no_cell(selection)
    found = find(document.model_copy(update={"counts_only": False}), scope)
    if what == "excluded":
        persons = found.person(found.total)[found.excluded]
    else:
        chosen = _part(document, scope, found, selection)
        done = chosen.done >= 0
        before = done[summary.previous(document, step - 1)]
        held = done[step - 1] if what == "converted" else before & ~done[step - 1]
        persons = found.person(chosen)[held]
    every = np.unique(persons)
    return People(every[offset : offset + limit].tolist(), len(every))


def _part(
    document: FunnelDocument, scope: Scope, found: Found, selection: Mapping[str, Any]
) -> Chosen:
    """The attempts of one start period, or of one value of the breakdown, or all."""
    if "start" in selection:
        if "breakdown" in selection:
            raise _no_cell(selection)
        starts = [each.key() for each in buckets(document.range, document.unit, scope.zone)]
        if selection["start"] not in starts:
            raise _no_cell(selection)
        return found.by_start.take(np.flatnonzero(found.period == starts.index(selection["start"])))
    kept = found.kept
    if not selection.get("breakdown"):
        return kept
    wanted = breaking.chosen_key(document, selection["breakdown"])
    for key, rows in breaking.groups(document, breaking.keys(document, scope, found, kept)):
        if key == wanted:
            return kept.take(rows)
    return kept.take(np.zeros(0, np.int64))


def _no_cell(selection: Mapping[str, Any]) -> DocumentError:
    return DocumentError(
        Words(
            f"漏斗结果中没有这一格：{dict(selection)!r}。",
            f"The funnel has no such cell: {dict(selection)!r}.",
        ),
        code="selection_invalid",
        hint=Words(
            '应形如 {"step": 2, "what": "converted"}，what 为 converted、dropped 或 excluded；'
            "可再指定 breakdown 或 start。",
            'It is like {"step": 2, "what": "converted"}; what is converted, dropped or excluded;'
            " add breakdown or start.",
        ),
    )
