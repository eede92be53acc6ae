"""Paths as an ECharts option: a Sankey, the most frequent ways as bars, or the matrix as a heat map."""

from __future__ import annotations

from typing import Any

from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.labels import CONTINUED, ENDED, words_of
from userops.analyses.paths.table import count_words, flowing, way_words
from userops.words import Words

DRAWN_WAYS = 12
_SHOWN = 6
"""Decimals of a share that is only read, of hundreds in a page."""
SHARE_OF_ALL = Words("占全部", "Of all")
SHARE_OF_NODE = Words("占该节点", "Of the node")
MEDIAN = Words("间隔中位数", "Median time between")
MOVES = Words("转移", "Moves")

Mark = tuple[int, str, str]
"""Step, node, and what comes after it: '' for the node itself."""


def chart(document: PathsDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Plain JSON; colours by family: nodes of one name have one colour at every step."""
    if "matrix" in result:
        return _matrix(document, result, language)
    if document.view == "common":
        return _common(document, result, language)
    return _flow(document, result, language)


def node_marks(document: PathsDocument, result: dict[str, Any]) -> list[Mark]:
    """The nodes of the Sankey in the order in which they are drawn; a drop-off stands one step on."""
    found: list[Mark] = []
    for step in result["steps"]:
        found += [(step["step"], node["node"], "") for node in step["nodes"]]
    if _draws_ends(document):
        ends = {step for step, _node, to, _count, _share in flowing(result) if to == ENDED}
        found += [(step, "", ENDED) for step in sorted(ends) if step < document.max_steps]
    return found


def link_marks(document: PathsDocument, result: dict[str, Any]) -> list[Mark]:
    return [
        (step, node, to)
        for step, node, to, _count, _share in flowing(result)
        if to != CONTINUED
        and (to != ENDED or (_draws_ends(document) and step < document.max_steps))
    ]


def _draws_ends(document: PathsDocument) -> bool:
    """Between two events every path arrives: there is no drop-off to draw."""
    return not document.between


def _id(step: int, key: str) -> str:
    return f"{step}/{key}"


def _flow(document: PathsDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    nodes, links = _nodes(document, result, language), _links(document, result, language)
    depths = [node["depth"] for node in nodes] or [0]
    first = min(depths)
    series = {
        "type": "sankey",
        "name": count_words(document).text(language),
        "data": [{**node, "depth": node["depth"] - first} for node in nodes],
        "links": links,
        "layoutIterations": 0,
    }
    return {
        "aria": {"enabled": True},
        "tooltip": {"trigger": "item", "confine": True},
        "series": [series],
        "userops": {"columns": max(depths) - first + 1},
    }


def _nodes(document: PathsDocument, result: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """Read from the end, the first step stands at the right."""
    families, ends = _families(result), _ends(result)
    turned = len(result["steps"]) + 1
    counts = {
        (step["step"], node["node"]): node["count"]
        for step in result["steps"]
        for node in step["nodes"]
    }
    found = []
    for step, key, to in node_marks(document, result):
        at, shown = (step + 1, ENDED) if to == ENDED else (step, key)
        count = ends[step] if to == ENDED else counts[step, key]
        node = _node(document, result, language, _id(at, shown), shown, count)
        if to == ENDED:
            node["userops"]["tone"] = "end"
        elif key.startswith("$"):
            node["userops"]["tone"] = "other"
        else:
            node["userops"]["family"] = families[key]
        found.append({**node, "depth": turned - at if document.backward else at})
    return found


def _ends(result: dict[str, Any]) -> dict[int, int]:
    """By step, how many paths end there."""
    return {step["step"]: sum(n["ended"] for n in step["nodes"]) for step in result["steps"]}


def _links(document: PathsDocument, result: dict[str, Any], language: str) -> list[dict[str, Any]]:
    moved = {(step, one, to): (count, share) for step, one, to, count, share in flowing(result)}
    found = []
    for step, key, to in link_marks(document, result):
        ends = (_id(step, key), _id(step + 1, to))
        source, target = ends[::-1] if document.backward else ends
        link = _link(document, result, language, (step, key, to), moved[step, key, to])
        found.append({**link, "source": source, "target": target})
    return found


def _families(result: dict[str, Any]) -> dict[str, int]:
    """A number for the colour of each node, in the order of first sight."""
    keys = [node["node"] for step in result["steps"] for node in step["nodes"]]
    return {
        key: at for at, key in enumerate(dict.fromkeys(k for k in keys if not k.startswith("$")))
    }


def _node(
    document: PathsDocument, result: dict[str, Any], language: str, name: str, key: str, count: int
) -> dict[str, Any]:
    label = words_of(document, result, key).text(language)
    share = count / result["paths"]
    return {
        "name": name,
        "value": count,
        "userops": {
            "label": label,
            "rows": [
                [count_words(document).text(language), count, "count"],
                [SHARE_OF_ALL.text(language), round(share, _SHOWN), "percent"],
            ],
        },
    }


def _link(
    document: PathsDocument,
    result: dict[str, Any],
    language: str,
    mark: Mark,
    moved: tuple[int, float],
) -> dict[str, Any]:
    _step, key, to = mark
    count, share = moved
    names = [words_of(document, result, each).text(language) for each in (key, to)]
    if document.backward:
        names.reverse()
    return {
        "value": count,
        "userops": {
            "label": " → ".join(names),
            "tone": "end" if to == ENDED else "",
            "rows": [
                [count_words(document).text(language), count, "count"],
                [SHARE_OF_NODE.text(language), round(share, _SHOWN), "percent"],
                [SHARE_OF_ALL.text(language), round(count / result["paths"], _SHOWN), "percent"],
            ],
        },
    }


def _common(document: PathsDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    """Bars with their way written over them, the most frequent at the top."""
    drawn = result["common"][:DRAWN_WAYS]
    names = [
        f"{place}. {way_words(document, result, way).text(language)}"
        for place, way in enumerate(drawn, start=1)
    ]
    return {
        "aria": {"enabled": True},
        "grid": {"left": 8, "right": 16, "containLabel": True},
        "tooltip": {"trigger": "axis", "confine": True, "axisPointer": {"type": "shadow"}},
        "xAxis": {"type": "value", "min": 0},
        "yAxis": {"type": "category", "inverse": True, "data": names, "axisLabel": {"show": False}},
        "series": [
            {
                "type": "bar",
                "name": count_words(document).text(language),
                "barMaxWidth": 26,
                "itemStyle": {"opacity": 0.35},
                "data": [way["count"] for way in drawn],
                "userops": {"written": True},
            }
        ],
    }


def _matrix(document: PathsDocument, result: dict[str, Any], language: str) -> dict[str, Any]:
    keys = result["matrix"]["nodes"]
    place = {key: at for at, key in enumerate(keys)}
    names = [words_of(document, result, key).text(language) for key in keys]
    return {
        "aria": {"enabled": True},
        "tooltip": {"trigger": "item", "confine": True},
        "xAxis": {"type": "category", "data": names, "position": "top"},
        "yAxis": {"type": "category", "data": names, "inverse": True},
        "series": [
            {
                "type": "heatmap",
                "name": MOVES.text(language),
                "data": [
                    {
                        "value": [place[cell["to"]], place[cell["from"]], cell["share"]],
                        "userops": {
                            "label": f"{names[place[cell['from']]]} → {names[place[cell['to']]]}",
                            "rows": [
                                [MOVES.text(language), cell["count"], "count"],
                                [SHARE_OF_NODE.text(language), cell["share"], "percent"],
                                [MEDIAN.text(language), cell["median_seconds"], "seconds"],
                            ],
                        },
                    }
                    for cell in result["matrix"]["cells"]
                ],
            }
        ],
        "userops": {"format": "percent", "columns": len(keys)},
    }
