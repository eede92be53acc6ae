"""How the workbench shows a distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.distribution.chart import drawn, series_name, stacks
from userops.analyses.distribution.document import Distribution
from userops.analyses.distribution.measures import MEASURE
from userops.analyses.distribution.table import MEAN, MEDIAN, USERS, parts_of
from userops.analyses.page import Cells, Fact, Marks, Page, Selection
from userops.analyses.table import Column, Table
from userops.words import Words


def _cells(document: Distribution, result: dict[str, Any], table: Table) -> Cells:
    rows: list[Selection] = (
        [{"start": point["start"]} for point in result["points"]]
        if document.period()
        else [_bounds(bucket) for bucket in result["buckets"]]
    )
    return [
        [_cell(column, row, result, group) for column in table.columns]
        for group, _ in parts_of(result)
        for row in rows
    ]


def _bounds(bucket: dict[str, Any]) -> Selection:
    return {name: edge for name, edge in bucket.items() if edge is not None}


def _cell(
    column: Column, row: Selection, result: dict[str, Any], group: dict[str, str]
) -> Selection | None:
    of_group = {"breakdown": group} if group else {}
    if column.name == "users":
        return {**row, **of_group}
    if column.name == "users_compared":
        return {**row, **of_group, "comparison": True}
    name, _, place = column.name.partition("_")
    if name == "bucket" and place.isdigit():
        return {**row, **_bounds(result["buckets"][int(place)]), **of_group}
    return None


def _marks(document: Distribution, result: dict[str, Any], language: str) -> Marks:
    if document.period() is None:
        return {
            series_name(group, language): [
                {**_bounds(bucket), **({"breakdown": group} if group else {})}
                for bucket in result["buckets"]
            ]
            for group, _ in drawn(result)
        }
    if result["breakdown"]:
        return {
            series_name(group, language): [
                {"start": point["start"], "breakdown": group} for point in result["points"]
            ]
            for group, _ in drawn(result)
        }
    return {
        words.text(language): [
            {"start": point["start"], **_span(result, places)} for point in result["points"]
        ]
        for words, places in stacks(document, result)
    }


def _span(result: dict[str, Any], places: range) -> Selection:
    first, last = result["buckets"][places[0]], result["buckets"][places[-1]]
    return _bounds({"from": first["from"], "to": last["to"]})


def _facts(document: Distribution, result: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact(USERS.words, result["users"], "whole"),
        Fact(MEAN.words, result["mean"]),
        Fact(MEDIAN.words, result["median"]),
    ]
    if document.measure in ("times", "sum"):
        facts.append(Fact(Words("合计", "Total"), result["total"]))
    return facts


def _takes_property(values: Mapping[str, Any]) -> bool:
    measure = MEASURE.get(str(values.get("measure") or "times"))
    return measure is None or measure.needs_property or bool(values.get("property"))


PAGE = Page(
    icon="chart-histogram",
    front=(
        "range", "event", "measure", "property", "unit", "cuts", "quantiles", "breakdown", "compare",
        "filters",
    ),
    starts={"event": "*"},
    words={
        "unit.range": Words("整个范围", "Whole range"),
        **{f"measure.{each.name}": each.words for each in MEASURE.values()},
        "cuts": Words("自定义分段点", "Cuts"),
        "quantiles": Words("按分位数分段", "Quantile buckets"),
    },
    help={
        "cuts": Words(
            "从小到大，如 1、5、10；不填则自动分段。", "In rising order, such as 1, 5, 10; otherwise cut by itself."
        ),
        "quantiles": Words("如 4 为四分位，10 为十分位。", "4 for quartiles, 10 for deciles."),
    },
    shown_when={("Distribution", "property"): _takes_property},
    cells=_cells,
    marks=_marks,
    facts=_facts,
    whole=lambda result: len(result.get("points") or result["buckets"]),
)  # fmt: skip
