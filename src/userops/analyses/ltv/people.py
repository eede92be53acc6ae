"""Who is in a cohort, and who of them has paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from userops.analyses.breakdown import names_of, told_apart_sql, tuples_sql
from userops.analyses.ltv.asking import SQL, spending_pieces, starts_sql
from userops.analyses.ltv.calendar import Calendar, calendar
from userops.analyses.ltv.document import Ltv
from userops.analyses.ltv.running import groups_of
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.query.sql import Values, all_of, statement
from userops.query.steps import OTHERS
from userops.words import Words


def people(
    document: Ltv, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`{"cohort": "2026-01-05"}` are its members, with `"period": 3` those who paid by then; without
    `cohort`, of all cohorts; add `"breakdown": {…}`. Raises `DocumentError`."""
    days = calendar(document, scope)
    period = selection.get("period")
    _check(document, days, selection)
    values = scope.values()
    pieces = {
        "chosen": _chosen(document, scope, days, selection, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    if period is None:
        pieces["starts"] = starts_sql(document, scope, days, values)
        name = "members.sql"
    else:
        pieces |= {**spending_pieces(document, scope, days, values), "number": values.whole(period)}
        name = "payers.sql"
    row = scope.ask(statement(SQL / name, pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _check(document: Ltv, days: Calendar, selection: Mapping[str, Any]) -> None:
    starts = [cohort.key() for cohort in days.cohorts]
    period, group = selection.get("period"), selection.get("breakdown")
    fits = (
        set(selection) <= {"cohort", "period", "breakdown"}
        and selection.get("cohort", starts[0]) in starts
        and (period is None or (type(period) is int and 0 <= period <= document.periods))
        and (group is None or isinstance(group, dict))
    )
    if group and fits:
        fits = list(group) == names_of(document.breakdown) and all(
            isinstance(each, str) for each in group.values()
        )
    if not fits:
        raise DocumentError(
            Words(
                f"LTV 结果中没有这一格：{dict(selection)!r}。",
                f"The LTV has no such cell: {dict(selection)!r}.",
            ),
            code="selection_invalid",
            hint=Words(
                '应形如 {"cohort": "2026-01-05", "period": 3}；可再指定 breakdown。',
                'It is like {"cohort": "2026-01-05", "period": 3}; add breakdown.',
            ),
        )


def _chosen(
    document: Ltv, scope: Scope, days: Calendar, selection: Mapping[str, Any], values: Values
) -> str:
    conditions = []
    if "cohort" in selection:
        day = date.fromisoformat(selection["cohort"])
        conditions.append(f"starts.cohort = toDate({values.text(day.isoformat())})")
    if selection.get("breakdown"):
        wanted, width = tuple(selection["breakdown"].values()), len(document.breakdown)
        value = "starts.value"
        if set(wanted) == {OTHERS}:
            shown = tuple(groups_of(document, scope, days))
            value = told_apart_sql(value, shown, width, values)
        conditions.append(f"{value} in {tuples_sql((wanted,), width, values)}")
    return all_of(conditions)
