"""What an address of these pages says: segments, a part, days, a question."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, QueryDict

from userops.audience.comparing.document import Comparison
from userops.events.models import Product
from userops.query.dates import DateRange

SPANS = (7, 30, 90, 365)


def keys(given: QueryDict) -> list[int]:
    """The segments named by `s`."""
    return [int(each) for each in given.getlist("s") if each.isdecimal() and len(each) < 18]


def inside(text: str, count: int) -> tuple[int, ...]:
    """A part by its key, `0-2`. Raises `Http404`."""
    parts = text.split("-")
    if not all(part.isdecimal() and len(part) < 3 for part in parts):
        raise Http404(text)
    found = tuple(sorted({int(part) for part in parts}))
    if not found or found[-1] >= count:
        raise Http404(text)
    return found


def comparison(product: Product, given: Mapping[str, str]) -> Comparison | None:
    """None while no segment is chosen."""
    first, other = _number(given.get("a", "")), _number(given.get("b", ""))
    if first is None:
        return None
    days = _number(given.get("days", "")) or 30
    return Comparison(
        product=product.slug,
        segment=first,
        other=other,
        range=DateRange(last=min(days, 3_660)),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and 0 < len(text) < 17 and int(text) else None
