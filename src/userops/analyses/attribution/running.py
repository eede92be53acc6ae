"""Running an attribution: from totals to the figures of the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from userops.analyses.attribution.document import EVENT, MODEL_NAMES, AttributionDocument
from userops.analyses.attribution.markov import shares
from userops.analyses.attribution.totals import Totals, distinct, is_direct, moves_of, totals
from userops.analyses.timelines import Ints
from userops.query.scope import Scope
from userops.query.steps import OTHERS

NO_TOUCH = "$none"
"""The row of goals without any touch."""
LONGEST = 10
"""Journeys with more touches stand in one row."""
DAY = 86_400
EDGES = (
    0,
    3_600,
    DAY,
    2 * DAY,
    3 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    60 * DAY,
    90 * DAY,
    180 * DAY,
    365 * DAY,
)
"""Bounds of the time lags in seconds."""


def run(document: AttributionDocument, scope: Scope) -> dict[str, Any]:
    found = totals(document, scope)
    everyone = np.arange(found.groups)
    value = document.goal.property is not None
    goals = int(found.goals.sum())
    rows = channels(document, found, everyone, touches=True)
    return {
        "goals": goals,
        "users": _distinct(found.persons),
        "value": float(found.worth.sum()) if value else None,
        "untouched": goals - int(found.reached.sum()),
        "channels": rows,
        "breakdown": [
            {
                "value": name,
                "goals": int(found.goals[chosen].sum()),
                "channels": channels(document, found, chosen, touches=not document.by_goal),
            }
            for name, chosen in groups(document, found)
        ],
        "lengths": _lengths(found, value),
        "lags": _lags(found),
        "median_lag_seconds": _median(found.lags),
        "labels": _labels(document, found, {row["channel"] for row in rows}),
    }


def groups(document: AttributionDocument, found: Totals) -> list[tuple[str, Ints]]:
    """The values of the breakdown with most goals, then all others together."""
    if not document.breakdown:
        return []
    values = found.asked.groups.values
    others = len(values) - 1
    ranked = sorted(
        (int(at) for at in np.flatnonzero(found.goals) if at != others),
        key=lambda at: (-found.goals[at], values[at]),
    )
    shown = ranked[: document.breakdown_limit]
    rest = [at for at in np.flatnonzero(found.goals).tolist() if at not in shown]
    result = [(values[at], np.array([at])) for at in shown]
    return [*result, (OTHERS, np.array(rest))] if rest else result


def key_of(found: Totals, code: int) -> str:
    if code == 0:
        return NO_TOUCH
    return OTHERS if code == found.asked.channels.rest else found.asked.channels.names[code - 1].key


def channels(
    document: AttributionDocument, found: Totals, chosen: Ints, *, touches: bool
) -> list[dict[str, Any]]:
    """A row for each channel, those with most linear credit first, and one for goals without touch."""
    goals, worth = found.goals[chosen].sum(), found.worth[chosen].sum()
    credit = {name: each[chosen].sum(axis=0) for name, each in found.credits.items()}
    valued = {name: each[chosen].sum(axis=0) for name, each in found.values.items()}
    reached, reached_worth = found.reached[chosen].sum(), found.reached_worth[chosen].sum()
    by_chain = _by_chain(found, chosen)
    credit["markov"], valued["markov"] = by_chain * reached, by_chain * reached_worth
    for each, whole, part in ((credit, goals, reached), (valued, worth, reached_worth)):
        for model in MODEL_NAMES:
            each[model] = _settled(each[model], whole, part)
    touched, users = found.touches[chosen].sum(axis=0), found.users[chosen].sum(axis=0)
    assisted = found.assisted[chosen].sum(axis=0)
    direct = is_direct(document, found.asked)
    rows = []
    for code in range(found.channels):
        # who only leads to others on ways without a goal has a share of what those bring
        owed = any(credit[name][code] for name in MODEL_NAMES)
        if not (touched[code] or assisted[code] or owed):
            continue
        row: dict[str, Any] = {
            "channel": key_of(found, code),
            "direct": bool(direct[code]),
            "touches": int(touched[code]) if touches and code else None,
            "users": int(users[code]) if touches and code else None,
            "assisted": int(assisted[code]) if code else None,
            "credits": {name: float(credit[name][code]) for name in MODEL_NAMES},
            "shares": {name: _share(credit[name][code], goals) for name in MODEL_NAMES},
        }
        if document.goal.property:
            row["values"] = {name: float(valued[name][code]) for name in MODEL_NAMES}
        rows.append(row)
    return sorted(
        rows, key=lambda r: (r["channel"].startswith("$"), -r["credits"]["linear"], r["channel"])
    )


def _settled(credit: Ints, whole: float, part: float) -> Ints:
    """Without the dust of binary fractions, so that what channels are owed adds up to what there is."""
    settled: Ints = np.round(credit, 9)
    settled[np.argmax(settled)] += part - settled.sum()
    settled[0] = whole - part
    return np.round(settled, 9)


def _by_chain(found: Totals, chosen: Ints) -> Ints:
    """By code, each channel's share of what journeys bring."""
    return np.append(0, shares(moves_of(found, chosen)))


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


def _distinct(parts: list[Ints]) -> int:
    return len(distinct(np.concatenate(parts))) if parts else 0


def _lengths(found: Totals, value: bool) -> list[dict[str, Any]]:
    """Goals by the number of their touches; the last row holds all longer journeys."""
    goals, worth = found.lengths
    whole = goals.sum()
    result = []
    for length in range(LONGEST + 1):
        part = slice(length, None) if length == LONGEST else slice(length, length + 1)
        row = {
            "touches": length,
            "goals": int(goals[part].sum()),
            "share": _share(goals[part].sum(), whole),
        }
        result.append({**row, "value": float(worth[part].sum())} if value else row)
    return result if whole else []


def _lags(found: Totals) -> list[dict[str, Any]]:
    """Goals by the time from their first touch, between the first and the last row that holds any."""
    lags = np.concatenate(found.lags) / 1000 if found.lags else np.zeros(0)
    if not len(lags):
        return []
    counts = np.bincount(np.searchsorted(EDGES, lags, side="right") - 1, minlength=len(EDGES))
    return [
        {
            "from": EDGES[at],
            "to": EDGES[at + 1] if at + 1 < len(EDGES) else None,
            "goals": int(counts[at]),
            "share": int(counts[at]) / len(lags),
        }
        for at in range(int(np.flatnonzero(counts)[-1]) + 1)
    ]


def _median(lags: list[Ints]) -> float | None:
    together = np.concatenate(lags) if lags else np.zeros(0)
    return float(np.median(together)) / 1000 if len(together) else None


def _labels(document: AttributionDocument, found: Totals, shown: set[str]) -> dict[str, str]:
    """By the key of each channel that is shown. A property that is not set is ''; an event goes by its step's name."""
    named = {
        touch.events[0]: touch.label
        for touch in reversed(document.touches)
        if touch.property is None and len(touch.events) == 1
    }
    return {
        name.key: named.get(name.text, name.text) if name.family == EVENT else name.text
        for name in found.asked.channels.names
        if name.key in shown
    }
