"""A report as a Word file: styles, contents, native tables, pictures with their words."""

from __future__ import annotations

import io
from typing import Any

from userops.publishing.content import (
    Block,
    Cards,
    Facts,
    Figure,
    Paragraph,
    Publication,
)
from userops.publishing.exporter import Exporter
from userops.publishing.pictures import Pictures
from userops.publishing.tables import Written, fitted, shares_of, width_of, written
from userops.publishing.wording import (
    cleaned,
    cover,
    definition,
    evidence,
    labelled,
    more,
    more_columns,
    pages,
    part,
    word,
)

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ROOM = 57.0
"""Chinese characters of 8 points across the page."""
ACROSS = 9_638
"""Twentieths of a point: 17 cm."""
CARD_VALUE, CARD_MARGINS = 19, 16
"""Points of a card's value, and of what stands left and right of it."""
FULL, GIVEN, LOW = 26, 6, 190
"""Rows that stand on a page below a chart of the usual height, how many more do below one of `LOW` pixels."""
MOST_WIDE = 3.4
"""Characters are set so wide at most: a small table does not stretch over the page."""


def write(publication: Publication) -> bytes:
    """The whole file."""
    return _Document(cleaned(publication)).whole()


class _Document:
    def __init__(self, publication: Publication) -> None:
        from docx import Document

        from userops.publishing.word.styles import dress

        self.report = publication
        self.language = publication.language
        self.pictures = Pictures(publication)
        self.file = Document()
        self.places = {each.key: f"figure_{at}" for at, each in enumerate(publication.figures, 1)}
        dress(self.file, publication.language)
        self.styles = {each.name: each.style_id for each in self.file.styles}

    def _say(self, text: str = "", style: str = "Normal") -> Any:
        """A paragraph of a style. The library looks all styles through for each one."""
        return self._styled(self.file.add_paragraph(text), style)

    def _styled(self, paragraph: Any, style: str) -> Any:
        if style != "Normal":
            paragraph._p.style = self.styles[style]
        return paragraph

    def whole(self) -> bytes:
        self._properties()
        self._cover()
        self._contents()
        for at, section in enumerate(self.report.sections, start=1):
            made = self._heading(1, f"{at} {section.title}", f"section_{at}", at)
            made.paragraph_format.page_break_before = self.report.begins_a_page(at - 1) or None
            for block in section.blocks:
                self._block(block)
        self._definitions()
        self._foot()
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def _properties(self) -> None:
        report, own = self.report, self.file.core_properties
        own.title, own.subject, own.author = (
            each[:250] for each in (report.title, report.subtitle, report.company)
        )
        own.keywords, own.comments = report.snapshot[:250], f"{report.snapshot} {report.link}"[:250]
        own.category, own.last_modified_by = report.status[:250], "UserOps"
        own.language = "zh-CN" if self.language.startswith("zh") else "en-GB"

    def _cover(self) -> None:
        report, file = self.report, self.file
        self._say(report.title or word("report", self.language), "Title")
        self._say(report.subtitle, "Subtitle")
        lines = [
            (word("company", self.language), report.masthead),
            *cover(report),
        ]
        self._pairs([line for line in lines if line[1]], file)
        if report.correction:
            file.add_paragraph()
            corrected = labelled("correction", report.correction, self.language)
            self._say(corrected, "Lead")

    def _pairs(self, lines: list[tuple[str, str]], place: Any) -> None:
        """Names and texts beside each other."""
        from docx.shared import Cm

        table = place.add_table(rows=0, cols=2)
        table.autofit = False
        for name, value in lines:
            cells = table.add_row().cells
            cells[0].paragraphs[0].add_run(name).font.color.rgb = _colour("ink-3")
            cells[1].paragraphs[0].add_run(value)
            for each in cells:
                each.paragraphs[0].paragraph_format.space_after = 0
        for column, width in zip(table.columns, (Cm(3.2), Cm(13.4)), strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width

    def _contents(self) -> None:
        from userops.publishing.word.xml import table_of_contents, update_fields

        self.file.add_page_break()
        self._say(word("contents", self.language), "Contents Title")
        entries: list[tuple[int, str, str]] = []
        for at, section in enumerate(self.report.sections, start=1):
            entries.append((1, f"{at} {section.title}", f"section_{at}"))
            entries += [
                (2, each.name, self.places[each.key])
                for each in section.blocks
                if isinstance(each, Figure)
            ]
        if self.report.definitions:
            entries.append((1, word("definitions", self.language), "definitions"))
        table_of_contents(self.file, entries)
        update_fields(self.file)

    def _heading(self, level: int, text: str, place: str, number: int) -> Any:
        from userops.publishing.word.xml import bookmark

        made = self._say(text, f"Heading {level}")
        # a break in a paragraph of its own leaves an empty page where the page before is full
        made.paragraph_format.page_break_before = level == 1 or None
        bookmark(made, place, 1000 * level + number)
        return made

    def _block(self, block: Block) -> None:
        if isinstance(block, Figure):
            self._figure(block)
        elif isinstance(block, Facts):
            self._cards([self._fact(each) for each in block.facts], 3)
        elif isinstance(block, Cards):
            self._cards([self._card(each) for each in block.cards], 2)
        else:
            self._paragraph(block)

    def _paragraph(self, block: Paragraph) -> None:
        styles = {"lead": "Lead", "finding": "Finding", "note": "Note", "quote": "Quoted"}
        made = self._say(style=styles.get(block.style, "Normal"))
        if block.style == "finding":
            made.add_run("■ ").font.color.rgb = _colour(_TONES.get(block.tone, "accent"))
        made.add_run(block.text)
        self._tone(made, block.tone)
        self._proof(made, block.evidence)

    def _tone(self, paragraph: Any, tone: str) -> None:
        if tone:
            run = paragraph.add_run(f" ［{word(tone, self.language)}］")
            run.font.color.rgb, run.font.size = _colour(_TONES[tone]), _points(9)

    def _proof(self, paragraph: Any, keys: tuple[str, ...]) -> None:
        text = evidence(self.report, keys)
        if text:
            run = paragraph.add_run(f"　{text}")
            run.font.color.rgb, run.font.size, run.font.bold = _colour("ink-3"), _points(9), False

    def _fact(self, fact: Any) -> list[tuple[str, str]]:
        tone = word(fact.tone, self.language) if fact.tone else ""
        compared = " · ".join(filter(None, (tone, fact.compared)))
        proof = evidence(self.report, fact.evidence)
        return [
            ("Note", fact.name),
            ("Card Value", fact.value),
            ("Note", compared),
            ("Note", proof),
        ]

    def _card(self, card: Any) -> list[tuple[str, str]]:
        colon = "：" if self.language.startswith("zh") else ": "
        lines = [("Normal", f"{name}{colon}{value}") for name, value in card.lines]
        proof = evidence(self.report, card.evidence)
        return [("Card Title", card.title), ("Note", card.subtitle), *lines, ("Note", proof)]

    def _cards(self, cards: list[list[tuple[str, str]]], across: int) -> None:
        from userops.publishing.word.xml import keep_whole, shade

        across = 2 if len(cards) == 4 else max(1, min(across, len(cards)))
        table = self.file.add_table(rows=-(-len(cards) // across), cols=across)
        table.style, table.autofit = "Report Cards", False
        for row in table.rows:
            keep_whole(row)
        for at, lines in enumerate(cards):
            cell = table.cell(at // across, at % across)
            shade(cell, "FAF9F6")
            texts = [line for line in lines if line[1]]
            for place, (style, text) in enumerate(texts):
                paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
                run = self._styled(paragraph, style).add_run(text)
                # a number is not broken: one of many digits is set smaller
                room = 0.8 * (ACROSS / across / 20 - CARD_MARGINS) / max(1.0, width_of(text))
                if style == "Card Value" and room < CARD_VALUE:
                    run.font.size = _points(max(10, int(room)))
        self.file.add_paragraph()

    def _figure(self, figure: Figure) -> None:
        at = int(self.places[figure.key].partition("_")[2])
        self._heading(2, figure.name, self.places[figure.key], at)
        if message := self.report.message_of(figure):
            self._say(message, "Message")
        table = written(figure, self.language)
        drawn = self._picture(figure, low=_low(figure, table))
        if table.rows and table.heads:
            self._tables(figure, table)
        elif not drawn:
            self._say(word("nothing", self.language), "Note")
        source = labelled("source", figure.source, self.language) if figure.source else ""
        below = [each for each in (definition(self.report, figure.definition), source) if each]
        for text in below:
            self._say(text, "Note").paragraph_format.keep_with_next = text is not below[-1]

    def _picture(self, figure: Figure, *, low: bool) -> bool:
        from docx.shared import Cm

        from userops.publishing.word.xml import describe

        dots = self.pictures.dots(figure, height=LOW if low else None)
        if dots is None:
            if figure.chart:
                self._say(word("no_picture", self.language), "Note")
            return False
        picture = self.file.add_picture(io.BytesIO(dots), width=Cm(17))
        self.file.paragraphs[-1].paragraph_format.keep_with_next = True
        describe(picture, figure.title, figure.alt or figure.message or figure.title)
        # so that a table that does not fit takes the picture along, instead of a page of its own
        if figure.note:
            self._say(figure.note, "Caption").paragraph_format.keep_with_next = True
        return True

    def _tables(self, figure: Figure, table: Written) -> None:
        from userops.publishing.word.xml import table as made

        parts = fitted(table, ROOM, most=figure.parts)
        for at, each in enumerate(parts, start=1):
            if len(parts) > 1:
                note = self._say(part(at, len(parts), self.language), "Note")
                note.paragraph_format.keep_with_next = True
            across = min(ACROSS, round(sum(each.widths) * 8 * 20 * MOST_WIDE / 2))
            widths = [round(share * across) for share in shares_of(each.widths)]
            xml = made(
                list(each.heads),
                [list(row) for row in each.rows],
                widths=widths,
                numeric=list(each.numeric),
                whole=each.whole,
                description=f"{figure.number} {figure.title}",
            )
            self.file.element.body.insert_element_before(xml, "w:sectPr")
            goes_on = more(len(each.rows), each.total, self.language)
            columns = more_columns(each.left_out, self.language)
            told = " ".join(filter(None, (goes_on, columns))) if at == len(parts) else ""
            # two tables without a paragraph between them would be one
            if told or at < len(parts) or not (figure.definition or figure.source):
                after = self._say(told, "Note")
                after.paragraph_format.space_before = _points(3)
                ends = at == len(parts) and bool(figure.definition or figure.source)
                after.paragraph_format.keep_with_next = ends

    def _definitions(self) -> None:
        if not self.report.definitions:
            return
        self._heading(1, word("definitions", self.language), "definitions", 999)
        for name, text in self.report.definitions:
            self._say(name, "Card Title").paragraph_format.keep_with_next = True
            self._say(text, "Message").paragraph_format.keep_with_next = False

    def _foot(self) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Cm

        from userops.publishing.word.xml import field

        section = self.file.sections[0]
        head = section.header.paragraphs[0]
        head.text = " · ".join(filter(None, (self.report.title, self.report.subtitle)))
        foot = section.footer.paragraphs[0]
        foot.paragraph_format.tab_stops.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT)
        before, between, after = pages(self.language)
        foot.add_run(" · ".join(filter(None, (self.report.snapshot, self.report.status))) + "\t")
        foot.add_run(before)
        field(foot, "PAGE", "1")
        foot.add_run(between)
        field(foot, "NUMPAGES", "1")
        foot.add_run(after)
        head.style = foot.style = self.file.styles["Note"]


def _low(figure: Figure, table: Written) -> bool:
    """Whether a chart gives way, so that not the last rows alone stand overleaf."""
    return bool(figure.chart) and FULL < len(table.rows) <= FULL + GIVEN


_TONES = {"good": "good", "bad": "bad", "weak": "warn"}


def _colour(name: str) -> Any:
    from userops.publishing.word.styles import colour

    return colour(name)


def _points(size: float) -> Any:
    from docx.shared import Pt

    return Pt(size)


WORD = Exporter("docx", MEDIA, write)
