"""How the workbench shows sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.page import Cells, Fact, Marks, Page, Selection
from userops.analyses.sessions.chart import drawn, places_drawn, series_name
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import BY_NAME, FIGURES
from userops.analyses.sessions.table import parts_of
from userops.analyses.table import Column, Table
from userops.words import Words

_COUNTED = ("sessions", "users")


def _cells(document: Sessions, result: dict[str, Any], table: Table) -> Cells:
    groups = [group for group, _ in parts_of(result)]
    if document.at_places:
        return [[_cell(column, {}, group) for column in table.columns] for group in groups[1:]]
    return [
        [_cell(column, place, group) for column in table.columns]
        for group in groups
        for place in _places(document, result)
    ]


def _places(document: Sessions, result: dict[str, Any]) -> list[Selection]:
    """What names each row of the whole."""
    if document.view == "figures":
        return [{"start": point["start"]} for point in result["points"]]
    return [{"bucket": bucket} for bucket in range(len(result["histogram"]))]


def _cell(column: Column, place: Selection, group: dict[str, str]) -> Selection | None:
    name = column.name.removesuffix("_compared")
    if name not in (*_COUNTED, "bounce_rate"):
        return None
    compared = name != column.name
    if compared and "start" in place:
        return None  # the period compared with has starts of its own
    return {
        **place,
        **({"bounced": True} if name == "bounce_rate" else {}),
        **({"breakdown": group} if group else {}),
        **({"comparison": True} if compared else {}),
    }


def _marks(document: Sessions, result: dict[str, Any], language: str) -> Marks:
    if document.at_places:
        name = series_name(document, {}, language)
        return {name: [{"breakdown": part["breakdown"]} for part in places_drawn(result)]}
    places = _places(document, result)
    return {
        series_name(document, group, language): [
            {**place, **({"breakdown": group} if group else {})} for place in places
        ]
        for group, _ in drawn(result)
    }


def _facts(_document: Sessions, result: dict[str, Any]) -> list[Fact]:
    shown = ("sessions", "users", "per_user", "median_seconds", "depth", "bounce_rate")
    facts = [Fact(BY_NAME[name].words, result[name], BY_NAME[name].type) for name in shown]
    if result["open"]:
        facts.append(Fact(Words("进行中", "Going on"), result["open"], "whole"))
    return facts


def _of_figures(values: Mapping[str, Any]) -> bool:
    return str(values.get("view") or "figures") == "figures"


def _figure_asked(values: Mapping[str, Any]) -> bool:
    return _of_figures(values) or bool(values.get("figure"))


def _place_asked(values: Mapping[str, Any]) -> bool:
    return values.get("view") in ("entry", "exit") or bool(values.get("place"))


def _breakdown_asked(values: Mapping[str, Any]) -> bool:
    return values.get("view") not in ("entry", "exit") or bool(values.get("breakdown"))


def _whole(result: dict[str, Any]) -> int:
    return len(result.get("points") or result.get("histogram") or [])


PAGE = Page(
    icon="hourglass",
    front=(
        "range", "unit", "view", "figure", "place", "event", "timeout", "breakdown", "compare", "filters",
    ),
    starts={"event": "*"},
    words={
        "view.figures": Words("指标走势", "Over time"),
        "view.length": Words("时长分布", "Length"),
        "view.depth": Words("深度分布", "Depth"),
        "view.entry": Words("入口", "Entries"),
        "view.exit": Words("出口", "Exits"),
        "figure": Words("指标", "Figure"),
        **{f"figure.{each.name}": each.words for each in FIGURES},
        "place": Words("按什么区分", "Told by"),
        "place.page": Words("页面", "Page"),
        "place.event": Words("事件", "Event"),
        "timeout": Words("超时（分钟）", "Timeout (minutes)"),
        "split": Words("会话划分", "Sessions end"),
        "split.id_or_gap": Words("按会话 ID，没有时按间隔", "By session id, else by gap"),
        "split.gap": Words("只按间隔", "By gap alone"),
        "bounce_events": Words("跳出：至多事件数", "Bounced: events, at most"),
    },
    shown_when={
        ("Sessions", "figure"): _figure_asked,
        ("Sessions", "place"): _place_asked,
        ("Sessions", "breakdown"): _breakdown_asked,
    },
    cells=_cells,
    marks=_marks,
    facts=_facts,
    whole=_whole,
)  # fmt: skip
