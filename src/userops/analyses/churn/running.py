"""From silences to the figures of a churn analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from userops.analyses.breakdown import Groups, names_of
from userops.analyses.churn.asking import silences_of
from userops.analyses.churn.calendar import Calendar, calendar
from userops.analyses.churn.document import Churn
from userops.analyses.churn.silences import Flags, Ints, Silences
from userops.analyses.churn.window import Suggestion, curve, suggest
from userops.query.dates import Bucket
from userops.query.scope import Scope
from userops.stats.proportions import wilson


@dataclass(frozen=True, eq=False)
class Watched:
    """A resolved question with its silences, and the window that holds for all of it."""

    document: Churn
    scope: Scope
    days: Calendar
    found: Silences
    groups: Groups
    window: int | None
    hint: Suggestion

    def inside(self, place: int | None) -> Flags:
        """The silences of a group; of all without one."""
        if place is None:
            return np.ones(len(self.found), bool)
        return np.asarray(self.found.code == place)

    def latest(self, place: int | None) -> Silences:
        """The silence in which each person who was there in these days is at the end of them."""
        first, last = self.days.numbers
        found = self.found
        now = (found.begin >= first) & (found.begin <= last) & (found.end > last)
        return found.of(now & self.inside(place))

    def persons(self, unit: Bucket, place: int | None) -> dict[str, Ints]:
        """By state, the persons of a unit, each once, in rising order; in the group of the day on which
        their silence began."""
        assert self.window is not None
        first, last = self.days.of_unit(unit)
        found, window, inside = self.found, self.window, self.inside(place)
        active = found.person[found.present(first, window) & inside]
        gone = found.person[found.gone_between(first, last, window)]
        back = found.person[found.back_between(first, last, window) & inside]
        return {
            "active": active,
            "churned": active[np.isin(active, gone)],
            "reactivated": np.unique(back),
        }


def watched(document: Churn, scope: Scope) -> Watched:
    days = calendar(document, scope)
    found, groups = silences_of(document, scope, days)
    points = curve(found.survival(*days.numbers), document.horizon, document.min_support)
    hint = suggest(points, document.threshold)
    window = document.window or hint.window
    return Watched(document, scope, days, found, groups, window, hint)


def run(document: Churn, scope: Scope) -> dict[str, Any]:
    of = watched(document, scope)
    names = names_of(document.breakdown)
    return {
        "unit": document.unit,
        "as_of": None if of.days.empty else of.days.last.isoformat(),
        "window": of.window,
        "suggested": {"window": of.hint.window, "by": of.hint.by},
        **_figures(of, None),
        "breakdown": [
            {"breakdown": dict(zip(names, value, strict=True)), **_figures(of, place)}
            for place, value in enumerate(of.groups.all)
        ],
    }


def _figures(of: Watched, place: int | None) -> dict[str, Any]:
    document = of.document
    survival = of.found.of(of.inside(place)).survival(*of.days.numbers)
    points = curve(survival, document.horizon, document.min_support)
    periods = _periods(of, place)
    begun = int(survival.at_risk[0]) if len(survival) else 0
    return {
        **_now(of, place),
        "silences": begun,
        "returned": int(survival.ended.sum()),
        "chance": next((p["chance"] for p in points if p["days"] == of.window), None),
        "curve": points,
        "periods": periods,
        "average": _average(periods),
    }


def _now(of: Watched, place: int | None) -> dict[str, Any]:
    """Who was there in these days, and how many of them are gone at the end."""
    here = of.latest(place)
    gone = None if of.window is None else len(gone_now(of, here))
    share = None if gone is None or not len(here) else gone / len(here)
    return {"users": len(here), "gone": gone, "gone_share": share}


def gone_now(of: Watched, here: Silences) -> Ints:
    assert of.window is not None
    return np.asarray(here.person[of.days.numbers[1] - here.begin >= of.window])


def _periods(of: Watched, place: int | None) -> list[dict[str, Any]]:
    if of.window is None or not len(of.found):
        return []
    earliest, last = int(of.found.begin.min()), of.days.numbers[1]
    return [
        _period(of, place, unit, earliest)
        for unit in of.days.units
        if of.days.of_unit(unit)[0] <= last
    ]


def _period(of: Watched, place: int | None, unit: Bucket, earliest: int) -> dict[str, Any]:
    assert of.window is not None
    persons = of.persons(unit, place)
    active, churned = len(persons["active"]), len(persons["churned"])
    low, high = wilson(churned, active) or (None, None)
    return {
        "start": unit.key(),
        "active": active,
        "churned": churned,
        "rate": churned / active if active else None,
        "low": low,
        "high": high,
        "reactivated": len(persons["reactivated"]),
        "unfinished": unit.unfinished(of.scope.now),
        "partial": of.days.of_unit(unit)[0] - of.window < earliest,
    }


def _average(periods: list[dict[str, Any]]) -> dict[str, Any]:
    """Over the finished periods before which the window was watched in full."""
    whole = [each for each in periods if not each["unfinished"] and not each["partial"]]
    active, churned = sum(p["active"] for p in whole), sum(p["churned"] for p in whole)
    return {
        "periods": len(whole),
        "active": active,
        "churned": churned,
        "rate": churned / active if active else None,
    }
