"""Who is behind a number about sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field

from userops.analyses.chosen import Selection
from userops.analyses.sessions.counting import bars_of, over, periods
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import edges
from userops.analyses.sessions.finding import Found, Part, find
from userops.analyses.sessions.groups import grouped
from userops.analyses.sessions.running import axis_of
from userops.analyses.table import People
from userops.analyses.timelines import Ints
from userops.query.axis import Axis
from userops.query.scope import Scope


class Chosen(Selection):
    """`{"start": "2024-02-01", "breakdown": {"channel": "ads"}}`: who began a session there.

    `bounced`: only those with a session that bounced. `bucket`: only with one in that part of the histogram.
    """

    EXAMPLE = '{"start": "2024-02-01", "breakdown": {"channel": "ads"}}'

    bounced: bool = False
    bucket: int | None = Field(default=None, ge=0)


def people(
    document: Sessions, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    axis_of(document, scope)
    range_ = chosen.range_of(document)
    found = find(document, scope, range_, apart=bool(chosen.breakdown))
    axis = Axis(range_, document.unit, scope.zone)
    held = _held(document, scope, axis, chosen, found.sessions)
    if chosen.breakdown:
        held &= _of_group(document, scope, chosen, found)
    persons = np.unique(found.sessions.person[held])
    return People(persons[offset : offset + limit].tolist(), len(persons))


def _held(document: Sessions, scope: Scope, axis: Axis, chosen: Chosen, part: Part) -> Ints:
    """Which sessions belong to the period, bounced, or fall into the part of the histogram."""
    held = np.ones(len(part), bool)
    if chosen.start is not None:
        held &= periods(axis, part) == chosen.place_in(axis)
    if chosen.bounced or chosen.bucket is not None:
        held &= over(document, scope, part)
    if chosen.bounced:
        held &= part.depth <= document.bounce_events
    if chosen.bucket is not None:
        held &= bars_of(document, part) == chosen.bucket
    return held


def _of_group(document: Sessions, scope: Scope, chosen: Chosen, found: Found) -> Ints:
    """Groups are those of the document's own range, also where it is compared with another."""
    apart = own = grouped(document, scope, found)
    if chosen.comparison:
        own = grouped(document, scope, find(document, scope, document.range, apart=True))
    groups = own.leading(document)
    value = chosen.value_of(document.names)
    place = groups.all.index(value) if value in groups.all else None
    held: Ints = apart.places(groups) == place
    return held


def _selected(document: Sessions, selection: Mapping[str, Any]) -> Chosen:
    chosen = Chosen.of(selection, document.names)
    if chosen.bucket is not None and (
        document.view not in ("length", "depth") or chosen.bucket >= len(edges(document.view))
    ):
        raise Chosen.wrong(
            "bucket 应为结果中直方图的一段", "bucket must be a part of the histogram"
        )
    return chosen
