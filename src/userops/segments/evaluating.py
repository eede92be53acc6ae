"""A segment document to the set of its persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from pyroaring import BitMap

from userops.errors import Refused
from userops.query.scope import Scope
from userops.segments.document import And, InSegment, Leaf, Listed, Not, Or, Segment
from userops.segments.everyone import everyone
from userops.segments.keys import list_key, segment_key
from userops.segments.leaves import of_fact, of_leaf
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
    return _set(document.where, asking) & everyone(scope)


def _set(node: Any, asking: _Asking) -> BitMap:
    if isinstance(node, And):
        sets = [_set(each, asking) for each in node.and_]
        return BitMap.intersection(*sets) if sets else everyone(asking.scope)
    if isinstance(node, Or):
        return BitMap.union(BitMap(), *(_set(each, asking) for each in node.or_))
    if isinstance(node, Not):
        return everyone(asking.scope) - _set(node.not_, asking)
    return _leaf(node, asking)


def _leaf(leaf: Leaf, asking: _Asking) -> BitMap:
    if isinstance(leaf, InSegment):
        return _segment(leaf.segment, asking)
    if isinstance(leaf, Listed):
        return of_fact(list_key(leaf.list), asking.scope)
    return of_leaf(leaf, asking.scope)


def _segment(number: int, asking: _Asking) -> BitMap:
    if number in asking.path:
        raise circle()
    inner = asking.others.definition(number)
    if inner is None:
        return of_fact(segment_key(number), asking.scope)
    return _set(inner.where, _Asking(asking.scope, asking.others, (*asking.path, number)))


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
