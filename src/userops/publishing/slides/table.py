"""A table on a slide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from userops.publishing.slides.theme import ACROSS, LEFT, colour, run
from userops.publishing.tables import Written, shares_of, width_of
from userops.publishing.wording import clipped

ROW = 0.34
LONGEST = 600
CHARACTERS = 78.0
"""Of 11 points across a slide."""
TALL = 4.55
"""Inches below the head of a table, down to the foot of the slide."""


def pages_of(table: Written, most: int, taken: float = 0.0) -> list[tuple[int, int]]:
    """First and last row of each slide, so that long texts keep on it. `taken`: inches of the first slide that other
    things take."""
    shares = shares_of(table.widths)
    found, begin, used = [], 0, taken
    for at, row in enumerate(table.rows):
        tall = _height(row, shares)
        if at > begin and (used + tall > TALL or at - begin >= most):
            found.append((begin, at))
            begin, used = at, 0.0
        used += tall
    return [*found, (begin, len(table.rows))]


def _height(row: Sequence[str], shares: Sequence[float]) -> float:
    """Inches of a row, by its cell of most lines."""
    lines = max(
        (1 + int(width_of(text[:LONGEST]) // max(2.0, share * CHARACTERS - 1.5)))
        for text, share in zip(row, shares, strict=False)
    )
    return ROW + 0.2 * (lines - 1)


def add(
    slide: Any,
    table: Written,
    place: tuple[int, int],
    shares: Sequence[float],
    *,
    crowded: bool,
    down: float = 0.0,
) -> Any:
    """The rows from one to another below their head, over the whole width; `down`: inches lower than usual."""
    begin, end = place
    rows = table.rows[begin:end]
    width = ACROSS
    shape = slide.shapes.add_table(
        len(rows) + 1,
        len(table.heads),
        LEFT,
        Inches(1.8 + down),
        width,
        Inches(ROW * (len(rows) + 1)),
    )
    made = shape.table
    made.first_row, made.horz_banding = True, False
    for column, share in zip(made.columns, shares, strict=True):
        column.width = round(width * share)
    size = 9 if crowded else 11
    for at, text in enumerate(table.heads):
        _cell(made.cell(0, at), text, size, right=table.numeric[at], head=True)
    for line, row in enumerate(rows, start=1):
        made.rows[line].height = Inches(_height(row, shares))
        for at, text in enumerate(row):
            bold = begin + line - 1 < table.whole
            _cell(made.cell(line, at), text, size, right=table.numeric[at], bold=bold)
    return shape


def _cell(
    cell: Any, text: str, size: float, *, right: bool, head: bool = False, bold: bool = False
) -> None:
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour("sunken" if head else "surface")
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    paragraph.font.size = Pt(size)
    run(paragraph, clipped(text, LONGEST), size, "ink-2" if head else "ink", bold=head or bold)
