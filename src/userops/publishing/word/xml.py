"""Parts of a Word file that python-docx has no words for: fields, bookmarks, tables written at once."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

SPACE = nsdecls("w")


def field(paragraph: Any, code: str, shown: str) -> None:
    """A field such as PAGE, with the text that stands there until it is updated."""
    for xml in (
        f'<w:r {SPACE}><w:fldChar w:fldCharType="begin"/></w:r>',
        f'<w:r {SPACE}><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>',
        f'<w:r {SPACE}><w:fldChar w:fldCharType="separate"/></w:r>',
        f'<w:r {SPACE}><w:t xml:space="preserve">{escape(shown)}</w:t></w:r>',
        f'<w:r {SPACE}><w:fldChar w:fldCharType="end"/></w:r>',
    ):
        paragraph._p.append(parse_xml(xml))


def bookmark(paragraph: Any, name: str, number: int) -> None:
    """The paragraph as a place that links lead to."""
    start = parse_xml(f'<w:bookmarkStart {SPACE} w:id="{number}" w:name="{escape(name)}"/>')
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {SPACE} w:id="{number}"/>'))


def link(paragraph: Any, place: str, text: str, style: str = "") -> None:
    """A link to a bookmark."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {SPACE} w:anchor="{escape(place)}" w:history="1"><w:r>{look}'
            f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:hyperlink>'
        )
    )


def table_of_contents(document: Any, entries: list[tuple[int, str, str]]) -> None:
    """Links with the page of each: entries of level, text, place.

    The pages are fields, as only who lays the text out knows them: LibreOffice fills them by itself, Word is asked to
    when it opens the file. They are not put together to a contents field, in which LibreOffice would leave them empty.
    """
    for level, text, place in entries:
        line = document.add_paragraph(style=f"TOC {level}")
        link(line, place, text)
        line.add_run("\t")
        field(line, f"PAGEREF {place} \\h", "")


def update_fields(document: Any) -> None:
    """Have Word update its fields, the pages of the contents among them, when it opens the file."""
    document.settings.element.append(parse_xml(f'<w:updateFields {SPACE} w:val="true"/>'))


def table(
    heads: list[str],
    rows: list[list[str]],
    *,
    widths: list[int],
    numeric: list[bool],
    whole: int,
    description: str,
) -> Any:
    """A table of texts; its head is repeated on every page. `widths` in twentieths of a point."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    body = "".join(
        _row(
            row,
            widths,
            numeric,
            "Table Strong" if at < whole else "Table Cell",
            kept=len(rows) <= SHORT or not LAST <= at < len(rows) - LAST,
        )
        for at, row in enumerate(rows)
    )
    head = _row(heads, widths, numeric, "Table Head", head=True, kept=True)
    return parse_xml(
        f'<w:tbl {SPACE}><w:tblPr><w:tblStyle w:val="ReportTable"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblDescription w:val={_quoted(description)}/></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )


LAST = 2
"""Rows at either end of a table that stand on one page with what is said above or below it."""
SHORT = 12
"""A table of at most so many rows is not torn apart."""
_RIGHT = '<w:jc w:val="right"/>'


def _row(
    cells: list[str],
    widths: list[int],
    numeric: list[bool],
    style: str,
    *,
    head: bool = False,
    kept: bool,
) -> str:
    """`kept`: on the page of what follows."""
    style = style.replace(" ", "")
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F1EFEA"/>' if head else ""
    keep = "<w:keepNext/>" if kept else ""
    parts = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{_RIGHT if right else ""}</w:pPr>'
        f"<w:r>{_lines(cell)}</w:r></w:p></w:tc>"
        for cell, width, right in zip(cells, widths, numeric, strict=False)
    )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{parts}</w:tr>"


def _lines(text: str) -> str:
    return "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n")
    )


def _quoted(text: str) -> str:
    return '"' + escape(text, {'"': "&quot;", "\n": " "}) + '"'


def shade(cell: Any, colour: str) -> None:
    """The ground of a cell."""
    look = f'<w:shd {SPACE} w:val="clear" w:color="auto" w:fill="{colour}"/>'
    cell._tc.get_or_add_tcPr().append(parse_xml(look))


def describe(picture: Any, title: str, text: str) -> None:
    """What a picture shows, for those who do not see it."""
    properties = picture._inline.find(qn("wp:docPr"))
    properties.set("descr", text)
    properties.set("title", title)


def keep_whole(row: Any) -> None:
    """A row that does not break over pages."""
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {SPACE}/>"))
