"""Who is in a group, those first of whom it is surest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from userops.analyses.personas.assigning import LIGHT, Assigned, assigned
from userops.analyses.personas.document import Personas
from userops.analyses.personas.observing import Ints
from userops.analyses.personas.running import LIGHT_ID, group_id
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.stats.clustering import Grouping
from userops.words import Words


def people(
    document: Personas, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"group": "g1"}`, `{"group": "light"}`; without a group, everyone. `"by": "certainty"` brings the
    surest first instead of the order of numbers. Raises `DocumentError`."""
    if not set(selection) <= {"group", "by"} or selection.get("by", "certainty") != "certainty":
        raise _unknown(selection)
    found = assigned(document, scope)
    members = _members(found, selection)
    if "by" in selection:
        sure = np.nan_to_num(found.certainty[members], nan=0.0)
        members = members[np.argsort(-sure, kind="stable")]
    chosen = found.person[members[offset : offset + limit]]
    return People(chosen.tolist(), len(members))


def _members(found: Assigned, selection: Mapping[str, Any]) -> Ints:
    if "group" not in selection:
        return np.arange(len(found.person))
    places = {LIGHT_ID: LIGHT}
    if isinstance(found.found, Grouping):
        places |= {group_id(place): place for place in range(found.groups)}
    else:
        places["all"] = 0
    name = selection["group"]
    if not isinstance(name, str) or name not in places:
        raise _unknown(selection)
    return np.flatnonzero(found.group == places[name])


def _unknown(selection: Mapping[str, Any]) -> DocumentError:
    return DocumentError(
        Words(
            f"选择不正确：{dict(selection)!r}。",
            f"The selection is wrong: {dict(selection)!r}.",
        ),
        code="selection_invalid",
        hint=Words(
            '格式如 {"group": "g1"} 或 {"group": "light"}，编号见结果的 groups。',
            'It reads like {"group": "g1"} or {"group": "light"}; ids stand in the result’s groups.',
        ),
    )
