"""Who may be in a segment at most, from bitmaps alone: who did the events of its conditions at all, whatever their
properties and however often."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from pyroaring import BitMap

from userops.query.scope import Scope
from userops.segments.document import (
    And,
    Behind,
    Did,
    InSegment,
    Or,
    Segment,
    Sequence,
    Timed,
    leaves,
)
from userops.segments.evaluating import Others, evaluate
from userops.segments.everyone import everyone
from userops.segments.leaves import at_most, by_rows


def outer(
    document: Segment, scope: Scope, others: Others, path: tuple[int, ...] = ()
) -> BitMap | None:
    """None where it may be anybody, as far as bitmaps say. The set may be shared: do not change it."""
    return _outer(document.where, document.product, scope, others, path)


def _outer(
    node: Any, product: str, scope: Scope, others: Others, path: tuple[int, ...]
) -> BitMap | None:
    def inside(nodes: Any) -> list[BitMap | None]:
        return [_outer(each, product, scope, others, path) for each in nodes]

    if isinstance(node, And):
        sets = [each for each in inside(node.and_) if each is not None]
        return BitMap.intersection(*sets) if sets else None
    if isinstance(node, Or):
        found = inside(node.or_)
        sets = [each for each in found if each is not None]
        return BitMap.union(BitMap(), *sets) if len(sets) == len(found) else None
    if isinstance(node, InSegment) and node.segment not in path:
        inner = others.definition(node.segment)
        if inner is not None:
            return outer(inner, scope, others, (*path, node.segment))
    if all(_quick(leaf, scope, others, path) for leaf in leaves(node)):
        return evaluate(Segment(product=product, where=node), scope, others)
    return _most(node, scope)


@singledispatch
def _most(_leaf: Any, _scope: Scope) -> BitMap | None:
    return None


@_most.register(Did)
@_most.register(Timed)
def _(leaf: Did | Timed, scope: Scope) -> BitMap | None:
    found = at_most(leaf, scope)
    return None if found is None else found & everyone(scope)


def _quick(leaf: Any, scope: Scope, others: Others, path: tuple[int, ...]) -> bool:
    """Whether bitmaps say exactly who passes."""
    if isinstance(leaf, Sequence | Behind):
        return False
    if isinstance(leaf, InSegment):
        inner = None if leaf.segment in path else others.definition(leaf.segment)
        more = (*path, leaf.segment)
        return inner is None or all(
            _quick(each, scope, others, more) for each in leaves(inner.where)
        )
    return not by_rows(leaf, scope)
