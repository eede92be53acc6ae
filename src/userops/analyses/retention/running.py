"""Running a retention: the cohorts, their averages, and who is behind a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from userops.analyses.retention import rollup
from userops.analyses.retention.calendar import FIXED_MS, Calendar, Ints, calendar
from userops.analyses.retention.document import RetentionDocument
from userops.analyses.retention.members import Members, groups, members, named
from userops.analyses.retention.returns import Floats, counted, returned, values
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.dates import milliseconds
from userops.query.scope import Scope
from userops.stats.proportions import wilson
from userops.words import Words

MAX_BITS = 2**32
"""Above this many bits the sets of `counted` would take too much memory."""
Flags = npt.NDArray[np.bool_]


def run(document: RetentionDocument, scope: Scope) -> dict[str, Any]:
    """The result of a resolved document."""
    days = calendar(document, scope)
    if rollup.plan(document, scope).source != "events":
        counts = rollup.counted(document, scope, days)
        return _result(document, days, counts, None, _states(document, scope, days))
    of = members(document, scope, days)
    hits = None if _simple(document, days, of) else returned(document, scope, days, of)
    sums = None if document.value is None else values(document, scope, days, of)
    states = _states(document, scope, days)
    every = np.arange(len(of))
    if hits is None:
        table = counted(document, scope, days, of)
    else:
        table = _tally(days, of, hits, every)
    result = _result(document, days, table, _totals(days, of, sums, every), states)
    for key, rows in groups(document, of.keys):
        assert hits is not None
        part = _tally(days, of, hits, rows)
        figures = _figures(document, days, part, _totals(days, of, sums, rows), states)
        size = int(part[:, 0].sum())
        result["breakdown"].append({"breakdown": named(document, key), "size": size, **figures})
    return result


def _result(
    document: RetentionDocument,
    days: Calendar,
    table: Ints,
    totals: Floats | None,
    states: tuple[Flags, Flags],
) -> dict[str, Any]:
    return {
        "columns": [{"from": begin, "to": end} for begin, end in document.columns],
        **_figures(document, days, table, totals, states),
        "breakdown": [],
    }


def _simple(document: RetentionDocument, days: Calendar, of: Members) -> bool:
    """Whether the counts can be had from sets of persons."""
    plain = (
        document.clock == "calendar" and document.min_occurrences == 1 and not document.breakdown
    )
    bits = (int(of.person.max(initial=0)) + 1) * (len(days.bounds) + len(days.cohorts))
    return plain and bits <= MAX_BITS


def _tally(days: Calendar, of: Members, hits: Flags, rows: Ints) -> Ints:
    """Members per cohort and column."""
    cohort, count = of.cohort[rows], len(days.cohorts)
    return np.stack([np.bincount(cohort[each], minlength=count) for each in hits[rows].T], axis=1)


def _totals(days: Calendar, of: Members, sums: Floats | None, rows: Ints) -> Floats | None:
    """Summed property per cohort and column."""
    if sums is None:
        return None
    cohort, count = of.cohort[rows], len(days.cohorts)
    columns = [np.bincount(cohort, weights=each, minlength=count) for each in sums[rows].T]
    return np.stack(columns, axis=1)


def _states(document: RetentionDocument, scope: Scope, days: Calendar) -> tuple[Flags, Flags]:
    """Per cohort and column, whether its time has begun, and whether it is over."""
    now = milliseconds(scope.now)
    first = np.array([begin for begin, _ in document.columns])
    after = np.array([end + 1 for _, end in document.columns])
    cohort = np.arange(len(days.cohorts))[:, None]
    if document.clock == "calendar":
        return days.bounds[cohort + first] <= now, days.bounds[cohort + after] <= now
    length = FIXED_MS[document.unit]
    begins = np.array([max(each.begin, days.begin) for each in days.cohorts])[:, None]
    ends = np.array([min(each.end, days.end) for each in days.cohorts])[:, None]
    return begins + first * length <= now, ends + after * length <= now


def finished(document: RetentionDocument, scope: Scope, days: Calendar) -> Flags:
    """Per cohort and column, whether its time is over: only then it counts in the average."""
    return _states(document, scope, days)[1]


def _figures(
    document: RetentionDocument,
    days: Calendar,
    table: Ints,
    totals: Floats | None,
    states: tuple[Flags, Flags],
) -> dict[str, Any]:
    """Cohorts and averages of one table of counts."""
    begun, finished = states
    base = _base(document, table)
    cohorts = []
    for at, bucket in enumerate(days.cohorts):
        here = begun[at]
        cohort: dict[str, Any] = {
            "start": bucket.key(),
            "size": int(table[at, 0]),
            "retained": _cells(table[at], here),
            "rates": _rates(table[at], base[at], here),
            "unfinished": np.flatnonzero(here & ~finished[at]).tolist(),
        }
        if totals is not None:
            cohort["values"] = _cells(_per_member(document, totals[at], table[at, 0]), here)
        cohorts.append(cohort)
    hits = np.where(finished, table, 0).sum(axis=0)
    whole = np.where(finished, base, 0).sum(axis=0)
    pairs = [(int(k), int(n)) for k, n in zip(hits, whole, strict=True)]
    figures: dict[str, Any] = {
        "cohorts": cohorts,
        "average": [k / n if n else None for k, n in pairs],
        "average_kn": [list(pair) for pair in pairs],
        "average_interval": [_interval(k, n) for k, n in pairs],
    }
    if totals is not None:
        sizes = np.where(finished, table[:, :1], 0).sum(axis=0)
        sums = np.where(finished, totals, 0).sum(axis=0)
        figures["average_values"] = [
            float(total / size) if size else None for total, size in zip(sums, sizes, strict=True)
        ]
    return figures


def _base(document: RetentionDocument, table: Ints) -> Ints:
    """What each cell is a share of: the cohort, or the column before."""
    base = np.repeat(table[:, :1], table.shape[1], axis=1)
    if document.reference == "previous":
        base[:, 1:] = table[:, :-1]
    return base


def _cells(row: npt.NDArray[Any], begun: Flags) -> list[Any]:
    return [cell.item() if here else None for cell, here in zip(row, begun, strict=True)]


def _rates(row: Ints, base: Ints, begun: Flags) -> list[float | None]:
    return [
        int(k) / int(n) if here and n else None for k, n, here in zip(row, base, begun, strict=True)
    ]


def _per_member(document: RetentionDocument, sums: Floats, size: int) -> Floats:
    assert document.value is not None
    return sums / size if document.value.measure == "average" and size else sums


def _interval(hits: int, total: int) -> list[float] | None:
    """Wilson, 95%. None where the share is 100% by definition of the rows, or may exceed the base."""
    found = wilson(hits, total) if hits <= total else None
    return None if found is None else list(found)


def people(
    document: RetentionDocument, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"cohort": "2026-01-05", "period": 3, "what": "retained" | "lost", "breakdown": {…}}`; `period` is
    the place of the column, 0 for all members; without `cohort`, of all cohorts. Raises `DocumentError`."""
    days = calendar(document, scope)
    starts = [each.key() for each in days.cohorts]
    period, what = selection.get("period", 0), selection.get("what", "retained")
    known = isinstance(period, int) and 0 <= period < len(document.columns)
    if (
        not known
        or what not in ("retained", "lost")
        or selection.get("cohort", starts[0]) not in starts
    ):
        raise _no_cell(selection)
    of = members(document, scope, days)
    held = returned(document, scope, days, of)[:, period] == (what == "retained")
    if "cohort" in selection:
        held &= of.cohort == starts.index(selection["cohort"])
    if selection.get("breakdown"):
        held &= _under(document, of, selection["breakdown"])
    every = np.unique(of.person[held])
    return People(every[offset : offset + limit].tolist(), len(every))


def _under(document: RetentionDocument, of: Members, wanted: Any) -> Flags:
    """Members that stand under a value of the breakdown."""
    key = tuple(str(wanted.get(each.property, "")) for each in document.breakdown)
    held = np.zeros(len(of), bool)
    for shown, rows in groups(document, of.keys):
        if shown == key:
            held[rows] = True
    return held


def _no_cell(selection: Mapping[str, Any]) -> DocumentError:
    return DocumentError(
        Words(
            f"留存结果中没有这一格：{dict(selection)!r}。",
            f"The retention has no such cell: {dict(selection)!r}.",
        ),
        code="selection_invalid",
        hint=Words(
            '应形如 {"cohort": "2026-01-05", "period": 3, "what": "retained"}，what 为 retained 或 lost；'
            "可再指定 breakdown。",
            'It is like {"cohort": "2026-01-05", "period": 3, "what": "retained"}; what is retained or lost;'
            " add breakdown.",
        ),
    )
