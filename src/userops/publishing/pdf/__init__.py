"""A report as PDF: tagged (PDF/UA-1), with bookmarks, by Typst."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from userops.publishing.charts.colours import tokens
from userops.publishing.content import Block, Cards, Facts, Figure, Paragraph, Publication
from userops.publishing.exporter import Exporter
from userops.publishing.fonts import FONTS, typesetter
from userops.publishing.numbers import DASH
from userops.publishing.pictures import Pictures
from userops.publishing.tables import Written, fitted, lines_of, written
from userops.publishing.wording import (
    cleaned,
    cover,
    definition,
    labelled,
    more,
    more_columns,
    pages,
    part,
    word,
)

ROOM = 58.0
"""Chinese characters of 8 points across the page."""
SMALLEST = 6.8
"""Points of the letters of a table that is nearly too wide; wider ones are parted."""
SHORT = 16
"""A table of at most so many lines is not torn apart, nor from what is said below it."""
STANDARD = "ua-1"
COLOURS = (
    "ink",
    "ink-2",
    "ink-3",
    "line",
    "sunken",
    "accent",
    "accent-soft",
    "good",
    "bad",
    "warn",
)


def write(publication: Publication) -> bytes:
    """The whole file. Raises `StoreFailed` when it cannot be made."""
    source = (Path(__file__).parent / "report.typ").read_text(encoding="utf-8")
    made: bytes = typesetter().document(source, _data(cleaned(publication)), STANDARD)
    return made


def _data(publication: Publication) -> dict[str, Any]:
    language = publication.language
    chinese = language.startswith("zh")
    laid = _Laid(publication)
    return {
        "title": publication.title or word("report", language),
        "subtitle": publication.subtitle,
        "company": publication.masthead,
        "author": publication.company,
        "keywords": [publication.snapshot, publication.status],
        "lang": "zh" if chinese else "en",
        "region": "cn" if chinese else "gb",
        "fonts": list(FONTS),
        "bold": typesetter().bold,
        "colours": [tokens()[name] for name in COLOURS],
        "words": {
            "contents": word("contents", language),
            "definitions": word("definitions", language),
            "evidence": labelled("evidence", "", language),
            "comma": "、" if chinese else ", ",
        },
        "pages": list(pages(language)),
        "footer": " · ".join(filter(None, (publication.snapshot, publication.status))),
        "facts": [list(each) for each in cover(publication)],
        "correction": publication.correction
        and labelled("correction", publication.correction, language),
        "sections": [
            {
                "title": section.title.strip() or DASH,
                "breaks": publication.begins_a_page(at),
                "blocks": [laid.block(each) for each in section.blocks],
            }
            for at, section in enumerate(publication.sections)
        ],
        "definitions": [list(each) for each in publication.definitions],
    }


class _Laid:
    """The blocks of one publication as the template takes them."""

    def __init__(self, publication: Publication) -> None:
        self.report = publication
        self.language = publication.language
        self.numbers = {each.key: each.number for each in publication.figures}
        self.pictures = Pictures(publication)

    def block(self, block: Block) -> dict[str, Any]:
        if isinstance(block, Figure):
            return {"kind": "figure", **self._figure(block)}
        if isinstance(block, Facts):
            facts = [
                {
                    "name": each.name,
                    "value": each.value,
                    "compared": each.compared,
                    **self._tone(each.tone),
                    "evidence": self._proof(each.evidence),
                }
                for each in block.facts
            ]
            return {"kind": "facts", "facts": facts}
        if isinstance(block, Cards):
            return {"kind": "cards", "cards": [self._card(each) for each in block.cards]}
        return {"kind": "paragraph", **self._paragraph(block)}

    def _paragraph(self, block: Paragraph) -> dict[str, Any]:
        return {
            "text": block.text,
            "style": block.style,
            "evidence": self._proof(block.evidence),
            **self._tone(block.tone),
        }

    def _card(self, card: Any) -> dict[str, Any]:
        return {
            "title": card.title,
            "subtitle": card.subtitle,
            "lines": [list(each) for each in card.lines],
            "evidence": self._proof(card.evidence),
        }

    def _tone(self, tone: str) -> dict[str, str]:
        return {"tone": tone, "toned": word(tone, self.language) if tone else ""}

    def _proof(self, keys: tuple[str, ...]) -> list[dict[str, str]]:
        known = [key for key in keys if key in self.numbers]
        return [{"key": key, "number": self.numbers[key]} for key in known]

    def _figure(self, figure: Figure) -> dict[str, Any]:
        language = self.language
        table = written(figure, language)
        tables = []
        if table.rows and table.heads:
            tables = fitted(table, ROOM * 8 / SMALLEST, ROOM, most=figure.parts)
        drawn = self.pictures.of(figure)
        unseen = word("no_picture", language) if figure.chart and drawn is None else ""
        nothing = word("nothing", language) if not tables and drawn is None else ""
        return {
            "key": figure.key,
            "number": figure.number,
            "title": figure.title.strip() or figure.number or DASH,
            "name": figure.name,
            "message": self.report.message_of(figure),
            "svg": drawn.svg if drawn else "",
            "alt": (figure.alt or figure.message or figure.title).strip() or figure.number or DASH,
            "note": figure.note,
            "unseen": unseen or nothing,
            "tables": [_table(each) for each in tables],
            "parts": [part(at, len(tables), language) for at in range(1, len(tables) + 1)],
            "more": " ".join(_left(table, tables, language)),
            "definition": definition(self.report, figure.definition),
            "source": figure.source and labelled("source", figure.source, language),
        }


def _left(table: Written, tables: list[Written], language: str) -> list[str]:
    """What of a table is not printed."""
    if not tables:
        return []
    columns = more_columns(tables[0].left_out, language)
    return [each for each in (more(len(table.rows), table.total, language), columns) if each]


def _table(table: Written) -> dict[str, Any]:
    return {
        "heads": list(table.heads),
        "rows": [list(row) for row in table.rows],
        "numeric": list(table.numeric),
        "widths": list(table.widths),
        "size": max(SMALLEST, min(8.0, 8.0 * ROOM / sum(table.widths))),
        "narrow": sum(table.widths) < 0.7 * ROOM,
        "short": lines_of(table) <= SHORT,
        "whole": table.whole,
    }


PDF = Exporter("pdf", "application/pdf", write)
