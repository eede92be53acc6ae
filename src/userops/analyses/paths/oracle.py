"""The slow, obvious paths in plain Python that tests hold the product against. Not in the product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

Row = dict[str, Any]
"""An event: `person`, `ts` (UTC ms), `session`, `key` (of its node, None for none), `rank` (of the node's
name), `starts`, `ends`."""
Way = list[Row]


@dataclass(frozen=True)
class Rules:
    begin: int
    end: int
    start: bool
    stop: bool
    session: bool
    span: int
    collapse: str
    users: bool


def sessions(rows: list[Row]) -> list[list[Row]]:
    """One list for each session id of a person; without id a new one after more than 30 minutes."""
    found: list[list[Row]] = []
    by_id: dict[tuple[int, str], list[Row]] = {}
    for person in sorted({row["person"] for row in rows}):
        mine = [row for row in rows if row["person"] == person]
        before = None
        for row in mine:
            if row["session"]:
                by_id.setdefault((person, row["session"]), []).append(row)
                continue
            if before is None or row["ts"] - before > 30 * 60_000:
                found.append([])
            found[-1].append(row)
            before = row["ts"]
    return found + list(by_id.values())


def ways(rows: list[Row], rules: Rules) -> tuple[list[Way], int]:
    """All ways of all persons, and how many began."""
    rows = sorted(rows, key=lambda r: (r["ts"], r["rank"], r["starts"], r["ends"]))
    backward = rules.stop and not rules.start
    if rules.session:
        rows = [row for row in rows if rules.begin <= row["ts"] < rules.end]
        units = sessions(rows)
    else:
        units = [[r for r in rows if r["person"] == p] for p in {r["person"] for r in rows}]
    begun: list[Way] = []
    for unit in units:
        nodes = [row for row in unit if row["key"] is not None]
        begun += _of_unit(nodes[::-1] if backward else nodes, rules, backward)
    arrived = [_until_end(way) for way in begun] if rules.start and rules.stop else begun
    found = [way for way in arrived if way]
    if rules.users:
        begun, found = _first_per_person(begun, backward), _first_per_person(found, backward)
    collapse: dict[str, Callable[[Way], Way]] = {"repeats": _no_repeats, "loops": _no_loops}
    if rules.collapse in collapse:
        found = [collapse[rules.collapse](way) for way in found]
    return found, len(begun)


def _of_unit(nodes: list[Row], rules: Rules, backward: bool) -> list[Way]:
    if rules.start:
        anchors = [at for at, row in enumerate(nodes) if row["starts"]]
    elif backward:
        anchors = [at for at, row in enumerate(nodes) if row["ends"]]
    else:
        anchors = list(range(len(nodes)))
    if rules.session:
        return [nodes[anchors[0] :]] if anchors else []
    found, free = [], 0
    for at in anchors:
        if at < free or not rules.begin <= nodes[at]["ts"] < rules.end:
            continue
        way = [row for row in nodes[at:] if abs(row["ts"] - nodes[at]["ts"]) <= rules.span]
        found.append(way)
        free = at + len(way)
    return found


def _until_end(way: Way) -> Way:
    for at in range(1, len(way)):
        if way[at]["ends"]:
            return way[: at + 1]
    return []


def _first_per_person(found: list[Way], backward: bool) -> list[Way]:
    sign = -1 if backward else 1
    first: dict[int, Way] = {}
    for way in found:
        key = way[0]["person"]
        if key not in first or sign * way[0]["ts"] < sign * first[key][0]["ts"]:
            first[key] = way
    return list(first.values())


def _no_repeats(way: Way) -> Way:
    return [row for at, row in enumerate(way) if at == 0 or way[at - 1]["key"] != row["key"]]


def _no_loops(way: Way) -> Way:
    """Walk on; whenever a node is met again, forget what came since it was first met."""
    kept: Way = []
    for row in way:
        keys = [each["key"] for each in kept]
        if row["key"] in keys:
            del kept[keys.index(row["key"]) + 1 :]
        else:
            kept.append(row)
    return kept


def shown(way: Way, steps: int, between: bool) -> list[str]:
    """The keys of the steps shown."""
    keys = [row["key"] for row in way]
    if not between or len(keys) <= steps:
        return keys[:steps]
    middle = ["$more"] if steps > 2 else []
    return [*(keys[: steps - 2] if steps > 2 else keys[:1]), *middle, keys[-1]]


def matrix(found: list[Way], backward: bool) -> dict[tuple[str, str], tuple[int, float]]:
    """How often each pair of nodes follows on each other, and the median seconds between."""
    times: dict[tuple[str, str], list[int]] = {}
    for way in found:
        ordered = way[::-1] if backward else way
        for one, other in pairwise(ordered):
            times.setdefault((one["key"], other["key"]), []).append(other["ts"] - one["ts"])
    return {pair: (len(each), median(each) / 1000) for pair, each in times.items()}


def counts(ways_shown: list[list[str]]) -> dict[int, Counter[str]]:
    """By step, how many ways stand at each node."""
    found: dict[int, Counter[str]] = {}
    for way in ways_shown:
        for at, key in enumerate(way, start=1):
            found.setdefault(at, Counter())[key] += 1
    return found
