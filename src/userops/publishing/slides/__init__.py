"""A report as slides: one message on each, charts that can be edited, definitions in the notes."""

from __future__ import annotations

import io
import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Any

from userops.publishing.charts.native import native
from userops.publishing.content import (
    Card,
    Cards,
    Fact,
    Facts,
    Figure,
    Paragraph,
    Publication,
    Section,
)
from userops.publishing.exporter import Exporter
from userops.publishing.slides.deck import HEADLINE, Deck, headline
from userops.publishing.tables import Written, for_slides, shares_of, squeezed, width_of, written
from userops.publishing.wording import (
    cleaned,
    clipped,
    evidence,
    labelled,
    more,
    more_columns,
    word,
)

MEDIA = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ROOM = 78.0
"""Chinese characters of 11 points across a slide."""
MOST_ROWS, MOST_SLIDES = 13, 2
"""Rows of a slide, and slides of a table: slides are to be seen, the workbook has all."""
TEXT_HEIGHT = 5.3
"""Inches of a slide below its title."""
TEXT = 15.0
"""Points of a sentence."""
LINE, ACROSS = 0.25, 56.0
"""Inches of a line of it, and Chinese characters of it across a slide."""
FEW = 2.0
"""Inches of sentences that leave a slide of their own nearly empty: they stand above the chapter's first figure."""
_QUIET = ("body", "note")
MOST_FACTS = 8


def write(publication: Publication) -> bytes:
    """The whole file."""
    return _Report(cleaned(publication)).whole()


class _Report(Deck):
    def whole(self) -> bytes:
        self.properties()
        self.cover()
        self.contents()
        for at, section in enumerate(self.report.sections, start=1):
            if not section.slight:
                self._section(at, section)
        out = io.BytesIO()
        self.deck.save(out)
        return out.getvalue()

    def _section(self, at: int, section: Section) -> None:
        texts = [each for each in section.blocks if isinstance(each, Paragraph)]
        facts = [fact for each in section.blocks if isinstance(each, Facts) for fact in each.facts]
        title = f"{at} {section.title}"
        self.chapter = title
        # what is all said above the chapter's figures needs no slide of its own
        said = {headline(each.message) for each in section.blocks if isinstance(each, Figure)}
        beside = [each for each in texts if headline(each.text) not in said]
        few = sum(map(self._tall, beside)) <= FEW and all(e.style in _QUIET for e in beside)
        first = next((each for each in section.blocks if isinstance(each, Figure)), None)
        folded = few and not facts and first is not None and self._bears(first, beside)
        if (facts or beside) and not folded:
            self._conclusion(title, texts, facts, said)
        above = beside if folded else []
        for block in section.blocks:
            if isinstance(block, Figure):
                self._figure(block, above)
                above = []
            elif isinstance(block, Cards):
                self._cards(section.title, block.cards)

    def _bears(self, figure: Figure, texts: Sequence[Paragraph]) -> bool:
        """Whether sentences above a figure leave it on as many slides."""
        from userops.publishing.slides.table import pages_of

        if figure.chart:
            return True
        taken = sum(map(self._tall, texts))
        parts = for_slides(figure, self.language, ROOM)
        return all(
            len(pages_of(each, MOST_ROWS, taken)) == len(pages_of(each, MOST_ROWS))
            for each in parts
        )

    def _conclusion(
        self, title: str, texts: Sequence[Paragraph], facts: Sequence[Fact], said: Container[str]
    ) -> None:
        """What a chapter says: its verdict as the title, cards, then its sentences, on as many slides as needed.
        `said`: the titles of its other slides, which are not said twice where one slide is too small."""
        from pptx.util import Inches

        leads = [each for each in texts if each.style == "lead"]
        verdict = leads[0] if leads and width_of(leads[0].text) <= HEADLINE else None
        rest = [each for each in texts if each is not verdict]
        slide = self.slide(verdict.text if verdict else title)
        top = 1.55
        for row in _rows(facts[:MOST_FACTS]):
            self._facts(slide, row, top)
            top += 1.75
        tall = [(each, self._tall(each)) for each in rest]
        if sum(height for _each, height in tall) > TEXT_HEIGHT - (top - 1.55):
            tall = [
                (each, height)
                for each, height in tall
                if each.style != "body" or headline(each.text) not in said
            ]
        for at, part in enumerate(_by_height(tall, TEXT_HEIGHT - (top - 1.55))):
            if at:
                slide, top = self.slide(title), 1.55
            frame = self.theme.box(
                slide, self.theme.LEFT, Inches(top), self.theme.ACROSS, Inches(6.9 - top)
            ).text_frame
            for place, each in enumerate(part):
                self._sentence(frame.paragraphs[0] if place == 0 else frame.add_paragraph(), each)

    def _sentence(self, paragraph: Any, block: Paragraph) -> None:
        from pptx.util import Pt

        run = self.theme.run
        paragraph.space_after = Pt(8)
        size = _SIZES.get(block.style, TEXT)
        tone = {"note": "ink-3", "quote": "ink-2"}.get(block.style, "ink")
        if block.style == "finding":
            run(paragraph, "■ ", size, _TONES.get(block.tone, "accent"))
        run(paragraph, block.text, size, tone, bold=block.style == "lead")
        if block.tone:
            run(paragraph, f" ［{word(block.tone, self.language)}］", 11, _TONES[block.tone])
        if proof := evidence(self.report, block.evidence):
            run(paragraph, f"　{proof}", 11, "ink-3")

    def _tall(self, block: Paragraph) -> float:
        """Inches that a sentence takes, with what stands behind it."""
        size, beside = _SIZES.get(block.style, TEXT), [evidence(self.report, block.evidence)]
        if block.tone:
            beside.append(word(block.tone, self.language))
        width = width_of(block.text) * size + sum(width_of(each) + 3 for each in beside) * 11
        return LINE * size / TEXT * (1 + width // (ACROSS * TEXT)) + 0.11

    def _facts(self, slide: Any, facts: Sequence[Fact], top: float) -> None:
        from pptx.util import Inches

        gap, run = 0.2, self.theme.run
        width = (12.13 - gap * (len(facts) - 1)) / len(facts)
        for at, fact in enumerate(facts):
            left = Inches(0.6 + at * (width + gap))
            shape = self.theme.box(
                slide,
                left,
                Inches(top),
                Inches(width),
                Inches(1.55),
                fill="surface",
                line="line-strong",
            )
            frame = shape.text_frame
            run(frame.paragraphs[0], fact.name, 12, "ink-2")
            value = frame.add_paragraph()
            room = 0.85 * (width - 0.32) * 72 / max(1.0, width_of(fact.value))  # bold is wider
            run(value, fact.value, max(12, min(28, int(room))), bold=True)
            line = frame.add_paragraph()
            if fact.tone:
                run(line, f"{word(fact.tone, self.language)} · ", 11, _TONES[fact.tone], bold=True)
            run(line, fact.compared, 11, "ink-3")
            if proof := evidence(self.report, fact.evidence):
                run(frame.add_paragraph(), proof, 10, "ink-3")

    def _cards(self, title: str, cards: Sequence[Card]) -> None:
        from pptx.util import Inches, Pt

        across = -(-len(cards) // -(-len(cards) // 3))  # four are two and two, not three and one
        for begin in range(0, len(cards), across):
            shown = cards[begin : begin + across]
            names = ("、" if self.language.startswith("zh") else ", ").join(c.title for c in shown)
            colon = "：" if self.language.startswith("zh") else ": "
            slide = self.slide(f"{title}{colon}{names}")
            gap = 0.25
            width = (12.13 - gap * (len(shown) - 1)) / len(shown)
            for at, card in enumerate(shown):
                left = Inches(0.6 + at * (width + gap))
                shape = self.theme.box(
                    slide,
                    left,
                    Inches(1.55),
                    Inches(width),
                    Inches(5.3),
                    fill="surface",
                    line="line-strong",
                )
                frame, run = shape.text_frame, self.theme.run
                run(frame.paragraphs[0], card.title, 18, bold=True)
                if card.subtitle:
                    run(frame.add_paragraph(), card.subtitle, 12, "ink-3")
                words = sum(width_of(value) for _name, value in card.lines)
                size = 10 if words > 260 else 12 if words > 140 else 14
                for name, value in card.lines:
                    paragraph = frame.add_paragraph()
                    paragraph.space_before = Pt(6)
                    run(paragraph, f"{name}　", size, "accent", bold=True)
                    run(paragraph, clipped(value, 160), size)
                if proof := evidence(self.report, card.evidence):
                    run(frame.add_paragraph(), proof, 10, "ink-3")

    def _figure(self, figure: Figure, above: Sequence[Paragraph] = ()) -> None:
        """`above`: sentences of the chapter that would leave a slide of their own nearly empty."""
        from pptx.util import Inches

        notes = self._notes(figure)
        table = written(figure, self.language)
        chart = native(figure.chart)
        dots = None if chart else self.pictures.dots(figure)
        if chart is None and dots is None:
            self._tables(figure, table, notes, above)
            return
        slide = self.slide(headline(figure.message or figure.title), notes)
        self._under(slide, figure)
        down = self._said_above(slide, above)
        place = (self.theme.LEFT, Inches(1.75 + down), self.theme.ACROSS, Inches(4.95 - down))
        if chart is not None:
            from userops.publishing.slides.charts import add

            shape = add(slide, chart, place)
        elif dots is not None:
            shape = self._picture(slide, dots, place)
        self.theme.describe(shape, figure.title, figure.alt or figure.message or figure.title)

    def _under(self, slide: Any, figure: Figure) -> None:
        """The figure's name below the title, and its source at the foot."""
        from pptx.util import Inches

        name = self.theme.box(slide, self.theme.LEFT, Inches(1.38), self.theme.ACROSS, Inches(0.3))
        self.theme.run(name.text_frame.paragraphs[0], figure.caption, 12, "ink-3")
        if figure.source:
            foot = self.theme.box(
                slide, self.theme.LEFT, Inches(6.75), self.theme.ACROSS, Inches(0.25)
            )
            text = clipped(labelled("source", figure.source, self.language), 140)
            self.theme.run(foot.text_frame.paragraphs[0], text, 9, "ink-3")

    def _said_above(self, slide: Any, texts: Sequence[Paragraph]) -> float:
        """Sentences between a figure's name and the figure; answers how many inches they take."""
        from pptx.util import Inches

        if not texts:
            return 0.0
        down = sum(map(self._tall, texts))
        frame = self.theme.box(
            slide, self.theme.LEFT, Inches(1.7), self.theme.ACROSS, Inches(down)
        ).text_frame
        for place, each in enumerate(texts):
            self._sentence(frame.paragraphs[0] if place == 0 else frame.add_paragraph(), each)
        return down

    def _picture(self, slide: Any, dots: bytes, place: tuple[int, int, int, int]) -> Any:
        left, top, width, height = place
        shape = slide.shapes.add_picture(io.BytesIO(dots), left, top, height=height)
        if shape.width > width:
            shape.height, shape.width = round(shape.height * width / shape.width), width
        shape.left = left + (width - shape.width) // 2
        return shape

    def _notes(self, figure: Figure) -> str:
        lines = [f"{figure.number} {figure.title}", figure.message]
        lines += (
            [labelled("definition", figure.definition, self.language)] if figure.definition else []
        )
        lines += [labelled("source", figure.source, self.language)] if figure.source else []
        return "\n".join(filter(None, lines))

    def _tables(
        self, figure: Figure, table: Written, notes: str, above: Sequence[Paragraph]
    ) -> None:
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Inches

        from userops.publishing.slides.table import add, pages_of

        title = headline(figure.message or figure.title)
        parts = for_slides(figure, self.language, ROOM) if table.rows and table.heads else []
        if not parts:
            slide = self.slide(title, notes)
            self._under(slide, figure)
            frame = self.theme.box(slide, self.theme.LEFT, Inches(2), self.theme.ACROSS, Inches(1))
            self.theme.run(
                frame.text_frame.paragraphs[0], word("nothing", self.language), 14, "ink-3"
            )
        told = 0
        for each in parts:
            crowded = sum(each.widths) > 1.05 * ROOM
            each = replace(each, widths=squeezed(each.widths, ROOM * 11 / 9))
            room = sum(map(self._tall, above))
            for rows in pages_of(each, MOST_ROWS, room)[:MOST_SLIDES]:
                slide = self.slide(title, notes)
                self._under(slide, figure)
                down, above = self._said_above(slide, above), ()
                shape = add(slide, each, rows, shares_of(each.widths), crowded=crowded, down=down)
                self.theme.describe(shape, figure.title, figure.alt or figure.title)
                told = rows[1]
        columns = more_columns(parts[0].left_out, self.language) if parts else ""
        goes_on = " ".join(filter(None, (more(told, table.total, self.language), columns)))
        if parts and goes_on:
            slide.notes_slide.notes_text_frame.text = f"{notes}\n{goes_on}"
            # beside the name: at the foot stands the source
            foot = self.theme.box(slide, Inches(4.6), Inches(1.38), Inches(8.13), Inches(0.3))
            foot.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
            self.theme.run(foot.text_frame.paragraphs[0], goes_on, 11, "ink-3")


_TONES = {"good": "good", "bad": "bad", "weak": "warn"}


_SIZES = {"lead": 18.0, "note": 11.0}
"""Points of a sentence by its style; of the others `TEXT`."""


def _rows(facts: Sequence[Fact]) -> list[Sequence[Fact]]:
    """Five beside each other, else up to four, and about the same in each row."""
    if not facts:
        return []
    rows = 1 if len(facts) == 5 else math.ceil(len(facts) / 4)
    across = math.ceil(len(facts) / rows)
    return [facts[at : at + across] for at in range(0, len(facts), across)]


def _by_height(texts: Sequence[tuple[Paragraph, float]], first: float) -> Iterator[list[Paragraph]]:
    """Sentences with their heights in groups that fit a slide each; `first`: inches left on the first. What leads
    on to others stands with them."""
    group: list[tuple[Paragraph, float]] = []
    room = first
    for at, (each, height) in enumerate(texts):
        needed = height + (texts[at + 1][1] if each.style == "lead" and at + 1 < len(texts) else 0)
        if group and _tall_of(group) + needed > room:
            kept = _led(group, height)
            yield [one for one, _height in group[: len(group) - len(kept)]]
            room, group = TEXT_HEIGHT, kept
        group.append((each, height))
    if group:
        yield [one for one, _height in group]


def _tall_of(group: Sequence[tuple[Paragraph, float]]) -> float:
    return sum(height for _each, height in group)


def _led(group: Sequence[tuple[Paragraph, float]], height: float) -> list[tuple[Paragraph, float]]:
    """What moves on to the next slide with one so high, instead of leaving it there alone: what a lead began."""
    leads = [at for at, (each, _height) in enumerate(group) if each.style == "lead"]
    moved = list(group[leads[-1] :]) if leads and leads[-1] else []
    return moved if _tall_of(moved) + height <= TEXT_HEIGHT else []


SLIDES = Exporter("pptx", MEDIA, write)
