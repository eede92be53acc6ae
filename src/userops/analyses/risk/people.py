"""Who is in a band of risk, the highest risk first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.risk.bands import NAMES
from userops.analyses.risk.document import Risk
from userops.analyses.risk.scoring import learner, scored
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.words import Words


def people(
    document: Risk, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"band": "high"}`; `{}` is everybody who is not lost yet. Raises `DocumentError`."""
    band = selection.get("band")
    if not set(selection) <= {"band"} or (band is not None and band not in NAMES):
        raise _unknown(selection)
    of = learner(document, scope)
    found = None if of is None else scored(document, scope, of)
    if found is None:
        return People([], 0)
    places = found.order if band is None else found.band(band)
    who = found.person[places]
    return People([int(each) for each in who[offset : offset + limit]], len(who))


def _unknown(selection: Mapping[str, Any]) -> DocumentError:
    known = ", ".join(NAMES)
    return DocumentError(
        Words(
            f"选择不正确：{dict(selection)!r}。band 应为以下之一：{known}。",
            f"The selection is wrong: {dict(selection)!r}. A band is one of {known}.",
        ),
        code="selection_invalid",
        hint=Words('格式如 {"band": "high"}。', 'It reads like {"band": "high"}.'),
    )
