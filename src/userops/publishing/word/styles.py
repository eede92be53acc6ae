"""The look of a Word file: fonts that readers have, for Chinese and for Latin, and the house's colours."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from userops.publishing.charts.colours import tokens
from userops.publishing.word.xml import SPACE

LATIN, CHINESE = "Calibri", "微软雅黑"


def colour(name: str) -> RGBColor:
    return RGBColor.from_string(tokens()[name].lstrip("#").upper())


def dress(document: Any, language: str) -> None:
    """Set page, fonts, languages and the styles that the report uses."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    section.different_first_page_header_footer = True
    _defaults(document, language)
    styles = document.styles
    _style(styles["Normal"], 10.5, "ink", after=6, line=1.3)
    _style(styles["Title"], 28, "ink", bold=True, before=150, after=4)
    _style(styles["Subtitle"], 14, "ink-2", after=14)
    _style(styles["Heading 1"], 17, "ink", bold=True, before=0, after=10)
    _style(styles["Heading 2"], 12.5, "ink", bold=True, before=16, after=4)
    _style(styles["Caption"], 9, "ink-2", before=2, after=8)
    for style in (styles["Title"], styles["Subtitle"], styles["Caption"]):
        style.font.italic = False
    _border_off(styles["Title"])
    for name, size, tone, bold in (
        ("Lead", 12.5, "ink", True),
        ("Finding", 10.5, "ink", False),
        ("Note", 9, "ink-3", False),
        ("Quoted", 10.5, "ink-2", False),
        ("Message", 10.5, "ink-2", False),
        ("Table Cell", 8, "ink", False),
        ("Table Head", 8, "ink-2", True),
        ("Table Strong", 8, "ink", True),
        ("Card Title", 11.5, "ink", True),
        ("Card Value", 19, "ink", True),
        ("Contents Title", 17, "ink", True),
        ("TOC 1", 10.5, "ink", True),
        ("TOC 2", 10, "ink-2", False),
    ):
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        small = name.startswith(("Table", "Card"))
        _style(made, size, tone, bold=bold, before=1 if small else 0, after=1 if small else 5)
        if small:
            made.paragraph_format.line_spacing = 1.0
        if name.startswith("TOC"):
            made.paragraph_format.line_spacing, made.paragraph_format.space_after = 1.0, Pt(0)
            made.paragraph_format.tab_stops.add_tab_stop(
                Cm(17), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )
    styles["Lead"].paragraph_format.space_after = Pt(8)
    styles["Message"].paragraph_format.keep_with_next = True
    styles["Quoted"].paragraph_format.left_indent = Cm(0.7)
    styles["TOC 2"].paragraph_format.left_indent = Cm(0.6)
    _bar(styles["Lead"], "accent", "accent-soft")
    _table_style(styles)


def _style(
    style: Any,
    size: float,
    tone: str,
    *,
    bold: bool = False,
    before: float = 0,
    after: float = 0,
    line: float = 1.2,
) -> None:
    style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, colour(tone)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    _fonts(style.element.get_or_add_rPr())


def _fonts(properties: Any) -> None:
    """The faces by name; those of a theme would win over them."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    properties.insert(
        0,
        parse_xml(
            f'<w:rFonts {SPACE} w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{CHINESE}"/>'
        ),
    )


def _defaults(document: Any, language: str) -> None:
    """What holds everywhere. Without the eastAsia language Chinese may come in Japanese shapes."""
    run = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))[0]
    _fonts(run)
    for old in run.findall(qn("w:lang")):
        run.remove(old)
    latin = "en-US" if language.startswith("zh") else "en-GB"
    run.append(parse_xml(f'<w:lang {SPACE} w:val="{latin}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'))
    settings = document.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        settings.remove(old)


def _border_off(style: Any) -> None:
    layout = style.element.get_or_add_pPr()
    for border in layout.findall(qn("w:pBdr")):
        layout.remove(border)


def _bar(style: Any, edge: str, ground: str) -> None:
    """A bar at the left and a ground."""
    edge, ground = (tokens()[name].lstrip("#").upper() for name in (edge, ground))
    layout = style.element.get_or_add_pPr()
    layout.insert_element_before(
        parse_xml(
            f'<w:pBdr {SPACE}><w:left w:val="single" w:sz="24" w:space="8" w:color="{edge}"/></w:pBdr>'
        ),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl",
    )  # fmt: skip
    layout.insert_element_before(
        parse_xml(f'<w:shd {SPACE} w:val="clear" w:color="auto" w:fill="{ground}"/>'),
        "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl",
    )  # fmt: skip


def _table_style(styles: Any) -> None:
    line, strong = (tokens()[name].lstrip("#").upper() for name in ("line", "ink-3"))
    head = (
        '<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="8" w:space="0" w:color="{strong}"/>'
        "</w:tcBorders></w:tcPr></w:tblStylePr>"
    )
    rows, box = (
        ("top", "bottom", "insideH"),
        ("top", "left", "bottom", "right", "insideH", "insideV"),
    )
    for name, sides, margin, more in (
        ("Report Table", rows, 80, head),
        ("Report Cards", box, 160, ""),
    ):
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{line}"/>' for side in sides
        )
        styles.element.append(
            parse_xml(
                f'<w:style {SPACE} w:type="table" w:customStyle="1" w:styleId="{name.replace(" ", "")}">'
                f'<w:name w:val="{name}"/><w:basedOn w:val="TableNormal"/>'
                f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders><w:tblCellMar>"
                f'<w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/>'
                f"</w:tblCellMar></w:tblPr>{more}</w:style>"
            )
        )
