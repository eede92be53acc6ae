"""The look of slides: 16:9, fonts that readers have, the colours of the house in the theme itself."""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from userops.publishing.charts.colours import tokens

LATIN, CHINESE = "Calibri", "微软雅黑"
WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, ACROSS = Inches(0.6), Inches(12.13)


def hexed(name: str) -> str:
    return tokens()[name].lstrip("#").upper()


def colour(name: str) -> RGBColor:
    return RGBColor.from_string(hexed(name))


def dress(deck: Any) -> None:
    """Size, and the theme's fonts and colours, so that what a reader adds looks the same."""
    deck.slide_width, deck.slide_height = WIDE, HIGH
    master = deck.slide_master
    for part in master.part.rels.values():
        if part.reltype.endswith("/theme"):
            part.target_part._blob = _themed(part.target_part.blob)
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type not in (1, 3):  # only titles stay
                shape._element.getparent().remove(shape._element)
    for shape in list(master.placeholders):
        if shape.placeholder_format.type != 1:
            shape._element.getparent().remove(shape._element)
    for place in (master, *deck.slide_layouts):
        for shape in place.placeholders:
            _title(shape)
    style = master._element.find(qn("p:txStyles")).find(qn("p:titleStyle"))
    first = style.find(qn("a:lvl1pPr"))
    first.set("algn", "l")
    first.find(qn("a:defRPr")).set("sz", "2400")
    first.find(qn("a:defRPr")).set("b", "1")


def _title(shape: Any) -> None:
    shape.left, shape.top, shape.width, shape.height = LEFT, Inches(0.4), ACROSS, Inches(0.95)
    body = shape.text_frame._txBody.bodyPr
    body.set("anchor", "ctr")
    for side in ("lIns", "rIns", "tIns", "bIns"):
        body.set(side, "0")


def _themed(blob: bytes) -> bytes:
    root = etree.fromstring(blob)
    space = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
    for font in root.iterfind(".//a:majorFont", space), root.iterfind(".//a:minorFont", space):
        for each in font:
            each.find("a:latin", space).set("typeface", LATIN)
            each.find("a:ea", space).set("typeface", CHINESE)
            for script in each.findall("a:font", space):
                if script.get("script") == "Hans":
                    script.set("typeface", CHINESE)
    names = {"dk2": "ink", "accent1": "chart-1", "accent2": "chart-2", "accent3": "chart-3"}
    names |= {"accent4": "chart-4", "accent5": "chart-5", "accent6": "chart-6", "hlink": "accent"}
    for name, token in names.items():
        place = root.find(f".//a:clrScheme/a:{name}", space)
        for old in list(place):
            place.remove(old)
        etree.SubElement(place, f"{{{space['a']}}}srgbClr", val=hexed(token))
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def run(paragraph: Any, text: str, size: float, tone: str = "ink", *, bold: bool = False) -> Any:
    """A run with both fonts named: a slide without `a:ea` takes any Chinese face there is."""
    made = paragraph.add_run()
    made.text = text
    made.font.size, made.font.bold, made.font.color.rgb = Pt(size), bold, colour(tone)
    face(made._r.get_or_add_rPr())
    return made


def tab(paragraph: Any, inches: float) -> None:
    """Where what follows a tabulator begins."""
    layout = paragraph._p.get_or_add_pPr()
    stops = etree.SubElement(layout, qn("a:tabLst"))
    etree.SubElement(stops, qn("a:tab"), pos=str(Inches(inches)), algn="l")


def face(properties: Any) -> None:
    for tag, name in (("a:latin", LATIN), ("a:ea", CHINESE), ("a:cs", LATIN)):
        old = properties.find(qn(tag))
        if old is not None:
            properties.remove(old)
        etree.SubElement(properties, qn(tag), typeface=name)


def box(
    slide: Any, left: int, top: int, width: int, height: int, *, fill: str = "", line: str = ""
) -> Any:
    """A text frame that wraps, without margins unless it has a ground."""
    from pptx.enum.shapes import MSO_SHAPE

    if fill or line:
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
        shape.shadow.inherit = False
        if fill:
            shape.fill.solid()
            shape.fill.fore_color.rgb = colour(fill)
        else:
            shape.fill.background()
        if line:
            shape.line.color.rgb, shape.line.width = colour(line), Pt(0.75)
        else:
            shape.line.fill.background()
    else:
        shape = slide.shapes.add_textbox(left, top, width, height)
    frame = shape.text_frame
    frame.word_wrap = True
    margin = Inches(0.16) if fill or line else 0
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = margin
    frame.vertical_anchor = 1  # top
    frame.paragraphs[0].alignment = 1  # left
    return shape


def describe(shape: Any, title: str, text: str) -> None:
    """What a shape shows, for those who do not see it."""
    place = shape._element.xpath(".//p:cNvPr")[0]
    place.set("descr", text)
    place.set("title", title)
