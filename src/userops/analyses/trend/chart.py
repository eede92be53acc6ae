"""A trend as an ECharts option: at most eight lines and the rest, incomplete ends dashed."""

from __future__ import annotations

from typing import Any

from userops.analyses.trend.document import Trend
from userops.analyses.trend.labels import entry_words
from userops.analyses.trend.running import incomplete, lines_drawn
from userops.query.comparison import SHORT
from userops.query.dates import begun, short_label

SYMBOLS_UP_TO = 31
_LABEL_WIDTH = 132
_WIDE = _LABEL_WIDTH + 12
_NARROW_UP_TO = 520


def chart(document: Trend, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Formulas are drawn instead of their series. Incomplete ends have ids ending in `:dashed`."""
    entries = _drawn(document, result)
    starts = [start for start, _ in entries[0]["points"]] if entries else []
    open_ = incomplete(result)
    whole = [at for at, start in enumerate(starts) if start not in open_]
    known = begun(starts, [start in result["unfinished"] for start in starts], document.until)
    series: list[dict[str, Any]] = []
    for number, entry in enumerate(entries):
        name = entry_words(document, entry).text(language)
        figures = [figure if at < known else None for at, (_, figure) in enumerate(entry["points"])]
        series += _line(str(number), name, figures, whole)
        if "comparison" in entry and document.compare:
            base = SHORT[document.compare].text(language)
            series.append(_compared(str(number), f"{name} · {base}", entry, len(starts)))
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": _WIDE, "top": 24, "bottom": 8, "containLabel": True},
        "legend": {"show": False, "type": "scroll", "bottom": 0},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {
            "type": "category",
            "data": [short_label(start, document.unit) for start in starts],
            "boundaryGap": len(starts) == 1,
        },
        "yAxis": {"type": "value"},
        "series": series,
        "media": _media(series),
    }


def _media(series: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """On a narrow page a legend below takes the place of the labels at the lines' ends."""
    ids = [each["id"] for each in series if "endLabel" in each]

    def layout(narrow: bool) -> dict[str, Any]:
        return {
            "grid": {"right": 16 if narrow else _WIDE, "bottom": 32 if narrow else 8},
            "legend": {"show": narrow},
            "series": [{"id": id_, "endLabel": {"show": not narrow}} for id_ in ids],
        }

    return [
        {"query": {"maxWidth": _NARROW_UP_TO}, "option": layout(narrow=True)},
        {"option": layout(narrow=False)},
    ]


def _drawn(document: Trend, result: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that are drawn: the leading values of each series, or formula, and the rest."""
    first = len(document.series) if document.formulas else 0
    drawn, seen = [], dict.fromkeys(range(first, len(document.series) + len(document.formulas)), 0)
    most = lines_drawn(document)
    for entry in result["series"]:
        if entry["index"] in seen and seen[entry["index"]] < most:
            seen[entry["index"]] += 1
            drawn.append(entry)
    return drawn + [entry for entry in result.get("rest", []) if entry["index"] in seen]


def _line(id_: str, name: str, figures: list[Any], whole: list[int]) -> list[dict[str, Any]]:
    """The whole periods solid; incomplete ones dashed, up to the first and from the last whole one."""
    lines, count = [], len(figures)
    first, last = (whole[0], whole[-1]) if whole else (count, count)
    if whole:
        solid = [figure if first <= at <= last else None for at, figure in enumerate(figures)]
        lines.append({**_base(id_, name, count), "data": solid})
    if len(whole) < count:
        dashed = [
            figure if at <= first > 0 or at >= last < count - 1 else None
            for at, figure in enumerate(figures)
        ]
        lines.append(
            {
                **_base(f"{id_}:dashed", name, count),
                "data": dashed,
                "lineStyle": {"type": "dashed"},
            }
        )
    lines[-1]["endLabel"] = _end_label()
    return lines


def _base(id_: str, name: str, points: int) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "type": "bar" if points == 1 else "line",
        "showSymbol": points <= SYMBOLS_UP_TO,
        "labelLayout": {"moveOverlap": "shiftY"},
        "emphasis": {"focus": "series"},
    }


def _end_label() -> dict[str, Any]:
    return {
        "show": True,
        "formatter": "{a}",
        "color": "inherit",
        "width": _LABEL_WIDTH,
        "overflow": "truncate",
    }


def _compared(id_: str, name: str, entry: dict[str, Any], length: int) -> dict[str, Any]:
    figures = [figure for _, figure in entry["comparison"]["points"]][:length]
    return {
        **_base(f"{id_}:compared", name, length),
        "data": figures + [None] * (length - len(figures)),
        "lineStyle": {"type": "dotted", "opacity": 0.6},
        "showSymbol": False,
        "endLabel": _end_label(),
    }
