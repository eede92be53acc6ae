"""Who is in a group, behind a pair of scores, or moved between two groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from userops.analyses.rfm.document import Rfm
from userops.analyses.rfm.groups import ABSENT, NAMES
from userops.analyses.rfm.running import earlier_range, places
from userops.analyses.rfm.scoring import Ints, scored
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.words import Words

_STATES = (*NAMES, ABSENT)


def people(
    document: Rfm, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"group": "key_value"}`, `{"recency": 5, "frequency": 3}`, or
    `{"from": "key_value", "to": "key_keep"}`, both optionally `absent`. Raises `DocumentError`."""
    kind = frozenset(selection)
    if kind == {"group"} and selection["group"] in NAMES:
        now = scored(document, scope, document.range)
        found = now.person[now.group == NAMES.index(selection["group"])]
    elif kind == {"recency", "frequency"} and all(type(each) is int for each in selection.values()):
        now = scored(document, scope, document.range)
        wanted = [now.scores[name] == selection[name] for name in ("recency", "frequency")]
        found = now.person[wanted[0] & wanted[1]]
    elif kind == {"from", "to"} and all(each in _STATES for each in selection.values()):
        found = _moved(document, scope, selection["from"], selection["to"])
    else:
        raise _unknown(selection)
    return People(found[offset : offset + limit].tolist(), len(found))


def _moved(document: Rfm, scope: Scope, before: str, after: str) -> Ints:
    now = scored(document, scope, document.range)
    earlier = scored(document, scope, earlier_range(document))
    everyone = np.union1d(earlier.person, now.person)
    held = places(everyone, earlier) == _STATES.index(before)
    held &= places(everyone, now) == _STATES.index(after)
    return np.asarray(everyone[held], np.int64)


def _unknown(selection: Mapping[str, Any]) -> DocumentError:
    known = ", ".join(_STATES)
    return DocumentError(
        Words(
            f"选择不正确：{dict(selection)!r}。分组应为以下之一：{known}。",
            f"The selection is wrong: {dict(selection)!r}. Groups are {known}.",
        ),
        code="selection_invalid",
        hint=Words(
            '格式如 {"group": "key_value"}、{"recency": 5, "frequency": 3} 或 '
            '{"from": "key_value", "to": "key_keep"}。',
            'It reads like {"group": "key_value"}, {"recency": 5, "frequency": 3} or '
            '{"from": "key_value", "to": "key_keep"}.',
        ),
    )
