"""Segments beside each other: overlap, and what sets one apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key
from userops.audience.comparing import actions, chosen
from userops.audience.comparing.comparison import compare
from userops.audience.comparing.document import Comparison
from userops.audience.comparing.overlap import MOST, pairs, parts
from userops.audience.segments.models import Segment
from userops.events.store import current
from userops.query.dates import DateRange
from userops.workspace.roles import Permission

router = Router(tags=["segments"])


class PartOut(Schema):
    segments: list[int] = Field(description="In all of these, and in none of the others asked")
    users: int


class PairOut(Schema):
    first: int
    second: int
    both: int
    either: int
    of_first: float | None
    of_second: float | None
    jaccard: float | None


class OverlapOut(Schema):
    parts: list[PartOut]
    pairs: list[PairOut]


class ComparisonIn(RequestBody):
    segment: Key
    other: Key | None = Field(None, description="Without it, everyone else")
    range: DateRange = Field(DateRange(last=30), description="Of behaviour")
    min_support: int = Field(20, ge=5, le=1_000_000)


class ComparisonOut(Schema):
    query: dict[str, Any]
    definition: dict[str, str]
    data_time: datetime
    both: int = Field(description="Users in both; they count on the first side only")
    result: dict[str, Any] = Field(description="group, rest, compared, telling, traits")


class PartIn(RequestBody):
    segments: list[Key] = Field(min_length=2, max_length=MOST)
    inside: list[Key] = Field(min_length=1, max_length=MOST, description="Those it is in")
    name: str = Field(max_length=1_000)


class SavedOut(Schema):
    id: int = Field(alias="pk")
    name: str
    size: int | None


@router.get("/{slug:product}/overlap", response=OverlapOut)
def overlap(
    request: HttpRequest,
    product: str,
    segment: list[Key] = Query([], max_length=MOST, description="Two to six"),
) -> dict[str, Any]:
    """How two to six segments overlap: every part, counted exactly."""
    found = product_for(request, product, Permission.VIEW)
    rows = chosen.segments(found, segment, most=MOST, least=2)
    sets = chosen.members(current(), found, rows)
    keys = [row.pk for row in rows]
    return {
        "parts": [
            {"segments": [keys[place] for place in part.inside], "users": len(part.persons)}
            for part in parts(sets)
        ],
        "pairs": [
            {
                "first": keys[pair.first],
                "second": keys[pair.second],
                "both": pair.both,
                "either": pair.either,
                "of_first": pair.of_first,
                "of_second": pair.of_second,
                "jaccard": pair.jaccard,
            }
            for pair in pairs(sets)
        ],
    }


@router.post("/{slug:product}/overlap/save", response=SavedOut)
def save_part(request: HttpRequest, product: str, body: PartIn) -> Segment:
    """Keep one part as a segment that follows the others."""
    found = product_for(request, product, Permission.ANALYSE)
    rows = chosen.segments(found, body.segments, most=MOST, least=2)
    inside = [place for place, row in enumerate(rows) if row.pk in body.inside]
    return actions.save_part(
        current(), found, rows, inside, name=body.name, acting_user=caller(request).user
    )


@router.post("/{slug:product}/comparison", response=ComparisonOut)
def comparison(request: HttpRequest, product: str, body: ComparisonIn) -> dict[str, Any]:
    """What sets the users of one segment apart from those of another, or from everyone else."""
    found = product_for(request, product, Permission.VIEW)
    document = Comparison(
        product=found.slug,
        segment=body.segment,
        other=body.other,
        range=body.range,
        min_support=body.min_support,
    )
    done = compare(current(), found, document, asker=str(caller(request).user.pk))
    return {
        "query": done.document.as_json(),
        "definition": done.definition.as_dict(),
        "data_time": done.data_time,
        "both": done.both,
        "result": done.result,
    }
