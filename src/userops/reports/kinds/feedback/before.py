"""Figures that compare with the period before: not where tickets reach back over a part of it only, of which few would
be made many."""

from __future__ import annotations

from typing import Any

from userops.analyses.table import Table
from userops.reports.book import Frozen
from userops.reports.subject import Subject

_COMPARED = ("before", "change")
"""Columns of what was before, and of how it changed."""


def known_before(frozen: Frozen, subject: Subject) -> Table | None:
    """The figure's own table, without the columns of the period before where that is not known."""
    if subject.before_is_whole:
        return None
    assert frozen.answer is not None
    whole = frozen.answer.table()
    kept = [at for at, column in enumerate(whole.columns) if column.name not in _COMPARED]
    return Table(
        tuple(whole.columns[at] for at in kept),
        [tuple(row[at] for at in kept) for row in whole.rows],
    )


def drawn_before(frozen: Frozen, subject: Subject, language: str) -> dict[str, Any]:
    """The figure's own chart, without the series of the period before where that is not known."""
    assert frozen.answer is not None
    option: dict[str, Any] = frozen.answer.chart(language)
    if subject.before_is_whole:
        return option
    return {**option, "legend": {"show": False}, "series": option["series"][:1]}
