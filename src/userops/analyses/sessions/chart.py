"""Sessions as an ECharts option: a figure over time, a histogram, or the leading entries and exits."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import group_words
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import BY_NAME
from userops.analyses.sessions.table import incomplete, parts_of, share
from userops.query.comparison import SHORT
from userops.query.dates import begun, short_label
from userops.query.durations import span_name
from userops.words import Words

MAX_SERIES = 8
MAX_PLACES = 20
SESSIONS = Words("会话数", "Sessions")
SHARE = Words("会话占比", "Share of sessions")


def chart(document: Sessions, result: dict[str, Any], language: str) -> dict[str, Any]:
    if document.at_places:
        return _places(document, result, language)
    if document.view != "figures":
        return _histogram(document, result, language)
    return _lines(document, result, language)


def drawn(result: dict[str, Any]) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """The whole, or the leading groups in its place."""
    parts = list(parts_of(result))
    return parts[1 : MAX_SERIES + 1] or parts


def series_name(document: Sessions, group: dict[str, str], language: str) -> str:
    whole = SESSIONS if document.view != "figures" else BY_NAME[document.figure].words
    return (group_words(group) if group else whole).text(language)


def _frame(names: list[str], title: str, format_: str) -> dict[str, Any]:
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True},
        "legend": {"top": 0, "left": 0, "type": "scroll"},
        "tooltip": {"trigger": "axis", "confine": True},
        "xAxis": {"type": "category", "data": names},
        "yAxis": {"type": "value", "name": title, "nameTextStyle": {"align": "left"}},
        "userops": {"format": format_},
    }


def _lines(document: Sessions, result: dict[str, Any], language: str) -> dict[str, Any]:
    figure, points = BY_NAME[document.figure], result["points"]
    starts = [short_label(point["start"], document.unit) for point in points]
    title = figure.words.text(language) if result["breakdown"] else ""
    known = begun(
        [each["start"] for each in points], [each["unfinished"] for each in points], document.until
    )
    series: list[dict[str, Any]] = []
    for number, (group, part) in enumerate(drawn(result)):
        name = series_name(document, group, language)
        line = _line(str(number), name, part["points"], figure.name)
        line["data"][known:] = [None] * (len(points) - known)
        series.append({**line, "userops": _ends(result, part["points"])})
        if "comparison" in part and document.compare is not None:
            then = part["comparison"]["points"][: len(points)]
            base = SHORT[document.compare].text(language)
            line = _line(f"{number}:compared", f"{name} · {base}", then, figure.name)
            line["data"] += [None] * (len(points) - len(then))
            look = {"lineStyle": {"type": "dotted", "opacity": 0.6}, "showSymbol": False}
            series.append({**line, **look})
    frame = _frame(starts, title, figure.format)
    frame["xAxis"]["boundaryGap"] = len(points) == 1
    return {**frame, "series": series}


def _ends(result: dict[str, Any], points: list[dict[str, Any]]) -> dict[str, int]:
    """How many points at both ends of the line are cut off by the range, or from the first unfinished one on."""
    whole = [at for at, point in enumerate(points) if not incomplete(result, point)]
    first = whole[0] if whole else 0
    open_ = next((at for at in range(first, len(points)) if at not in whole), len(points))
    return {"cut": first, "unfinished": len(points) - open_}


def _line(id_: str, name: str, points: list[dict[str, Any]], figure: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "type": "bar" if len(points) == 1 else "line",
        "showSymbol": len(points) <= 31,
        "emphasis": {"focus": "series"},
        "data": [point[figure] for point in points],
    }


def bucket_name(document: Sessions, bucket: dict[str, Any], language: str) -> str:
    """A part of a histogram: `10 秒 – 30 秒`, `6–10`."""
    begin, end = bucket["from"], bucket["to"]
    if document.view == "depth":
        if end is None:
            return f"≥ {begin}"
        return str(begin) if end == begin + 1 else f"{begin}–{end - 1}"
    return span_name(bucket, language)


def _histogram(document: Sessions, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Groups are drawn as shares of their own sessions."""
    names = [bucket_name(document, each, language) for each in result["histogram"]]
    parts = drawn(result)
    broken = bool(parts[0][0])
    series: list[dict[str, Any]] = []
    for number, (group, part) in enumerate(parts):
        name = series_name(document, group, language)
        series.append(_bar(str(number), name, part["histogram"], broken))
        if "comparison" in part and document.compare is not None:
            base = SHORT[document.compare].text(language)
            then = part["comparison"]["histogram"]
            bar = _bar(f"{number}:compared", f"{name} · {base}", then, broken)
            series.append({**bar, "itemStyle": {"opacity": 0.45}})
    title = (SHARE if broken else SESSIONS).text(language)
    return {**_frame(names, title, "percent" if broken else "count"), "series": series}


def _bar(id_: str, name: str, histogram: list[dict[str, Any]], shares: bool) -> dict[str, Any]:
    places = range(len(histogram))
    return {
        "id": id_,
        "name": name,
        "type": "bar",
        "barMaxWidth": 40,
        "data": [share(histogram, at) if shares else histogram[at]["sessions"] for at in places],
    }


def places_drawn(result: dict[str, Any]) -> list[dict[str, Any]]:
    return list(result["breakdown"][:MAX_PLACES])


def _places(document: Sessions, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Bars from the top down, the longest first."""
    parts = places_drawn(result)
    names = [group_words(part["breakdown"]).text(language) for part in parts]
    frame = _frame(names, "", "count")
    axis = {
        **frame.pop("xAxis"),
        "inverse": True,
        "axisLabel": {"width": 140, "overflow": "truncate", "interval": 0},
    }
    bar = {
        "id": "0",
        "name": SESSIONS.text(language),
        "type": "bar",
        "barMaxWidth": 24,
        "data": [part["sessions"] for part in parts],
    }
    frame["tooltip"] |= {"axisPointer": {"type": "shadow"}}
    values = {"type": "value", "splitNumber": 3, "axisLabel": {"hideOverlap": True}}
    return {**frame, "xAxis": values, "yAxis": axis, "series": [bar]}
