"""The groups that sessions fall into: by what their first or last event tells, and by what is known of the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from userops.analyses.breakdown import Groups, Value
from userops.analyses.profile_texts import profiles
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.finding import Found
from userops.analyses.timelines import Ints
from userops.query.scope import Scope


@dataclass(frozen=True, slots=True)
class Grouped:
    """`number`: of each session, that of its value; `values` are those that occur."""

    number: Ints
    values: Sequence[Value]

    def leading(self, document: Sessions) -> Groups:
        """The groups with the most sessions, equal ones in the order of text."""
        count = np.bincount(self.number, minlength=len(self.values)).tolist()
        ranked = sorted(zip(self.values, count, strict=True), key=lambda each: (-each[1], each[0]))
        shown = tuple(value for value, _count in ranked[: document.limit])
        return Groups(shown, len(ranked) > len(shown), document.width)

    def places(self, groups: Groups) -> Ints:
        """Of each session, the place of its group among all; below 0 where it belongs to none."""
        place = {value: at for at, value in enumerate(groups.values)}
        rest = len(place) if groups.more else -1
        return np.array([place.get(each, rest) for each in self.values], np.int64)[self.number]


def grouped(document: Sessions, scope: Scope, found: Found) -> Grouped:
    told, values = found.sessions.told, found.told.values
    occurs = np.bincount(told, minlength=len(values)) > 0
    number = (np.cumsum(occurs) - 1)[told]
    held = [values[at] for at in np.flatnonzero(occurs).tolist()]
    known = profiles(document.told_by(), scope)
    for place in known.columns:
        codes, texts = known.of(found.sessions.person, place)
        width = len(texts)
        pairs, number = np.unique(number * width + codes, return_inverse=True)
        held = [(*held[at // width], texts[at % width]) for at in pairs.tolist()]
    if known.columns:
        held = [_in_order(document, value) for value in held]
    return Grouped(number, held)


def _in_order(document: Sessions, value: Value) -> Value:
    """As the document names them: so far what is known of the person stands last."""
    of = [each.of for each in document.breakdown]
    stood = sorted(range(len(of)), key=lambda at: of[at] == "user")
    return tuple(value[stood.index(at)] for at in range(len(of)))
