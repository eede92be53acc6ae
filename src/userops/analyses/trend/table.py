"""A trend as rows: one per breakdown value and interval, one column per series and formula."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.analyses.breakdown import value_labels
from userops.analyses.table import Column, Table
from userops.analyses.trend.document import Trend
from userops.analyses.trend.formulas import letter
from userops.analyses.trend.labels import index_words
from userops.analyses.trend.running import incomplete
from userops.query.comparison import COMPARISONS
from userops.query.dates import UNIT_WORDS
from userops.words import Words


def table(document: Trend, result: dict[str, Any]) -> Table:
    lines: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for entry in result["series"]:
        lines.setdefault(tuple(entry["breakdown"].values()), []).append(entry)
    open_ = incomplete(result)
    rows: list[tuple[Any, ...]] = []
    for value, entries in lines.items():
        for place, (start, _) in enumerate(entries[0]["points"]):
            cells = [cell for entry in entries for cell in _cells(entry, place)]
            rows.append((*value, _start(document, start), *cells, int(start in open_)))
    return Table(_columns(document), rows)


def _cells(entry: dict[str, Any], place: int) -> list[Any]:
    cells = [entry["points"][place][1]]
    if "comparison" in entry:
        compared = entry["comparison"]["points"]
        cells.append(compared[place][1] if place < len(compared) else None)
    return cells


def _start(document: Trend, start: str) -> date | str:
    return start if document.unit == "hour" else date.fromisoformat(start)


def _columns(document: Trend) -> tuple[Column, ...]:
    unit = UNIT_WORDS[document.unit]
    start = Column(
        "start",
        Words(unit.zh, unit.en.capitalize()),
        "text" if document.unit == "hour" else "date",
    )
    count = len(document.series) + len(document.formulas)
    figures = [column for index in range(count) for column in _figure_columns(document, index)]
    ours = [start, *figures, Column("unfinished", Words("不完整", "Incomplete"), "whole")]
    taken = {column.name for column in ours}
    groups = [
        Column(
            f"property.{name}" if name in taken else name,
            Words(name, name),
            labels=value_labels(name.removeprefix("user.")),
        )
        for name in document.breakdown_names()
    ]
    return (*groups, *ours)


def _figure_columns(document: Trend, index: int) -> list[Column]:
    words, type_ = index_words(document, index), "number"
    if index < len(document.series):
        name, type_ = letter(index), document.series[index].measured().type
    else:
        name = f"formula_{index - len(document.series) + 1}"
    columns = [Column(name, words, type_)]
    if document.compare is not None:
        base = COMPARISONS[document.compare]
        compared = Words(f"{words.zh}：{base.zh}", f"{words.en}: {base.en}")
        columns.append(Column(f"{name}_compared", compared, type_))
    return columns
