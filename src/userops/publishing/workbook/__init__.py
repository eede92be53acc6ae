"""A report as an Excel workbook: a sheet for each figure with all its rows, definitions, the snapshot."""

from __future__ import annotations

import io
from typing import Any

from userops.publishing.charts.native import native
from userops.publishing.content import Card, Fact, Facts, Figure, Paragraph, Publication
from userops.publishing.exporter import Exporter
from userops.publishing.wording import cleaned, clipped, labelled, word
from userops.publishing.workbook.grid import TEXT, TOP, height, put, spread, write_grid
from userops.publishing.workbook.looks import WHOLE, Looks
from userops.publishing.workbook.naming import Names
from userops.publishing.workbook.paper import (
    A3,
    A4,
    ACROSS,
    MARGIN,
    covered,
    points,
    prints,
    readable,
)
from userops.spreadsheets import neutral

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write(publication: Publication) -> bytes:
    """The whole file."""
    return _Book(cleaned(publication)).whole()


class _Book:
    def __init__(self, publication: Publication) -> None:
        self.report = publication
        self.language = publication.language
        self.names = Names()
        own = ("contents", "text", "definitions_sheet", "snapshot_sheet")
        self.own = {key: self.names.free(word(key, self.language)) for key in own}
        self.sheets = {
            each.key: self.names.free(f"{each.number} {each.title}") for each in publication.figures
        }

    def whole(self) -> bytes:
        import xlsxwriter

        out = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(out, options) as book:
            self.book, self.looks = book, Looks(book, self.language)
            self._properties()
            self._contents()
            self._texts()
            for figure in self.report.figures:
                self._figure(figure)
            self._pairs("definitions_sheet", "definition", list(self.report.definitions))
            self._pairs("snapshot_sheet", "value", self._snapshot())
        return out.getvalue()

    def _properties(self) -> None:
        report = self.report
        texts = {
            "title": report.title,
            "subject": report.subtitle,
            "author": report.company,
            "company": report.company,
            "keywords": report.snapshot,
            "status": report.status,
            "comments": f"{report.snapshot} {report.link}",
        }
        self.book.set_properties({name: text[:250] for name, text in texts.items()})

    def _sheet(self, name: str) -> Any:
        """A sheet that prints one page wide, lying, with the snapshot at its foot."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(A4.number)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=MARGIN, right=MARGIN, top=0.6, bottom=0.7)
        foot = clipped(f"{self.report.snapshot} · {self.report.status}".replace("&", "&&"), 120)
        sheet.set_footer(f"&L&8 {foot}&R&8 &P / &N")
        return sheet

    def _link(self, sheet: Any, row: int, column: int, target: str, text: str) -> None:
        place = f"internal:'{target}'!A1"
        sheet.write_url(row, column, place, self.looks.link(), neutral(clipped(text, 250)))

    def _figure(self, figure: Figure) -> None:
        looks, language = self.looks, self.language
        sheet = self._sheet(self.sheets[figure.key])
        title = f"{figure.number} {figure.title}".strip()
        put(sheet, (0, 0), title, looks.title())
        sheet.set_row(0, 22)
        self._link(sheet, 4, 0, self.own["contents"], word("back", language))
        if not figure.grid.rows or not figure.grid.columns:
            put(sheet, (TOP + 1, 0), word("nothing", language), looks.quiet())
        widths, paper = write_grid(sheet, figure.grid, looks, language)
        prints(sheet, title, paper)
        self._chart(sheet, figure, widths, 0 if paper else TOP)
        widths = readable(widths)
        if figure.message:
            spread(sheet, 1, widths, figure.message, looks.of(text_wrap=True), TEXT)
        for row, key, text in ((2, "definition", figure.definition), (3, "source", figure.source)):
            if text:
                told = labelled(key, text, language)
                spread(sheet, row, widths, told, looks.quiet(text_wrap=True))

    def _chart(self, sheet: Any, figure: Figure, widths: list[float], first: int) -> None:
        """Beside a small table, below a wide one; its numbers stand at the right, and are not printed. `first`: the row
        from which on the sheet is printed."""
        from userops.publishing.workbook.charts import ROWS, chart_of, write_data

        columns, rows = len(figure.grid.columns), len(figure.grid.rows)
        drawn = native(figure.chart)
        if drawn is None:
            printed = max(columns, len(readable(widths)))
            sheet.print_area(first, 0, TOP + max(rows, 1), printed - 1)
            return
        beside = points(widths) + ACROSS <= A4.room
        below = not beside and rows <= 60
        # the head of the table is repeated on each page, with what stands beside it
        place = (TOP + rows + 2, 0) if below else (TOP + 1, columns + 1)
        under = place[1] + covered(widths[place[1] :], ACROSS)
        right = max(under, columns + 1, 12)
        block = " · ".join(filter(None, (word("chart_data", self.language), figure.note)))
        write_data(sheet, drawn, TOP, right, self.looks, block)
        about = figure.alt or figure.message or figure.title
        chart = chart_of(self.book, sheet, drawn, TOP, right)
        if below and rows > 14:
            sheet.set_h_pagebreaks([place[0]])
        sheet.insert_chart(*place, chart, {"description": about, "object_position": 2})
        sheet.set_column(right, right, 22)
        last = max(TOP + rows, place[0] + ROWS)
        sheet.print_area(first, 0, last, max(columns, under, len(readable(widths))) - 1)
        if not beside and not below:
            sheet.set_paper(A3.number)

    def _texts(self) -> None:
        """The sentences and cards of the report, so that the workbook tells the whole of it."""
        looks = self.looks
        sheet = self._sheet(self.own["text"])
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 100)
        row = 0
        for at, section in enumerate(self.report.sections, start=1):
            put(sheet, (row, 0), f"{at} {section.title}", looks.title())
            sheet.set_row(row, 22)
            row += 1
            for block in section.blocks:
                for name, text in self._lines(block):
                    put(sheet, (row, 0), name, looks.quiet())
                    put(sheet, (row, 1), text, looks.of(text_wrap=True))
                    sheet.set_row(row, height(text, 45))
                    row += 1
            row += 1

    def _lines(self, block: Any) -> list[tuple[str, str]]:
        if isinstance(block, Paragraph):
            return [(word(block.tone, self.language) if block.tone else "", block.text)]
        if isinstance(block, Facts):
            return [_fact(each, self.language) for each in block.facts]
        if isinstance(block, Figure):
            return [(block.number, block.message or block.title)]
        return [line for card in block.cards for line in _card(card)]

    def _pairs(self, key: str, value: str, lines: list[tuple[str, str]]) -> None:
        looks, language = self.looks, self.language
        sheet = self._sheet(self.own[key])
        name = "item" if value == "value" else "title"
        for at, (each, width) in enumerate(((name, 34), (value, 110))):
            put(sheet, (0, at), word(each, language), looks.head(right=False))
            sheet.set_column(at, at, width)
        sheet.freeze_panes(1, 0)
        for row, (left, right) in enumerate(lines, start=1):
            put(sheet, (row, 0), left, looks.of(bold=True, text_wrap=True))
            put(sheet, (row, 1), right, looks.of(text_wrap=True))
            sheet.set_row(row, height(right, 50))

    def _snapshot(self) -> list[tuple[str, str]]:
        import orjson

        report, language = self.report, self.language
        lines = [
            (word("report", language), " ".join(filter(None, (report.title, report.subtitle)))),
            (word("company", language), report.masthead),
            (word("snapshot", language), report.snapshot),
            (word("status", language), report.status),
            *report.facts,
            (word("correction", language), report.correction),
            (word("link", language), report.link),
        ]
        for figure in report.figures:
            lines.append((f"{figure.number} {figure.title}", figure.source))
            if figure.query:
                query = orjson.dumps(figure.query, default=str, option=orjson.OPT_NON_STR_KEYS)
                lines.append((f"{figure.number} {word('query', language)}", query.decode()))
        return [line for line in lines if line[1]]

    def _contents(self) -> None:
        report, looks, language = self.report, self.looks, self.language
        sheet = self._sheet(self.own["contents"])
        put(sheet, (0, 0), report.title, looks.of(bold=True, font_size=18))
        sheet.set_row(0, 27)
        put(sheet, (1, 0), report.subtitle, looks.quiet())
        about = " · ".join(filter(None, (report.masthead, report.snapshot, report.status)))
        put(sheet, (2, 0), about, looks.quiet())
        heads = ("figure", "title", "message", "rows")
        for at, (key, width) in enumerate(zip(heads, (14, 34, 70, 10), strict=True)):
            put(sheet, (4, at), word(key, language), looks.head(right=key == "rows"))
            sheet.set_column(at, at, width)
        row = 5
        for figure in report.figures:
            self._link(sheet, row, 0, self.sheets[figure.key], figure.number)
            put(sheet, (row, 1), figure.title, looks.of(text_wrap=True))
            put(sheet, (row, 2), figure.message, looks.of(text_wrap=True))
            sheet.set_row(row, max(height(figure.title, 15), height(figure.message, 31)))
            sheet.write_number(
                row, 3, len(figure.grid.rows), looks.of(num_format=WHOLE, align="right")
            )
            row += 1
        for key in ("text", "definitions_sheet", "snapshot_sheet"):
            self._link(sheet, row, 0, self.own[key], word(key, language))
            row += 1
        sheet.freeze_panes(5, 0)


def _fact(fact: Fact, language: str) -> tuple[str, str]:
    tone = word(fact.tone, language) if fact.tone else ""
    return fact.name, " · ".join(filter(None, (fact.value, fact.compared, tone)))


def _card(card: Card) -> list[tuple[str, str]]:
    return [(card.title, card.subtitle), *card.lines]


WORKBOOK = Exporter("xlsx", MEDIA, write)
