"""The segments of a product, as segments that name others see them."""

from __future__ import annotations

from dataclasses import dataclass

from userops.audience.segments.models import Segment
from userops.errors import NotFound
from userops.events.models import Product
from userops.segments import Segment as Document
from userops.segments import parse
from userops.words import Words


@dataclass(frozen=True)
class SegmentsOf:
    """The definitions by number."""

    product: Product

    def definition(self, segment: int) -> Document | None:
        """None for a frozen one: who is in it stands in its fact."""
        found = Segment.objects.filter(product=self.product, pk=segment).first()
        if found is None:
            raise NotFound(
                Words(f"没有分群 {segment}。", f"There is no segment {segment}."),
                code="segment_not_found",
            )
        return None if found.frozen else parse(found.document)
