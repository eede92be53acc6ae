"""Reading a funnel's events: all of them, or in blocks of persons, so that memory is bounded and arrays stay near the
processor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from userops.analyses import timelines
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.funnel.packing import Packed, Packing, packing_of, read_packed, size, supposed
from userops.analyses.funnel.rows import EVERYBODY, Block, Ints, Rows, read, session_starts
from userops.query.scope import Scope

ROWS_AT_ONCE = 8_000_000
"""About so many events are held in memory at a time, where they are not numbers: 1.5 GB."""


@dataclass(frozen=True, slots=True)
class Part:
    """All events of some persons. `derived`: persons and times of events without a session id, when sessions
    count."""

    rows: Rows
    derived: tuple[Ints, Ints] | None = None


def everybody(document: FunnelDocument, scope: Scope) -> Part:
    packed = _at_once(document, scope)
    if packed is None:
        packing = packing_of(document, scope, size(document, scope))
        packed = read_packed(document, scope, packing) if packing else None
    return Part(packed.rows()) if packed else _plain(document, scope, EVERYBODY)


def parts(document: FunnelDocument, scope: Scope) -> Iterator[Part]:
    """One at least."""
    packed = _at_once(document, scope)
    if packed is not None:
        yield from map(Part, packed.blocks())
        return
    known = size(document, scope)
    packing = packing_of(document, scope, known)
    count = max(1, -(-known.rows // (timelines.ROWS_READ if packing else ROWS_AT_ONCE)))
    for which in range(count):
        yield from _parts(document, scope, packing, (which, count))


def _at_once(document: FunnelDocument, scope: Scope) -> Packed | None:
    """All rows, where they are few enough and their values are those of earlier questions: to look at them first would
    cost a fifth as much."""
    known = supposed(document, scope)
    packing = packing_of(document, scope, known) if known else None
    return read_packed(document, scope, packing, most=timelines.ROWS_READ) if packing else None


def _parts(
    document: FunnelDocument, scope: Scope, packing: Packing | None, block: Block
) -> Iterator[Part]:
    packed = read_packed(document, scope, packing, block) if packing else None
    if packed is None:
        yield _plain(document, scope, block)
        return
    for rows in packed.blocks():
        yield Part(rows)


def _plain(document: FunnelDocument, scope: Scope, block: Block) -> Part:
    sessions = document.count == "sessions"
    return Part(
        read(document, scope, block),
        session_starts(document, scope, block) if sessions else None,
    )
