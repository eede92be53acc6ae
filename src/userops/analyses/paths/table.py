"""Paths as rows: every flow from a node to the next, the most frequent ways, or the matrix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.labels import CONTINUED, ENDED, words_of
from userops.analyses.table import Column, Table
from userops.words import Words

_COUNT: dict[str, Words] = {
    "paths": Words("路径数", "Paths"),
    "users": Words("用户数", "Users"),
}
STEP = Column("step", Words("步骤", "Step"), "whole")
FROM, TO = Column("from", Words("从", "From")), Column("to", Words("到", "To"))
SHARE = Column("share", Words("占全部", "Of all"), "share")
OF_NODE = Column("share_of_node", Words("占该节点", "Of the node"), "share")
MEDIAN = Column("median_seconds", Words("间隔中位数", "Median time between"), "seconds")
WAY = Column("way", Words("路径", "Path"))
NODES = Column("nodes", Words("步数", "Steps"), "whole")

Flowing = tuple[int, str, str, int, float]
"""Step, node, what comes after it, count, share of the node."""


def count_words(document: PathsDocument) -> Words:
    return _COUNT[document.count]


def table(document: PathsDocument, result: dict[str, Any]) -> Table:
    if "matrix" in result:
        return _matrix(document, result)
    return _common(document, result) if document.view == "common" else _flow(document, result)


def flowing(result: dict[str, Any]) -> Iterator[Flowing]:
    """All that leaves each node: to nodes of the next step, to nowhere, beyond the last step."""
    following: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for link in result["links"]:
        following.setdefault((link["step"], link["from"]), []).append(link)
    for step in result["steps"]:
        for node in step["nodes"]:
            key = node["node"]
            for link in following.get((step["step"], key), ()):
                yield step["step"], key, link["to"], link["count"], link["share"]
            for to, name in ((ENDED, "ended"), (CONTINUED, "continued")):
                if node[name]:
                    yield step["step"], key, to, node[name], node[name] / node["count"]


def way_words(document: PathsDocument, result: dict[str, Any], way: dict[str, Any]) -> Words:
    """A whole way as one text, in the order of time."""
    names = [words_of(document, result, key) for key in way["nodes"]]
    if way["continued"]:
        names.append(Words("…", "…"))
    if document.backward:
        names.reverse()
    return Words(" → ".join(n.zh for n in names), " → ".join(n.en for n in names))


def _flow(document: PathsDocument, result: dict[str, Any]) -> Table:
    count = Column("count", count_words(document), "whole")
    rows = [
        (step, words_of(document, result, one), words_of(document, result, other), number, share,
         number / result["paths"])
        for step, one, other, number, share in flowing(result)
    ]  # fmt: skip
    ends = (TO, FROM) if document.backward else (FROM, TO)
    return Table((STEP, *ends, count, OF_NODE, SHARE), rows)


def _common(document: PathsDocument, result: dict[str, Any]) -> Table:
    count = Column("count", count_words(document), "whole")
    rows = [
        (way_words(document, result, way), len(way["nodes"]), way["count"], way["share"])
        for way in result["common"]
    ]
    return Table((WAY, NODES, count, SHARE), rows)


def _matrix(document: PathsDocument, result: dict[str, Any]) -> Table:
    rows = [
        (
            words_of(document, result, cell["from"]),
            words_of(document, result, cell["to"]),
            cell["count"],
            cell["share"],
            cell["median_seconds"],
        )
        for cell in result["matrix"]["cells"]
    ]
    count = Column("count", Words("转移次数", "Moves"), "whole")
    return Table((FROM, TO, count, OF_NODE, MEDIAN), rows)
