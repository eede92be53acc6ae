"""Cells of anonymous answers that are too small to be told: k-anonymity that subtraction does not undo."""

from __future__ import annotations

from collections.abc import Sequence

LEAST = 10
"""Fewer answers of an anonymous survey are never told as a cell of their own."""


def hidden(sizes: Sequence[int], least: int = LEAST) -> set[int]:
    """The places of cells that are not told.

    Those with 1 to `least` − 1 answers; where they have fewer than `least` together, the next smallest too, so
    that the whole less what is told never leaves a small cell.
    """
    small = {place for place, size in enumerate(sizes) if 0 < size < least}
    others = sorted(
        (place for place, size in enumerate(sizes) if size >= least),
        key=lambda place: (sizes[place], place),
    )
    while small and sum(sizes[place] for place in small) < least and others:
        small.add(others.pop(0))
    return small
