"""A retention's cohorts as a heat map: a row for each cohort, a column for each period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from userops.analyses import page
from userops.analyses.answering import Answer
from userops.insights.builder import behind

SHOWN_CELLS = 1_500
LEAST_COHORTS = 24
"""A page stays light: with many periods it shows the newest cohorts; the export holds all."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """`k` of the cohort came back, `rate` of its base; `who` asks for them."""

    k: int | None
    rate: float | None
    unfinished: bool
    who: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class HeatRow:
    start: str
    size: int
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True)
class Heat:
    columns: list[str]
    average: list[HeatCell]
    rows: list[HeatRow]
    cut: bool


def heat(answer: Answer, *, who_allowed: bool) -> Heat | None:
    """None for an analysis without cohorts, or with a heat map of its own."""
    result = answer.result
    own = heat_map(answer, who_allowed=False) is not None
    if own or "cohorts" not in result or "columns" not in result:
        return None
    cohorts = result["cohorts"]
    columns = [
        str(each["from"]) if each["from"] == each["to"] else f"{each['from']}–{each['to']}"
        for each in result["columns"]
    ]
    values = result.get("average_values") or [None] * len(columns)
    average = [
        HeatCell(None, rate, False, "", value)
        for rate, value in zip(result["average"], values, strict=True)
    ]
    shown = max(LEAST_COHORTS, SHOWN_CELLS // len(columns))
    rows = [_row(each, who_allowed) for each in cohorts[-shown:]]
    return Heat(columns, average, rows, len(cohorts) > shown)


def _row(cohort: dict[str, Any], who_allowed: bool) -> HeatRow:
    values = cohort.get("values") or [None] * len(cohort["retained"])
    cells = [
        HeatCell(
            k,
            cohort["rates"][at],
            at in cohort["unfinished"],
            behind.asked({"cohort": cohort["start"], "period": at} if k and who_allowed else None),
            values[at],
        )
        for at, k in enumerate(cohort["retained"])
    ]
    return HeatRow(cohort["start"], cohort["size"], cells)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What an analysis's own page draws; `rows` are the newest, each cell with the address of its people."""

    heat: page.Heat
    rows: list[tuple[page.HeatLine, list[tuple[page.HeatCell, str]]]]
    cut: bool


def heat_map(answer: Answer, *, who_allowed: bool) -> HeatMap | None:
    found = answer.analysis.page.heat(answer.document, answer.result)
    if found is None:
        return None
    shown = max(LEAST_COHORTS, SHOWN_CELLS // len(found.columns))
    rows = [
        (line, [(cell, behind.asked(cell.who if who_allowed else None)) for cell in line.cells])
        for line in found.lines[-shown:]
    ]
    return HeatMap(found, rows, len(found.lines) > shown)
