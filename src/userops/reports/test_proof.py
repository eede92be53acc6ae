"""The files of a report, read by others' readers, number by number against everything asked of the data afresh."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import docx
import openpyxl
import pptx
import pytest

from userops.analyses.answering import forget_answers
from userops.publishing.numbers import NUMERIC, known
from userops.publishing.tables import MARK
from userops.publishing.test_readers import W, html_of, pdf_text
from userops.reports.actions import create_report
from userops.reports.building import build
from userops.reports.exporting import export
from userops.reports.publication import publication_of
from userops.segments.kept import KEPT

UNITS = {
    "": 1, "万": 1e4, "亿": 1e8, "k": 1e3, "M": 1e6, "B": 1e9, "%": 0.01, "‰": 0.001,
    "个百分点": 0.01, "points": 0.01, "point": 0.01,
    "天": 86_400, "day": 86_400, "days": 86_400, "小时": 3_600, "hour": 3_600, "hours": 3_600,
    "分钟": 60, "minute": 60, "minutes": 60, "秒": 1, "second": 1, "seconds": 1,
}  # fmt: skip
WRITTEN = re.compile(r"^([+−]?)(?:CN)?[¥£]?([\d,]+(?:\.(\d+))?)\s*(\D*)$")


def read(text: str) -> tuple[float, float]:
    """A number as people write it, and by how much it may be rounded."""
    found = WRITTEN.match(text.strip())
    assert found is not None, text
    sign, digits, decimals, unit = found.groups()
    scale = UNITS[unit.strip()]
    value = float(digits.replace(",", "")) * (-1 if sign == "−" else 1)
    return value * scale, 0.5000001 * 10 ** -len(decimals or "") * scale


def same(text: str, value: float) -> bool:
    said, give = read(text)
    return abs(said - value) <= give * 1.01 + 1e-9


@pytest.fixture
def afresh(built, store, shop, writer):
    """The files of a report, and the figures of another one that asks everything anew."""
    forget_answers()
    KEPT.clear()
    anew = build(create_report(shop, "user-analysis", "2026-09", acting_user=writer), store)
    return built, anew


def numbers(figure):
    """Row and title of each number of a figure, and the number."""
    for at, row in enumerate(figure.grid.rows):
        for column, value in zip(figure.grid.columns, row, strict=True):
            if column.type in NUMERIC and known(value) and column.name != MARK:
                yield at, column, float(value)


def test_every_number_of_the_files_is_that_of_a_fresh_query(afresh):
    for language in ("zh", "en"):
        compare_files(*afresh, language)


def compare_files(built, anew, language, least=(26, 500, 300, 200, 40)):
    """The five files of one issue against the figures of another, number by number. `least`: how many figures, and
    numbers of sheets, tables, charts and slides there are, so that nothing is passed over."""
    figures, in_sheets, in_tables, in_charts, on_slides = least
    fresh = publication_of(anew, language)
    wanted = {each.key: each for each in fresh.figures if each.number}
    told = [block for section in fresh.sections for block in section.blocks]
    sentences = [block.text for block in told if hasattr(block, "style")]
    facts = [fact for block in told for fact in getattr(block, "facts", ())]
    assert len(wanted) >= figures and sentences and facts

    book = openpyxl.load_workbook(io.BytesIO(export(built, "xlsx", language).content))
    count = 0
    for figure in wanted.values():
        sheet = book[next(n for n in book.sheetnames if n.startswith(f"{figure.number} "))]
        places = {column.title: at for at, column in enumerate(figure.grid.columns, start=1)}
        for at, column, value in numbers(figure):
            cell = sheet.cell(8 + at, places[column.title]).value
            scale = 100 if column.type == "points" else 1
            if isinstance(cell, timedelta):
                assert column.type == "seconds"
                assert cell.total_seconds() == pytest.approx(value, abs=1e-3)
                continue
            assert cell == pytest.approx(value * scale, rel=1e-9, abs=1e-12), (figure.key, column)
            count += 1
    assert count >= in_sheets
    texts = {str(cell.value) for row in book[own(book, language)].iter_rows() for cell in row}
    assert {*sentences, *(each.name for each in facts)} <= texts
    assert all(any(text.startswith(each.value) for text in texts) for each in facts)

    word = docx.Document(io.BytesIO(export(built, "docx", language).content))
    compared = _tables(word, {f"{f.number} {f.title}": f for f in wanted.values()})
    assert compared >= in_tables
    paragraphs = {each.text for each in word.paragraphs}
    missing = [text for text in sentences if not any(text in each for each in paragraphs)]
    assert not missing
    cards = {
        "".join(t.text or "" for t in p.iter(f"{W}t")) for p in word.element.body.iter(f"{W}p")
    }
    assert {each.value for each in facts} <= cards

    deck = pptx.Presentation(io.BytesIO(export(built, "pptx", language).content))
    drawn = {
        round(float(value), 9)
        for figure in wanted.values()
        for value in _leaves(figure.chart)
        if known(value)
    }
    charts = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    values = [v for chart in charts for plot in chart.plots for s in plot.series for v in s.values]
    assert len([v for v in values if v is not None]) >= in_charts
    assert {round(float(v), 9) for v in values if v is not None} <= drawn
    assert _slides(deck, {f"{f.number}　{f.title}": f for f in wanted.values()}) >= on_slides
    shown = "\n".join(_texts(deck))
    assert not [text for text in sentences if text not in shown]
    assert not [each for each in facts if each.value not in shown]

    page = html_of(export(built, "html", language).content)
    pdf = "".join(pdf_text(export(built, "pdf", language).content).split())
    flat = "".join("".join(page.texts).split())
    for text in sentences:
        assert "".join(text.split()) in flat
        for digits in re.findall(r"\d[\d,.]*\d", text):
            assert digits in pdf


def _tables(word, by_name):
    """Compares the cells of all tables that are of a figure; answers how many numbers there were."""
    compared = 0
    after: dict[str, int] = {}
    for table in word.element.body.iter(f"{W}tbl"):
        described = table.find(f".//{W}tblDescription")
        if described is None or described.get(f"{W}val") not in by_name:
            continue
        figure = by_name[described.get(f"{W}val")]
        rows = [
            ["".join(t.text or "" for t in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
            for row in table.iter(f"{W}tr")
        ]
        heads = rows[0]
        values = {(at, column.title): value for at, column, value in numbers(figure)}
        for at, row in enumerate(rows[1:]):
            for head, text in zip(heads, row, strict=True):
                if (at, head) in values:
                    assert same(text, values[at, head]), (figure.key, head, text, values[at, head])
                    compared += 1
        after[figure.key] = len(rows)
    return compared


def own(book, language):
    """The sheet with the sentences."""
    return next(name for name in book.sheetnames if name == {"zh": "正文", "en": "Text"}[language])


def _texts(deck):
    """All that is written on slides and in their notes."""
    for slide in deck.slides:
        yield from (shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        if slide.has_notes_slide:
            yield slide.notes_slide.notes_text_frame.text


def _slides(deck, by_name):
    """Compares the cells of tables on slides; answers how many numbers there were."""
    compared, before = 0, {}
    for slide in deck.slides:
        tables = [shape.table for shape in slide.shapes if shape.has_table]
        names = [s.text_frame.text for s in slide.shapes if s.has_text_frame]
        figure = next((f for name, f in by_name.items() for text in names if text == name), None)
        if not tables or figure is None:
            continue
        (rows,) = ([[cell.text for cell in row.cells] for row in t.rows] for t in tables)
        heads = rows[0]
        # the rows of a long table go on where those of the slide before ended
        last, count = before.get(figure.key, (None, 0))
        begin = count if last == heads else 0
        before[figure.key] = (heads, begin + len(rows) - 1)
        values = {(at, column.title): value for at, column, value in numbers(figure)}
        for at, row in enumerate(rows[1:], start=begin):
            for head, text in zip(heads, row, strict=True):
                if (at, head) in values:
                    assert same(text, values[at, head]), (figure.key, head, text, values[at, head])
                    compared += 1
    return compared


def _leaves(node):
    if isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _leaves(each)
    else:
        yield node


@pytest.mark.parametrize(
    ("text", "value", "right"),
    [
        ("1.2万", 12_345, True), ("12.3k", 12_345, True), ("21.4%", 0.2137, True),
        ("21.4%", 0.2151, False), ("−3.0%", -0.03, True), ("+1.23 个百分点", 0.0123, True),
        ("1.5 天", 129_600, True), ("¥12.50", 12.5, True), ("3,120", 3_121, False),
    ],
)  # fmt: skip
def test_the_reader_of_numbers(text, value, right):
    assert same(text, value) == right
