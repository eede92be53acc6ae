"""An LTV as rows: one per cohort, the average last."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.analyses.breakdown import group_columns
from userops.analyses.ltv.document import Ltv
from userops.analyses.pricing import money_type
from userops.analyses.table import Column, Table
from userops.words import Words

AVERAGE = Words("平均", "Average")
_NO_MONEY = {"pay_rate": "share", "payers": "whole"}


def type_of(document: Ltv, result: dict[str, Any]) -> str:
    """The type of the figure that is shown."""
    return _NO_MONEY.get(document.show) or money_type(result)


def column_name(document: Ltv, period: int) -> Words:
    """`第 3 周` or `Week 3`."""
    zh = {"day": "天", "week": "周", "month": "月"}[document.unit]
    return Words(f"第 {period} {zh}", f"{document.unit.capitalize()} {period}")


def table(document: Ltv, result: dict[str, Any]) -> Table:
    """The figure that is shown, by cohort and period; the average of a sum is that of finished cohorts."""
    columns = [
        *group_columns(document.breakdown),
        Column("start", Words("起始", "Start"), "date"),
        Column("size", Words("人数", "Users"), "whole"),
    ]
    if document.cost is not None:
        columns.append(Column("payback", Words("回本期", "Paid back in period"), "whole"))
    columns += [
        Column(f"value_{n}", column_name(document, n), type_of(document, result))
        for n in range(document.periods + 1)
    ]
    rows = _rows(document, result, (None,) * len(document.breakdown))
    for part in result["breakdown"]:
        rows += _rows(document, part, tuple(part["breakdown"].values()))
    return Table(tuple(columns), rows)


def _rows(document: Ltv, figures: dict[str, Any], key: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    def paid_back(of: dict[str, Any]) -> tuple[Any, ...]:
        return () if document.cost is None else (of["payback"],)

    rows = [
        (
            *key,
            date.fromisoformat(cohort["start"]),
            cohort["size"],
            *paid_back(cohort),
            *cohort[document.show],
        )
        for cohort in figures["cohorts"]
    ]
    rows.append((*key, None, figures["size"], *paid_back(figures), *shown(document, figures)))
    return rows


def shown(document: Ltv, figures: dict[str, Any]) -> list[Any]:
    """The average of the figure by period: a quotient of sums, or the mean sum of a finished cohort."""
    average = figures["average"][document.show]
    if document.show not in ("payers", "total"):
        return list(average)
    finished = [0] * (document.periods + 1)
    for cohort in figures["cohorts"]:
        for period, value in enumerate(cohort[document.show]):
            finished[period] += value is not None and period not in cohort["unfinished"]
    return [
        None if value is None or not count else value / count
        for value, count in zip(average, finished, strict=True)
    ]
