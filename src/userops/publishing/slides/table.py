"""A table on a slide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from userops.publishing.slides.theme import ACROSS, LEFT, colour, run
from userops.publishing.tables import Written
from userops.publishing.wording import clipped

ROW = 0.34
LONGEST = 70


def add(
    slide: Any, table: Written, begin: int, most: int, shares: Sequence[float], filled: float
) -> Any:
    """Rows from `begin` on, at most `most`, below their head; `filled`: the share of the slide's width."""
    rows = table.rows[begin : begin + most]
    width = round(ACROSS * min(1.0, max(0.45, filled)))
    shape = slide.shapes.add_table(
        len(rows) + 1, len(table.heads), LEFT, Inches(1.8), width, Inches(ROW * (len(rows) + 1))
    )
    made = shape.table
    made.first_row, made.horz_banding = True, False
    for column, share in zip(made.columns, shares, strict=True):
        column.width = round(width * share)
    size = 11 if filled <= 1.05 and len(rows) <= 13 else 9
    for at, text in enumerate(table.heads):
        _cell(made.cell(0, at), text, size, right=table.numeric[at], head=True)
    for line, row in enumerate(rows, start=1):
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
