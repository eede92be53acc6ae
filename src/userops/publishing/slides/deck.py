"""The frame of a deck: properties, cover, contents, and slides with a title and a foot."""

from __future__ import annotations

import re
from typing import Any

from userops.publishing.content import Paragraph, Publication
from userops.publishing.pictures import Pictures
from userops.publishing.tables import width_of
from userops.publishing.wording import clipped, cover, word

LONGEST_TITLE = 400
"""The whole of what is longer stands in the notes."""
SIZES = ((34, 24.0), (68, 20.0), (112, 16.0), (160, 13.0), (10_000, 11.0))
"""Points of a title by how wide it is, so that three lines hold it."""
LONGEST_WHY = 160
"""Characters of why a chapter has no slides, beside its title."""
HEADLINE = 112
"""How wide a title may be, in Chinese characters, to be read at a glance."""
_CLAUSE = re.compile(r"[；。]|[;.] ")


def headline(text: str) -> str:
    """A message as a title: of a long one its first clause. The notes of the slide have the whole."""
    if width_of(text) <= HEADLINE:
        return text
    end = _CLAUSE.search(text)
    return text[: end.start()] if end else text


class Deck:
    """The file, and slides with a title and a foot."""

    def __init__(self, publication: Publication) -> None:
        from pptx import Presentation

        from userops.publishing.slides import theme

        self.report = publication
        self.language = publication.language
        self.pictures = Pictures(publication)
        self.chapter = ""
        self.theme = theme
        self.deck = Presentation()
        theme.dress(self.deck)

    def properties(self) -> None:
        report, own = self.report, self.deck.core_properties
        own.title, own.subject, own.author, own.keywords, own.category = (
            each[:250]
            for each in (
                report.title,
                report.subtitle,
                report.company,
                report.snapshot,
                report.status,
            )
        )
        own.comments, own.last_modified_by = f"{report.snapshot} {report.link}"[:250], "UserOps"
        own.language = "zh-CN" if self.language.startswith("zh") else "en-GB"

    def slide(self, title: str, notes: str = "") -> Any:
        """A slide with its title and foot."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        paragraph = slide.shapes.title.text_frame.paragraphs[0]
        text = clipped(title, LONGEST_TITLE)
        size = next(points for widest, points in SIZES if width_of(text) <= widest)
        self.theme.run(paragraph, text, size, bold=True)
        self._foot(slide)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _foot(self, slide: Any) -> None:
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Inches

        top, run = Inches(7.05), self.theme.run
        left = self.theme.box(slide, self.theme.LEFT, top, Inches(9.5), Inches(0.25))
        own = (self.report.title, self.report.subtitle, self.report.snapshot, self.report.status)
        texts = (self.chapter, *own)
        run(left.text_frame.paragraphs[0], " · ".join(filter(None, texts)), 9, "ink-3")
        right = self.theme.box(slide, Inches(11.73), top, Inches(1), Inches(0.25))
        right.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        run(right.text_frame.paragraphs[0], str(len(self.deck.slides)), 9, "ink-3")

    def cover(self) -> None:
        from pptx.util import Inches

        report, box, run = self.report, self.theme.box, self.theme.run
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])
        bar = box(slide, 0, 0, Inches(0.22), self.theme.HIGH, fill="accent")
        self.theme.describe(bar, "", "")
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = (
            Inches(1), Inches(1.7), Inches(11.3), Inches(1.1),
        )  # fmt: skip
        run(
            title.text_frame.paragraphs[0],
            report.title or word("report", self.language),
            38,
            bold=True,
        )
        sub = box(slide, Inches(1), Inches(2.85), Inches(11.3), Inches(0.9)).text_frame
        run(sub.paragraphs[0], report.subtitle, 18, "ink-2")
        if report.masthead:
            run(sub.add_paragraph(), report.masthead, 14, "accent")
        lines = cover(report)
        if report.correction:
            lines.append((word("correction", self.language), report.correction))
        facts = box(slide, Inches(1), Inches(4.1), Inches(11.3), Inches(2.9)).text_frame
        for at, (name, value) in enumerate(line for line in lines if line[1]):
            paragraph = facts.paragraphs[0] if at == 0 else facts.add_paragraph()
            self.theme.tab(paragraph, 1.7)
            run(paragraph, f"{name}\t", 12, "ink-3")
            run(paragraph, value, 12)

    def contents(self) -> None:
        from pptx.util import Inches, Pt

        if not self.report.sections:
            return
        slide = self.slide(word("contents", self.language))
        frame = self.theme.box(
            slide, self.theme.LEFT, Inches(1.6), self.theme.ACROSS, Inches(5)
        ).text_frame
        for at, section in enumerate(self.report.sections, start=1):
            paragraph = frame.paragraphs[0] if at == 1 else frame.add_paragraph()
            paragraph.space_after = Pt(10)
            self.theme.run(paragraph, f"{at}　", 18, "accent", bold=True)
            self.theme.run(paragraph, section.title, 18)
            if section.slight:
                why = [each.text for each in section.blocks if isinstance(each, Paragraph)]
                self.theme.run(
                    paragraph, f"　{clipped(''.join(why[:1]), LONGEST_WHY)}", 11, "ink-3"
                )
                slide.notes_slide.notes_text_frame.text += f"{at} {section.title} {' '.join(why)}\n"
