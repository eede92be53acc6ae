"""Who was there, was lost or came back in a period, and who is gone now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from userops.analyses.breakdown import names_of
from userops.analyses.churn.document import Churn
from userops.analyses.churn.running import Watched, gone_now, watched
from userops.analyses.churn.silences import Ints
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.words import Words

IN_PERIOD = ("active", "churned", "reactivated")
AT_THE_END = ("users", "gone")


def people(
    document: Churn, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"start": "2026-03-02", "state": "churned"}`, or `{"state": "gone"}` for the end of the range; add
    `"breakdown": {…}`. Raises `DocumentError`."""
    if not set(selection) <= {"start", "state", "breakdown"}:
        raise _unknown(selection)
    of = watched(document, scope)
    found = _found(of, selection, _place(of, selection))
    return People(found[offset : offset + limit].tolist(), len(found))


def _place(of: Watched, selection: Mapping[str, Any]) -> int | None:
    if "breakdown" not in selection:
        return None
    group = selection["breakdown"]
    if not isinstance(group, Mapping) or list(group) != names_of(of.document.breakdown):
        raise _unknown(selection)
    value = tuple(group.values())
    if value not in of.groups.all:
        raise _unknown(selection)
    return of.groups.all.index(value)


def _found(of: Watched, selection: Mapping[str, Any], place: int | None) -> Ints:
    start, state = selection.get("start"), selection.get("state")
    if "start" not in selection and state in AT_THE_END:
        here = of.latest(place)
        if state == "users":
            return here.person
        if of.window is not None:
            return gone_now(of, here)
    unit = next((each for each in of.days.units if each.key() == start), None)
    if unit is None or state not in IN_PERIOD or of.window is None:
        raise _unknown(selection)
    return np.asarray(of.persons(unit, place)[state])


def _unknown(selection: Mapping[str, Any]) -> DocumentError:
    return DocumentError(
        Words(
            f"结果中没有这个数字：{dict(selection)!r}。",
            f"The result has no such number: {dict(selection)!r}.",
        ),
        code="selection_invalid",
        hint=Words(
            '应形如 {"start": "2026-03-02", "state": "churned"} 或 {"state": "gone"}；可再指定 breakdown。',
            'It is like {"start": "2026-03-02", "state": "churned"} or {"state": "gone"}; add breakdown.',
        ),
    )
