"""A retention's cohorts as a heat map: a row for each cohort, a column for each period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from userops.analyses import page
from userops.analyses.answering import Answer
from userops.annotations.marks import Mark, marks_on
from userops.events.models import Product
from userops.insights.builder import behind
from userops.query.dates import Unit, short_label

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
    rest: int
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Heat:
    """`rest` of a row: so many columns lie after today, whose cells are left out."""

    columns: list[str]
    average: list[HeatCell]
    rows: list[HeatRow]
    cut: bool


def heat(answer: Answer, product: Product, *, who_allowed: bool) -> Heat | None:
    """None for an analysis without cohorts, or with a heat map of its own."""
    result = answer.result
    own = answer.analysis.page.heat(answer.document, result) is not None
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
    kept = cohorts[-shown:]
    unit: Unit = getattr(answer.document, "unit", "day")
    marks = _marks(answer, product, [short_label(each["start"], unit) for each in kept])
    rows = [_row(each, who_allowed, marks.get(at)) for at, each in enumerate(kept)]
    return Heat(columns, average, rows, len(cohorts) > shown)


def _marks(answer: Answer, product: Product, names: list[str]) -> dict[int, Mark]:
    """What happened while each cohort began."""
    unit = str(getattr(answer.document, "unit", ""))
    return marks_on(product, names, answer.document.range.first, unit)


def _row(cohort: dict[str, Any], who_allowed: bool, mark: Mark | None) -> HeatRow:
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
    known = _known([cell.k for cell in cells])
    return HeatRow(cohort["start"], cohort["size"], cells[:known], len(cells) - known, mark)


def _known(values: list[Any]) -> int:
    """How many cells there are up to the last one that is not empty."""
    return max((at for at, value in enumerate(values, 1) if value is not None), default=0)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What an analysis's own page draws; `rows` are the newest, each cell with the address of its people, and
    what happened while the cohort began."""

    heat: page.Heat
    rows: list[tuple[page.HeatLine, list[tuple[page.HeatCell, str]], int, Mark | None]]
    cut: bool


def heat_map(answer: Answer, product: Product, *, who_allowed: bool) -> HeatMap | None:
    found = answer.analysis.page.heat(answer.document, answer.result)
    if found is None:
        return None
    shown = max(LEAST_COHORTS, SHOWN_CELLS // len(found.columns))
    kept = found.lines[-shown:]
    marks = _marks(answer, product, [line.name.en for line in kept])
    rows = []
    for at, line in enumerate(kept):
        known = _known([cell.value for cell in line.cells])
        cells = [
            (cell, behind.asked(cell.who if who_allowed else None)) for cell in line.cells[:known]
        ]
        rows.append((line, cells, len(line.cells) - known, marks.get(at)))
    return HeatMap(found, rows, len(found.lines) > shown)
