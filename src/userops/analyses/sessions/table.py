"""Sessions as rows: by period, by part of a histogram, or by entry and exit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from userops.analyses.breakdown import group_columns
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import FIGURES, Figure
from userops.analyses.table import Column, Table
from userops.query.comparison import COMPARISONS
from userops.query.dates import UNIT_WORDS
from userops.words import Words

UNFINISHED = Column("unfinished", Words("不完整", "Incomplete"), "whole")
OPEN = Column("open", Words("进行中", "Going on"), "whole")
PLACES: dict[tuple[str, str], Words] = {
    ("entry", "page"): Words("入口页面", "Entry page"),
    ("entry", "event"): Words("入口事件", "Entry event"),
    ("exit", "page"): Words("出口页面", "Exit page"),
    ("exit", "event"): Words("出口事件", "Exit event"),
}


def parts_of(result: dict[str, Any]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, under no group, then each group."""
    yield {}, result
    for part in result["breakdown"]:
        yield part["breakdown"], part


def incomplete(result: dict[str, Any], point: dict[str, Any]) -> bool:
    """Whether a period goes on, or the range cuts it."""
    return point["unfinished"] or point["start"] in result["partial"]


def table(document: Sessions, result: dict[str, Any]) -> Table:
    """All rows of the whole, then those of each group; of entries and exits the groups alone."""
    if document.at_places:
        return _places(document, result)
    groups = group_columns(document.breakdown)
    columns, rows_of = (
        (_period_columns(document), _period_rows)
        if document.view == "figures"
        else (_bucket_columns(document), _bucket_rows)
    )
    rows = [
        (*(group.values() or ("",) * len(groups)), *row)
        for group, part in parts_of(result)
        for row in rows_of(document, {**part, "partial": result.get("partial", ())})
    ]
    return Table((*groups, *columns), rows)


def _column(figure: Figure) -> Column:
    return Column(figure.name, figure.words, figure.type)


def _compared(document: Sessions, columns: list[Column]) -> list[Column]:
    if document.compare is None:
        return []
    base = COMPARISONS[document.compare]
    return [
        Column(
            f"{each.name}_compared",
            Words(f"{each.words.zh}：{base.zh}", f"{each.words.en}: {base.en}"),
            each.type,
        )
        for each in columns
    ]


def _period_columns(document: Sessions) -> list[Column]:
    unit = UNIT_WORDS[document.unit]
    kind = "text" if document.unit == "hour" else "date"
    figures = [_column(each) for each in FIGURES]
    return [
        Column("start", Words(unit.zh, unit.en.capitalize()), kind),
        *figures,
        OPEN,
        *_compared(document, figures),
        UNFINISHED,
    ]


def _period_rows(document: Sessions, part: dict[str, Any]) -> list[tuple[Any, ...]]:
    then = part["comparison"]["points"] if "comparison" in part else None
    rows: list[tuple[Any, ...]] = []
    for place, point in enumerate(part["points"]):
        start = point["start"]
        cells = [point[each.name] for each in FIGURES]
        cells.append(point["open"])
        if then is not None:
            other = then[place] if place < len(then) else {}
            cells += [other.get(each.name) for each in FIGURES]
        shown = start if document.unit == "hour" else date.fromisoformat(start)
        rows.append((shown, *cells, int(incomplete(part, point))))
    return rows


def _bucket_columns(document: Sessions) -> list[Column]:
    ends = (
        [
            Column("from", Words("时长不小于", "Length from"), "seconds"),
            Column("to", Words("小于", "below"), "seconds"),
        ]
        if document.view == "length"
        else [
            Column("from", Words("事件数不小于", "Events from"), "whole"),
            Column("to", Words("不大于", "to"), "whole"),
        ]
    )
    figures = [
        Column("sessions", Words("会话数", "Sessions"), "whole"),
        Column("share", Words("占比", "Share"), "share"),
    ]
    return [*ends, *figures, *_compared(document, figures)]


def _bucket_rows(document: Sessions, part: dict[str, Any]) -> list[tuple[Any, ...]]:
    then = part["comparison"]["histogram"] if "comparison" in part else None
    rows: list[tuple[Any, ...]] = []
    for place, bucket in enumerate(part["histogram"]):
        cells = [bucket["sessions"], share(part["histogram"], place)]
        if then is not None:
            cells += [then[place]["sessions"], share(then, place)]
        end = bucket["to"]
        if document.view == "depth" and end is not None:
            end -= 1
        rows.append((bucket["from"], end, *cells))
    return rows


def share(histogram: list[dict[str, Any]], place: int) -> float | None:
    whole = sum(each["sessions"] for each in histogram)
    return histogram[place]["sessions"] / whole if whole else None


def _places(document: Sessions, result: dict[str, Any]) -> Table:
    figures = [_column(each) for each in FIGURES]
    shares = Column("share", Words("占比", "Share"), "share")
    columns = [figures[0], shares, *figures[1:]]
    rows = []
    for part in result["breakdown"]:
        cells = _place_cells(part, result)
        if "comparison" in part:
            cells += _place_cells(part["comparison"], result["comparison"])
        rows.append((part["breakdown"][document.view], *cells))
    name = Column(document.view, PLACES[document.view, document.place])
    return Table((name, *columns, *_compared(document, columns)), rows)


def _place_cells(part: dict[str, Any], whole: dict[str, Any]) -> list[Any]:
    ratio = part["sessions"] / whole["sessions"] if whole["sessions"] else None
    rest = [part[each.name] for each in FIGURES[1:]]
    return [part["sessions"], ratio, *rest]
