"""A retention as rows: one per cohort, the average last."""

from __future__ import annotations

from datetime import date
from typing import Any

from userops.analyses.breakdown import value_labels
from userops.analyses.retention.document import RetentionDocument
from userops.analyses.table import Column, Table
from userops.query.steps import OTHERS
from userops.words import Words

AVERAGE = Words("平均", "Average")
SPECIAL = {OTHERS: Words("其他", "Others"), "": Words("未设置", "Not set")}


def table(document: RetentionDocument, result: dict[str, Any]) -> Table:
    """Per cohort its size, then for each column the users and their share (and the LTV)."""
    names = tuple(
        Column(f"by_{each.property}", each.describe(), labels=value_labels(each.property))
        for each in document.breakdown
    )
    kind = "text" if document.unit == "hour" else "date"
    columns = [
        *names,
        Column("start", Words("起始", "Start"), kind),
        Column("size", Words("人数", "Size"), "whole"),
    ]
    for at in range(len(document.columns)):
        name = column_name(document, at)
        columns.append(
            Column(f"retained_{at}", Words(f"{name.zh} 人数", f"{name.en} users"), "whole")
        )
        columns.append(Column(f"rate_{at}", name, "share"))
        if document.value is not None:
            columns.append(
                Column(f"value_{at}", Words(f"{name.zh} LTV", f"{name.en} LTV"), "number")
            )
    rows = _rows(document, result, ("",) * len(names))
    for part in result["breakdown"]:
        rows += _rows(document, part, tuple(part["breakdown"].values()))
    return Table(tuple(columns), rows)


def column_name(document: RetentionDocument, at: int) -> Words:
    """`第 3 天` or `Day 3`; a bracket as `第 2–7 天`."""
    begin, end = document.columns[at]
    span = str(begin) if begin == end else f"{begin}–{end}"
    zh = {"hour": "小时", "day": "天", "week": "周", "month": "月"}[document.unit]
    return Words(f"第 {span} {zh}", f"{document.unit.capitalize()} {span}")


def _rows(
    document: RetentionDocument, figures: dict[str, Any], key: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    rows = []
    for cohort in figures["cohorts"]:
        start = cohort["start"] if document.unit == "hour" else date.fromisoformat(cohort["start"])
        cells = _cells(cohort["retained"], cohort["rates"], cohort.get("values"))
        rows.append((*key, start, cohort["size"], *cells))
    # where no cohort is complete there is no sum: what stands above it is of unfinished periods
    hits = [hits if whole else None for hits, whole in figures["average_kn"]]
    size = sum(cohort["size"] for cohort in figures["cohorts"])
    rows.append(
        (*key, None, size, *_cells(hits, figures["average"], figures.get("average_values")))
    )
    return rows


def _cells(retained: list[Any], rates: list[Any], values: list[Any] | None) -> list[Any]:
    if values is None:
        return [cell for pair in zip(retained, rates, strict=True) for cell in pair]
    return [cell for three in zip(retained, rates, values, strict=True) for cell in three]


def shown(key: dict[str, str], language: str) -> str:
    """A value of the breakdown as a person reads it."""
    return " · ".join(
        SPECIAL[value].text(language) if value in SPECIAL else value for value in key.values()
    )
