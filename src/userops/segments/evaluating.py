"""A segment document to the set of its persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from pyroaring import BitMap

from userops.errors import Refused
from userops.events.fact_names import list_key, segment_key
from userops.query.scope import Scope
from userops.segments.document import And, Did, InSegment, Leaf, Listed, Not, Or, Segment
from userops.segments.everyone import everyone
from userops.segments.leaves import from_events, left_out, of_fact, of_leaf, without_doing
from userops.words import Words


class Others(Protocol):
    """The other segments of the product."""

    def definition(self, segment: int) -> Segment | None:
        """The document of a segment; None for one that is frozen. Raises `NotFound`."""
        ...


class NoOthers:
    """Where there are no other segments."""

    def definition(self, segment: int) -> Segment | None:
        raise Refused(
            Words(f"没有分群 {segment}。", f"There is no segment {segment}."),
            code="segment_not_found",
        )


@dataclass(frozen=True)
class _Asking:
    scope: Scope
    others: Others
    path: tuple[int, ...]


def evaluate(
    document: Segment, scope: Scope, others: Others | None = None, *, own: int | None = None
) -> BitMap:
    """The persons of a segment; `own` is its number, that it does not name itself.

    Raises `Refused` for a circle of segments, and what a question inside raises.
    """
    asking = _Asking(scope, others or NoOthers(), () if own is None else (own,))
    found = _part(document.where, asking)
    if found.but:
        return everyone(scope) - found.persons
    return found.persons if found.sure else found.persons & everyone(scope)


@dataclass(frozen=True, slots=True)
class _Part:
    """Some persons, or with `but` everybody but these. `sure`: only persons that the product has. So
    everybody is looked for only where it matters who that is."""

    persons: BitMap
    but: bool = False
    sure: bool = False

    def turned(self) -> _Part:
        return replace(self, but=not self.but)


def _part(node: Any, asking: _Asking) -> _Part:
    if isinstance(node, And):
        return _all([_part(each, asking) for each in node.and_])
    if isinstance(node, Or):
        return _all([_part(each, asking).turned() for each in node.or_]).turned()
    if isinstance(node, Not):
        return _part(node.not_, asking).turned()
    return _leaf(node, asking)


def _all(parts: list[_Part]) -> _Part:
    """Who is in all of them."""
    out = [part for part in parts if part.but]
    inside = [part for part in parts if not part.but]
    gone = BitMap.union(BitMap(), *(part.persons for part in out))
    if not inside:
        return _Part(gone, but=True, sure=all(part.sure for part in out))
    kept = BitMap.intersection(*(part.persons for part in inside))
    return _Part(kept - gone, sure=any(part.sure for part in inside))


def _leaf(leaf: Leaf, asking: _Asking) -> _Part:
    if isinstance(leaf, InSegment):
        return _segment(leaf.segment, asking)
    if isinstance(leaf, Listed):
        return _Part(of_fact(list_key(leaf.list), asking.scope))
    if isinstance(leaf, Did) and without_doing(leaf):
        return _Part(left_out(leaf, asking.scope), but=True, sure=True)
    return _Part(of_leaf(leaf, asking.scope), sure=from_events(leaf))


def _segment(number: int, asking: _Asking) -> _Part:
    if number in asking.path:
        raise circle()
    inner = asking.others.definition(number)
    if inner is None:
        return _Part(of_fact(segment_key(number), asking.scope))
    return _part(inner.where, _Asking(asking.scope, asking.others, (*asking.path, number)))


def circle() -> Refused:
    return Refused(
        Words("分群互相引用，成了一个圈。", "Segments refer to each other in a circle."),
        code="segment_circle",
        hint=Words("去掉其中一处引用。", "Take one of the references out."),
    )


def check_no_circle(own: int | None, document: Segment, others: Others) -> None:
    """Raises `Refused` where a segment would refer to itself, and `NotFound` for one that is not there."""
    seen: set[int] = set()
    frontier = [*document.segments()]
    while frontier:
        number = frontier.pop()
        if number == own:
            raise circle()
        if number not in seen:
            seen.add(number)
            inner = others.definition(number)
            frontier += inner.segments() if inner else ()
