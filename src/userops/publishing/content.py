"""What is published: a report with everything decided, in one language. Exporters only lay it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Tone = Literal["", "good", "bad", "weak"]
"""`weak`: the evidence does not carry a verdict."""


@dataclass(frozen=True, slots=True)
class Column:
    """`type`: text, sentence, whole, number, share (0…1), points (a difference of shares), date, seconds, money."""

    name: str
    title: str
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of raw values (None is empty, never 0); `numbers.shown` writes them by the columns' types."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    whole: int = 0
    """How many rows at the top tell of all, and stand out."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure or table of the report.

    - `key`: its name in the report, stable over versions; `number`: `图 3`, `Table 2`, without the title.
    - `message`: what it shows, in one sentence: the title of its slide.
    - `chart`: an ECharts option as plain JSON, without functions; none for a table.
    - `alt`: the chart in words, for those who do not see it.
    - `definition`: how its figures are defined; `source`: data time, rows and hash.
    - `shown_rows`: documents show so many rows of the grid, Excel all of them. `parts`: into so many a wide one is cut
      at most before its last columns are left to Excel.
    - `on_slides`: of a table that is too wide for slides the columns that stand on them, by name; else the first ones.
    """

    key: str
    number: str
    title: str
    message: str
    grid: Grid
    definition: str
    source: str
    chart: Mapping[str, Any] | None = None
    alt: str = ""
    shown_rows: int = 15
    parts: int = 2
    on_slides: tuple[str, ...] = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    """The frozen question, for the sheet of the snapshot."""
    note: str = ""
    """How the chart is read, such as what is dashed in it."""

    @property
    def name(self) -> str:
        """Its heading: a table of what is to be done has no number."""
        return "　".join(filter(None, (self.number, self.title)))

    @property
    def caption(self) -> str:
        """What stands beside the chart: number, title and how it is read."""
        return "　".join(filter(None, (self.number, self.title, self.note)))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`evidence`: keys of the figures that prove it. `style`: lead is the verdict of a page, note is small print."""

    text: str
    style: Literal["lead", "finding", "body", "note", "quote"] = "body"
    evidence: tuple[str, ...] = ()
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure card: name, value as it is written, what it is compared with, and how sure it is."""

    name: str
    value: str
    compared: str = ""
    tone: Tone = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Cards beside each other, at most six."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One group of users on a page: `lines` are names and texts, such as 规模 and “3,120 人，占 21.4%”."""

    title: str
    subtitle: str
    lines: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    cards: tuple[Card, ...]


Block = Paragraph | Figure | Facts | Cards


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter; `title` without its number."""

    key: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def drawn(self) -> bool:
        return any(isinstance(each, Figure) for each in self.blocks)

    @property
    def slight(self) -> bool:
        """Only notes of why there is nothing in it: no page of its own."""
        return all(isinstance(each, Paragraph) and each.style == "note" for each in self.blocks)


SLIGHT = 2
"""Blocks without a figure that leave a page empty."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A report in one language (`zh-hans` or `en`), ready to be laid out.

    `facts` are the lines of the cover and of the document properties: period, version, status, snapshot,
    data time, who wrote, reviewed, approved. `snapshot` stands in every footer. `definitions` is the appendix.
    `correction` says what changed since the version before.
    """

    language: str
    title: str
    subtitle: str
    company: str
    facts: tuple[tuple[str, str], ...]
    snapshot: str
    status: str
    sections: tuple[Section, ...]
    definitions: tuple[tuple[str, str], ...] = ()
    correction: str = ""
    link: str = ""

    def begins_a_page(self, at: int) -> bool:
        """Whether a chapter begins on a new page of a printed document: one with figures does, but not to leave a page
        with hardly anything on it."""
        if at == 0:
            return True
        before, drawn = self.sections[at - 1], self.sections[at].drawn
        return drawn and (before.drawn or len(before.blocks) > SLIGHT)

    def message_of(self, figure: Figure) -> str:
        """What a figure shows; none where its title or the chapter right above it says so in the same words."""
        return "" if figure.message == figure.title or self._said_above(figure) else figure.message

    def _said_above(self, figure: Figure) -> bool:
        for section in self.sections:
            drawn = [each for each in section.blocks if isinstance(each, Figure)]
            if drawn and drawn[0] is figure:
                said = (each.text for each in section.blocks if isinstance(each, Paragraph))
                return figure.message in said
        return False

    @property
    def masthead(self) -> str:
        """The company where it stands by itself: not beside a subtitle that begins with it."""
        return "" if self.subtitle.startswith(self.company) else self.company

    @property
    def figures(self) -> list[Figure]:
        """All figures in the order of the report."""
        return [
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Figure)
        ]
