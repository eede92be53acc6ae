"""Every format is read back by a reader that shares no code with its writer, number by number."""

from __future__ import annotations

import io
import re
import time
import zipfile
from dataclasses import replace
from functools import cache
from typing import Any

import docx
import openpyxl
import pptx
import pytest

from userops.publishing.charts.native import native
from userops.publishing.content import (
    Column,
    Fact,
    Facts,
    Figure,
    Grid,
    Paragraph,
    Publication,
    Section,
)
from userops.publishing.exporters import EXPORTERS
from userops.publishing.numbers import NUMERIC, known
from userops.publishing.sample import SNAPSHOT, publication
from userops.publishing.slides import _by_height
from userops.publishing.slides.deck import headline
from userops.publishing.tables import MARK, cells, fitted, for_slides, squeezed, written
from userops.publishing.test_readers import W, html_of, pdf_text, word_cells
from userops.publishing.wording import definition, evidence

BOTH = ("zh-hans", "en")


@cache
def made(name: str, language: str) -> bytes:
    return EXPORTERS[name].write(publication(language))


def numbers_of(report: Publication, printed: dict[str, set[str]] | None = None) -> list[str]:
    """Each number as it must stand in a document; `printed`: the columns that it shows of a figure."""
    return [
        text
        for figure in report.figures
        for row, texts in zip(
            figure.grid.rows,
            cells(figure.grid, figure.shown_rows, report.language),
            strict=False,
        )
        for column, value, text in zip(figure.grid.columns, row, texts, strict=True)
        if column.type in NUMERIC and known(value) and column.name != MARK
        if printed is None or column.title in printed[f"{figure.number} {figure.title}"]
    ]


def test_slides_show_the_columns_that_matter_of_a_wide_table() -> None:
    names = [f"c{n}" for n in range(30)]
    grid = Grid(
        tuple(Column(n, f"列 {n} 的名称") for n in names), (tuple("文字" * 8 for _ in names),)
    )
    figure = Figure("f", "表 1", "宽表", "", grid, "", "", on_slides=("c0", "c29"))
    (table,) = for_slides(figure, "zh-hans", 78.0)
    assert table.heads == ("列 c0 的名称", "列 c29 的名称") and table.left_out == 28
    assert for_slides(replace(figure, on_slides=()), "zh-hans", 78.0)[0].heads[0] == "列 c0 的名称"
    narrow = replace(figure, grid=Grid(grid.columns[:3], (grid.rows[0][:3],)), on_slides=("c2",))
    assert [len(each.heads) for each in for_slides(narrow, "zh-hans", 78.0)] == [3]


def test_each_part_of_a_table_says_which_row_is_which() -> None:
    columns = (
        Column("persona", "画像"), Column("trait", "特征"),
        *(Column(f"n{n}", f"数字 {n}", "whole") for n in range(12)),
    )  # fmt: skip
    rows = tuple(("很长很长很长很长很长的画像名", f"特征 {n}", *range(12)) for n in range(3))
    figure = Figure(
        "f", "表 1", "宽表", "", Grid(columns, rows), "", "", on_slides=("trait", "n11")
    )
    parts = fitted(written(figure, "zh-hans"), 57.0)
    assert len(parts) == 2 and [each.heads[:2] for each in parts] == [("画像", "特征")] * 2
    # slides show one part
    (table,) = for_slides(figure, "zh-hans", 57.0)
    assert table.heads == ("特征", "数字 11")


def test_long_texts_give_way_to_narrow_columns() -> None:
    assert squeezed((4.8, 22.0, 22.0), 40.0) == (4.8, pytest.approx(17.6), pytest.approx(17.6))
    assert squeezed((4.8, 22.0), 40.0) == (4.8, 22.0)


def test_what_leads_on_stands_with_what_follows() -> None:
    said, lead, then = (
        Paragraph(text, style)
        for text, style in (("一", "body"), ("需要的决策：", "lead"), ("二", "body"))
    )
    texts = [(said, 1.0), (lead, 0.5), (then, 1.0)]
    assert list(_by_height(texts, 2.0)) == [[said], [lead, then]]
    assert list(_by_height(texts, 2.5)) == [[said, lead, then]]


def test_long_messages_of_the_contents_have_room() -> None:
    grid = Grid((Column("a", "甲"),), (("一",),))
    figures = tuple(
        Figure(f"f{n}", f"图 {n}", "图", text, grid, "", "")
        for n, text in enumerate(("短", "长" * 80))
    )
    report = Publication("zh-hans", "报告", "", "", (), "", "", (Section("a", "章", figures),))
    sheet = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(report))).worksheets[0]
    assert [sheet.row_dimensions[row].height for row in (6, 7)] == [None, 45]


def test_an_axis_says_what_it_counts() -> None:
    chart = {
        "xAxis": {"type": "category", "data": ["a", "b"]}, "yAxis": {"type": "value", "name": "支付金额（¥）"},
        "series": [{"type": "bar", "name": "支付金额（¥）", "data": [1, 2]}],
    }  # fmt: skip
    grid = Grid((Column("a", "甲"),), (("一",),))
    figure = Figure("f", "图 1", "图", "", grid, "", "", chart=chart)
    report = Publication("zh-hans", "报告", "", "", (), "", "", (Section("a", "章", (figure,)),))
    deck = pptx.Presentation(io.BytesIO(EXPORTERS["pptx"].write(report)))
    (drawn,) = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    assert drawn.value_axis.axis_title.text_frame.text == "支付金额（¥）"
    with zipfile.ZipFile(io.BytesIO(EXPORTERS["xlsx"].write(report))) as book:
        assert "支付金额（¥）" in book.read("xl/charts/chart1.xml").decode()


def test_a_chapter_does_not_leave_the_page_before_it_empty() -> None:
    figure = Figure("f", "图 1", "图", "", Grid((Column("a", "甲"),), (("一",),)), "", "")
    sections = (
        Section("a", "概要", (Facts((Fact("收到", "338"),)),)),
        Section("b", "记录", (Paragraph("一句"), figure)),
        Section("c", "其后", (figure,)),
        Section("d", "一句话", (Paragraph("一句"),)),
    )
    report = replace(publication("zh-hans"), sections=sections)
    assert [report.begins_a_page(at) for at in range(4)] == [True, False, True, False]


@cache
def columns_in_word(language: str) -> dict[str, set[str]]:
    """By figure, the columns that Word prints."""
    found: dict[str, set[str]] = {}
    for table in docx.Document(io.BytesIO(made("docx", language))).element.body.iter(f"{W}tbl"):
        described = table.find(f".//{W}tblDescription")
        if described is None:
            continue
        heads = ["".join(c.itertext()) for c in next(table.iter(f"{W}tr")).iter(f"{W}tc")]
        found.setdefault(described.get(f"{W}val"), set()).update(heads)
    return found


def counted(texts: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for text in texts:
        found[text] = found.get(text, 0) + 1
    return found


def holds(
    cells: list[str], report: Publication, printed: dict[str, set[str]] | None = None
) -> None:
    """Whether all numbers stand in the cells, each at least as often as in the report."""
    there = counted(cells)
    wanted = counted(numbers_of(report, printed))
    missing = {text: count for text, count in wanted.items() if there.get(text, 0) < count}
    assert not missing


@pytest.mark.parametrize("language", BOTH)
def test_word_is_read_back(language: str) -> None:
    report = publication(language)
    file = docx.Document(io.BytesIO(made("docx", language)))
    printed = columns_in_word(language)
    holds(word_cells(file), report, printed)
    missing = [
        f for f in report.figures if len(printed[f"{f.number} {f.title}"]) < len(f.grid.columns) - 1
    ]
    told = " ".join(p.text for p in file.paragraphs)
    assert len(missing) < len(report.figures) / 2
    assert told.count("Excel") >= len(missing)
    heads = [p.text for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert heads[0] == f"1 {report.sections[0].title}"
    contents = [p for p in file.paragraphs if p.style.name.startswith("TOC")]
    words = ["".join(t.text or "" for t in p._p.iter(f"{W}t")) for p in contents]
    assert words == heads, "the contents are full before Word updates them"
    codes = [code.text for p in contents for code in p._p.iter(f"{W}instrText")]
    assert sum("PAGEREF" in code for code in codes) == len(heads), "each names its page"
    assert file.settings.element.find(f"{W}updateFields") is not None
    assert file.core_properties.title == report.title
    assert SNAPSHOT in file.core_properties.keywords
    foot = "".join(p.text for p in file.sections[0].footer.paragraphs)
    assert SNAPSHOT in foot
    body = file.element.body
    pictures = [each.get("descr") for each in body.iter(f"{WP}docPr")]
    assert len(pictures) == len(report.figures) and all(pictures)
    assert len(list(body.iter(f"{W}tblHeader"))) >= len(report.figures)
    styles = file.styles.element
    assert {each.get(f"{W}eastAsia") for each in styles.iter(f"{W}lang")} == {"zh-CN"}
    assert {each.get(f"{W}eastAsia") for each in styles.iter(f"{W}rFonts")} >= {"微软雅黑"}


WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.mark.parametrize("language", BOTH)
def test_slides_are_read_back(language: str) -> None:
    report = publication(language)
    deck = pptx.Presentation(io.BytesIO(made("pptx", language)))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    for figure in report.figures:
        at = titles.index(figure.message)
        slide = deck.slides[at]
        notes = slide.notes_slide.notes_text_frame.text
        assert figure.definition in notes and figure.source in notes
        assert any(s._element.xpath(".//p:cNvPr")[0].get("descr") for s in slide.shapes)
        charts = [shape.chart for shape in slide.shapes if shape.has_chart]
        if not charts:
            assert {each["type"] for each in figure.chart["series"]} & {"sankey", "boxplot"}
            continue
        option = figure.chart
        drawn = {series.name: list(series.values) for series in charts[0].plots[0].series}
        for series in option["series"]:
            if series.get("silent") or ":" in str(series.get("id", "")):
                continue
            values = [v["value"] if isinstance(v, dict) else v for v in series["data"]]
            assert drawn[series["name"]][: len(values)] == values
    faces = {each.get("typeface") for each in deck.slides[0]._element.iter(f"{A}ea")}
    assert faces == {"微软雅黑"}
    assert deck.core_properties.title == report.title


A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.mark.parametrize(("rows", "torn"), [(4, []), (20, list(range(2, 18)))])
def test_a_short_table_of_word_stands_on_one_page(rows: int, torn: list[int]) -> None:
    """And of a long one never a single row or the source alone."""
    grid = Grid(
        (Column("day", "Day"), Column("n", "Users", "whole")),
        tuple((f"d{n}", n) for n in range(rows)),
    )
    file = docx.Document(io.BytesIO(EXPORTERS["docx"].write(plain(grid, shown_rows=rows))))
    (table,) = (
        t for t in file.element.body.iter(f"{W}tbl") if t.find(f".//{W}tblDescription") is not None
    )
    lines = list(table.iter(f"{W}tr"))[1:]
    assert [at for at, line in enumerate(lines) if line.find(f".//{W}keepNext") is None] == torn


@pytest.mark.parametrize(("rows", "whole"), [(12, True), (60, False)])
def test_a_short_table_of_a_pdf_stands_on_one_page_with_its_notes(rows: int, whole: bool) -> None:
    """Wherever it begins; a long one goes on overleaf."""
    grid = Grid(
        (Column("day", "Day"), Column("n", "Users", "whole")),
        tuple((f"d{n}.", n) for n in range(rows)),
    )
    report = plain(grid, shown_rows=rows)
    (figure,) = report.figures
    for above in range(20, 36, 5):
        blocks = (*(Paragraph(f"line {n}") for n in range(above)), replace(figure, source="S."))
        long = replace(report, sections=(replace(report.sections[0], blocks=blocks),))
        pages = pdf_text(EXPORTERS["pdf"].write(long)).split("\f")
        first, last, source = (
            next(at for at, page in enumerate(pages) if text in page)
            for text in ("d0.", f"d{rows - 1}.", "S.")
        )
        assert (first == last == source) == whole, (above, first, last, source)


def test_sums_of_a_column_have_the_same_decimals() -> None:
    columns = (Column("a", "A", "money:GBP"), Column("b", "B", "money:GBP"))
    grid = Grid(columns, ((500.0, 391.27), (1000.0, 0.0), (None, 12.5)))
    assert cells(grid, 3, "en") == [("£500", "£391.27"), ("£1,000", "£0.00"), ("–", "£12.50")]


def test_a_definition_is_more_than_the_days_it_is_of() -> None:
    text = "2026-07-01 to 2026-08-20; nodes are “any event”; a path begins at the first node."
    report = replace(publication("en"), definitions=(("Ways", text),))
    assert definition(report, text).startswith(
        "Definition: 2026-07-01 to 2026-08-20; nodes are “any event”. "
    )


def test_a_chart_of_a_sheet_is_not_printed_on_each_page_with_the_head() -> None:
    report = publication("en")
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx", "en")))
    drawn = [(sheet, chart) for sheet in book for chart in sheet._charts]
    assert len(drawn) > 3, report.title
    for sheet, chart in drawn:
        repeated = int(sheet.print_title_rows.rpartition("$")[2])
        assert chart.anchor._from.row >= repeated, sheet.title


def test_the_small_print_of_a_sheet_stands_in_its_row() -> None:
    """Over narrow columns it takes more of them than over wide ones."""
    definition = "按周统计，用户按合并后的个人去重，没有数据的区间计为零。" * 4
    sizes = []
    for title in ("数", "很长很长的一列的名称和它的说明"):
        grid = Grid((Column("n", title, "whole"),), ((1,),))
        figure = replace(plain(grid, shown_rows=9).figures[0], definition=definition)
        report = plain(grid, shown_rows=9)
        report = replace(report, sections=(replace(report.sections[0], blocks=(figure,)),))
        book = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(report)))
        sheet = book[next(n for n in book.sheetnames if n.startswith(figure.number))]
        (merged,) = (str(each) for each in sheet.merged_cells.ranges if str(each).startswith("A3"))
        count = openpyxl.utils.cell.range_boundaries(merged)[2]
        assert count > 5
        widths = [sheet.column_dimensions["A"].width, *[8.43] * (count - 1)]
        across = 7 * sum(widths) / 12  # pixels of a digit, and of a Chinese character of 9 points
        sizes.append(sheet.row_dimensions[3].height)
        assert sizes[-1] >= 12 * len(definition) / across
    assert max(sizes) < 100, "a line is long enough to be read"


@pytest.mark.parametrize("language", BOTH)
def test_the_workbook_is_read_back(language: str) -> None:
    report = publication(language)
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx", language)))
    assert len(book.sheetnames) == len(report.figures) + 4
    for figure in report.figures:
        name = next(n for n in book.sheetnames if n.startswith(f"{figure.number} "))
        sheet = book[name]
        found = [list(row) for row in sheet.iter_rows(min_row=8, max_col=len(figure.grid.columns))]
        for row, line in zip(figure.grid.rows, found, strict=False):
            for column, value, cell in zip(figure.grid.columns, row, line, strict=True):
                if column.name == MARK:
                    continue
                if not known(value):
                    assert cell.data_type in "sn" and (value is not None or cell.value is None)
                    continue
                scale = 100 if column.type == "points" else 1
                if column.type == "seconds":  # the reader rounds to milliseconds
                    assert cell.value.total_seconds() == pytest.approx(value, abs=1e-3)
                    continue
                assert cell.value == pytest.approx(value * scale, rel=1e-12)
                assert cell.number_format != "General" or column.type not in NUMERIC
        setup = sheet.page_setup
        assert sheet.print_title_rows and (setup.fitToHeight == 0 or sheet.print_title_cols)
    told = [str(cell.value) for row in book[book.sheetnames[-1]].iter_rows() for cell in row]
    assert SNAPSHOT in told and any('"kind":"trend"' in each for each in told)
    links = [
        cell.hyperlink.location for row in book.worksheets[0] for cell in row if cell.hyperlink
    ]
    assert len(links) == len(report.figures) + 3


@pytest.mark.parametrize("language", BOTH)
def test_pdf_is_read_back(language: str) -> None:
    report, data = publication(language), made("pdf", language)
    words = re.split(r"\s{2,}|\n|(?<=\d) (?=\d)", pdf_text(data))
    flat = "".join(" ".join(words).split())
    for text in numbers_of(report, columns_in_word(language)):
        assert text.replace(" ", "") in flat
    for section in report.sections:
        assert section.title.replace(" ", "") in flat
    assert SNAPSHOT.replace(" ", "") in flat
    assert b"/StructTreeRoot" in data and b"/Outlines" in data
    assert b"pdfuaid" in data, "it says that it keeps to PDF/UA"


@pytest.mark.parametrize("language", BOTH)
def test_html_is_read_back(language: str) -> None:
    report, data = publication(language), made("html", language)
    page = html_of(data)
    holds(page.cells, report)
    assert not {"script", "img", "link", "iframe", "object"} & set(page.tags)
    names = {name for name, _value in page.attributes}
    assert "style" not in names and not any(name.startswith("on") for name in names)
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    targets = [v[1:] for n, v in page.attributes if n == "href" and v and v.startswith("#")]
    assert set(targets) <= set(ids)
    assert page.tags.count("svg") == len(report.figures)
    assert b"Content-Security-Policy" in data and b"prefers-color-scheme: dark" in data


def plain(grid: Grid, **more: Any) -> Publication:
    figure = Figure("f", "表 1", "标题", "一句话", grid, "口径", "来源", **more)
    section = Section("s", "章", (figure,))
    return replace(publication(), sections=(section,), definitions=())


@pytest.mark.parametrize("name", list(EXPORTERS))
@pytest.mark.parametrize(("columns", "rows"), [(0, 0), (3, 0), (1, 1), (25, 200)])
def test_tables_of_all_sizes(name: str, columns: int, rows: int) -> None:
    grid = Grid(
        tuple(Column(f"c{at}", f"列 {at}", "whole" if at else "text") for at in range(columns)),
        tuple(
            tuple((at * 1000 + line) if at else f"行 {line}" for at in range(columns))
            for line in range(rows)
        ),
    )
    data = EXPORTERS[name].write(plain(grid, shown_rows=200))
    if name == "html":
        holds(html_of(data).cells, plain(grid, shown_rows=200))
    if name == "docx" and columns < 10 and rows:
        file = docx.Document(io.BytesIO(data))
        holds(word_cells(file), plain(grid, shown_rows=200))


def test_chapters_of_word_begin_pages_themselves() -> None:
    """A break in a paragraph of its own leaves an empty page where the page before it is full."""
    file = docx.Document(io.BytesIO(made("docx", "zh-hans")))
    heads = [p for p in file.paragraphs if p.style.name == "Heading 1"]
    assert heads and all(p.paragraph_format.page_break_before for p in heads)
    before = [p._p.getprevious() for p in heads]
    assert not any(e is not None and e.xpath(".//w:br[@w:type='page']") for e in before)


def test_counts_are_whole_and_money_is_not() -> None:
    columns = (
        Column("n", "数量", "number"),
        Column("x", "均值", "number"),
        Column("m", "额", "money"),
        Column("p", "镑", "money:GBP"),
    )
    grid = Grid(columns, ((3, 1.5, 12.0, 9.0), (4.0, 2, 7.0, 8.0)))
    book = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(plain(grid, shown_rows=9))))
    sheet = book[next(n for n in book.sheetnames if n.startswith("表 1"))]
    formats = [sheet.cell(8, at).number_format for at in (1, 2, 3, 4)]
    signed = ['"¥"#,##0.00;-"¥"#,##0.00', '"£"#,##0.00;-"£"#,##0.00']
    assert formats == ["#,##0", "#,##0.0", *signed]


@pytest.mark.parametrize("name", ["docx", "pptx", "pdf", "html", "xlsx"])
def test_what_is_to_be_done_is_said_to_its_end(name: str) -> None:
    said = "请逐个决定上架、做替代推荐还是说明不提供，" * 14 + "以无结果搜索占比下降验收"
    data = EXPORTERS[name].write(plain(Grid((Column("a", "行动", "sentence"),), ((said,),))))
    if name == "pdf":
        read = pdf_text(data)
    elif name == "html":
        read = "".join(html_of(data).texts)
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = [file.read(each).decode("utf-8", "replace") for each in file.namelist()]
        read = "".join(parts)
    assert "".join(said.split()) in "".join(read.split())


def test_titles_of_slides_are_read_at_a_glance() -> None:
    clause = "漏斗最弱的一步是加入购物车到提交订单" * 4
    assert headline(f"{clause}；最强的一步是提交订单到支付成功" + "，如上期" * 20) == clause
    assert headline("短的一句；不必截断。") == "短的一句；不必截断。"


def slides_of(*sections: Section) -> list[Any]:
    deck = pptx.Presentation(
        io.BytesIO(EXPORTERS["pptx"].write(replace(publication(), sections=sections)))
    )
    return list(deck.slides)


def texts_of(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_a_chapter_with_nothing_but_a_reason_has_no_slide() -> None:
    """It stands in the contents with its reason, and keeps its number."""
    why = Paragraph("没有支付事件，价值相关的图表不出。", "note")
    told = Paragraph("本期付费 12 人，上期 9 人。", "finding")
    _cover, contents, *rest = slides_of(Section("a", "价值", (why,)), Section("b", "流失", (told,)))
    assert "1　价值" in texts_of(contents) and why.text in texts_of(contents)
    assert why.text in contents.notes_slide.notes_text_frame.text
    assert [slide.shapes.title.text_frame.text for slide in rest] == ["2 流失"]


@pytest.mark.parametrize(("rows", "slides"), [(3, 1), (13, 2)])
def test_few_sentences_stand_above_the_first_table_where_it_has_room(
    rows: int, slides: int
) -> None:
    grid = Grid((Column("n", "数量", "whole"),), tuple((at,) for at in range(rows)))
    figure = Figure("f", "表 1", "标题", "标题", grid, "口径", "来源")
    note = Paragraph("有 5 个 ID 可能是程序。", "note")
    _cover, _contents, *rest = slides_of(Section("s", "数据", (note, figure)))
    assert len(rest) == slides
    assert note.text in texts_of(rest[0])


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_a_report_with_nothing_in_it(name: str) -> None:
    empty = Publication("en", "", "", "", (), "", "", ())
    assert EXPORTERS[name].write(empty)


def test_thirty_figures_in_all_formats_are_quick() -> None:
    report = publication()
    figures = report.figures
    many = [replace(figures[at % len(figures)], key=f"k{at}") for at in range(30)]
    big = replace(report, sections=(Section("s", "全部", tuple(many)),))
    began = time.perf_counter()
    for exporter in EXPORTERS.values():
        exporter.write(big)
    assert time.perf_counter() - began < 30, "about 6 s on a quiet machine; a busy one takes longer"


@pytest.mark.parametrize(("texts", "numbers"), [(1, 3), (4, 6), (6, 4), (9, 8), (2, 40)])
def test_a_sheet_is_printed_in_letters_that_are_read(texts: int, numbers: int) -> None:
    """The largest table of a register too: 8 points or more, and on each page one sees which row is which."""
    columns = (
        *(Column(f"t{n}", f"Text {n}") for n in range(texts)),
        *(Column(f"n{n}", f"Number {n}", "whole") for n in range(numbers)),
    )
    row = (*(f"a longer text of {n} " * 3 for n in range(texts)), *range(numbers))
    report = plain(Grid(columns, (row,) * 80), shown_rows=9)
    book = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(report)))
    for sheet in book:
        setup, widths = sheet.page_setup, sheet.column_dimensions
        last = max(
            (cell.column for line in sheet.iter_rows() for cell in line if cell.value), default=1
        )
        names = [openpyxl.utils.get_column_letter(at) for at in range(1, last + 1)]
        across = sum(7 * (widths[n].width if n in widths else 8.43) + 5 for n in names) * 0.75
        paper = {9: 842, 8: 1191}[int(setup.paperSize)]
        assert setup.orientation == "landscape"
        if sheet.sheet_properties.pageSetUpPr.fitToPage:
            assert 10 * min(1.0, (paper - 72) / across) >= 7.9, sheet.title
        else:
            assert setup.scale >= 80 and sheet.print_title_cols


def test_days_of_a_year_have_room_beside_each_other() -> None:
    days = [f"2026-10-{day:02}" for day in range(1, 32)]
    chart = {
        "xAxis": {"type": "category", "data": days}, "yAxis": {"type": "value"},
        "series": [{"type": "line", "name": "n", "data": list(range(31))}],
    }  # fmt: skip
    drawn, over = (
        native(chart),
        native({**chart, "xAxis": {"type": "category", "data": [*days, "2027-01-01"]}}),
    )
    assert drawn is not None and drawn.categories[:2] == ("10-01", "10-02")
    assert over is not None and over.categories[0] == "2026-10-01"


def test_times_and_intervals_have_the_same_decimals() -> None:
    columns = (
        Column("time", "Time", "seconds"), Column("value", "Now", "number"),
        Column("low", "95% low", "number"), Column("high", "95% high", "number"), Column("n", "n", "number"),
    )  # fmt: skip
    grid = Grid(columns, ((86_400, 5.24, 4.57, 5.9, 17), (129_600, 5.2, 4.5, 6, 18)))
    assert cells(grid, 2, "en") == [
        ("1.0 days", "5.24", "4.57", "5.90", "17"), ("1.5 days", "5.20", "4.50", "6.00", "18"),
    ]  # fmt: skip


def test_a_word_of_a_head_is_not_broken() -> None:
    grid = Grid((Column("n", "Number", "whole"), Column("m", "Merged here", "whole")), ((1, 2),))
    widths = written(plain(grid, shown_rows=1).figures[0], "en").widths
    assert all(width - 1.2 >= 6 * 0.56 * 1.2 for width in widths)


def test_cells_of_several_lines_are_as_high_as_they_need() -> None:
    columns = tuple(Column(f"t{n}", f"内容 {n}") for n in range(9))
    rows = (("一二三四五六七八九十" * 4,) * 9, ("短",) * 9)
    report = plain(Grid(columns, rows), shown_rows=9)
    sheet = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(report))).worksheets[2]
    assert sheet["A8"].alignment.wrap_text and sheet.row_dimensions[8].height >= 30
    assert sheet.row_dimensions[9].height is None


def test_numbers_of_a_sheet_have_the_decimals_of_the_document() -> None:
    columns = tuple(Column(n, n, "number") for n in ("value", "low", "high", "target"))
    report = plain(Grid(columns, ((88.7, 84.8, 91, 95),)), shown_rows=9)
    sheet = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(report))).worksheets[2]
    assert [cell.number_format for cell in sheet[8][:4]] == ["#,##0.0"] * 3 + ["#,##0"]


def test_what_a_lead_begins_is_not_left_behind_for_one_sentence() -> None:
    """Three decisions stand together, and not the last of them alone on a slide."""
    texts = [(Paragraph(f"f{n}", "finding"), 1.4) for n in range(3)]
    lead = (Paragraph("需要的决策：", "lead"), 0.4)
    asked = [(Paragraph(f"a{n}", "body"), 0.5) for n in range(2)]
    first, second = _by_height([*texts, lead, *asked], 5.35)
    assert [each.text for each in second] == [lead[0].text, "a0", "a1"] and len(first) == 3


@pytest.mark.parametrize("name", ["docx", "pdf", "html"])
def test_a_message_is_not_said_twice_in_a_row(name: str) -> None:
    grid = Grid((Column("n", "Users", "whole"),), ((7,),))
    figures = tuple(
        Figure(f"f{n}", f"Table {n}", "Tickets", "All were solved.", grid, "", "") for n in (1, 2)
    )
    plan = replace(figures[0], key="a", number="", title="Actions", message="Actions")
    blocks = (Paragraph("All were solved."), *figures, plan)
    report = Publication("en", "Report", "", "", (), "", "", (Section("s", "S", blocks),))
    data = EXPORTERS[name].write(report)
    if name == "docx":
        text = "\n".join(each.text for each in docx.Document(io.BytesIO(data)).paragraphs)
    else:
        text = pdf_text(data) if name == "pdf" else "".join(html_of(data).texts)
    assert text.count("All were solved.") == 2, "below the chapter, and above its second table"
    assert "　Actions" not in text


@pytest.mark.parametrize(("rows", "low"), [(24, False), (31, True), (60, False)])
def test_a_chart_of_word_gives_way_to_the_last_rows_of_its_table(rows: int, low: bool) -> None:
    days = [f"d{n}" for n in range(rows)]
    chart = {
        "xAxis": {"type": "category", "data": days}, "yAxis": {"type": "value"},
        "series": [{"type": "line", "name": "n", "data": list(range(rows))}],
    }  # fmt: skip
    columns = (Column("day", "Day"), Column("n", "Users", "whole"))
    report = plain(Grid(columns, tuple((day, at) for at, day in enumerate(days))), shown_rows=rows)
    figure = replace(report.figures[0], chart=chart)
    report = replace(report, sections=(replace(report.sections[0], blocks=(figure,)),))
    (picture,) = docx.Document(io.BytesIO(EXPORTERS["docx"].write(report))).inline_shapes
    assert (picture.height < 0.35 * picture.width) == low


@pytest.mark.parametrize("language", BOTH)
def test_the_number_of_a_figure_stays_beside_its_word(language: str) -> None:
    report = publication(language)
    key, number = next((each.key, each.number) for each in report.figures if each.number)
    proof = evidence(report, (key,))
    assert proof.endswith(number.replace(" ", "\N{NO-BREAK SPACE}")) and " " in number


def test_a_long_value_of_a_card_stands_in_one_line() -> None:
    """Of five cards beside each other each has 1.95 inches for its text; digits of a bold face are .65 of an em."""
    facts = Facts(tuple(Fact("Sales", value) for value in ("CN¥2,122,047", "656", "1", "2", "3")))
    report = replace(publication("en"), sections=(Section("one", "One", (facts,)),))
    deck = pptx.Presentation(io.BytesIO(EXPORTERS["pptx"].write(report)))
    runs = [
        run
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for each in shape.text_frame.paragraphs
        for run in each.runs
    ]
    points = {run.text: run.font.size.pt for run in runs}
    assert 14 <= points["CN¥2,122,047"] <= 1.95 * 72 / (12 * 0.65)
    assert points["656"] == 28


def test_a_month_of_days_stands_on_a_page_with_its_chart() -> None:
    columns = (Column("day", "Day"), *(Column(str(at), f"N{at}", "whole") for at in range(4)))
    grid = Grid(columns, tuple((f"row-{day}", 1, 2, 3, 4) for day in range(31)))
    chart = {
        "xAxis": {"type": "category", "data": ["a"]},
        "yAxis": {},
        "series": [{"type": "line", "data": [1]}],
    }
    figure = Figure(
        "f", "Figure 1", "Days", "One two three. " * 9, grid, "What it is. " * 12, "Where it is from.",
        chart=chart, shown_rows=31,
    )  # fmt: skip
    report = replace(
        publication("en"), sections=(Section("one", "One", (figure,)),), definitions=()
    )
    pages = pdf_text(EXPORTERS["pdf"].write(report)).split("\f")
    assert [("row-0" in page, "row-30" in page) for page in pages if "row-" in page] == [
        (True, True)
    ]


def test_a_long_value_of_a_card_of_word_stands_in_one_line() -> None:
    """A third of 17 cm less the margins; letters of a bold face are up to .7 of an em on average."""
    facts = Facts(tuple(Fact("Sales", value) for value in ("CN¥2,122,047", "656", "1")))
    report = replace(publication("en"), sections=(Section("one", "One", (facts,)),))
    file = docx.Document(io.BytesIO(EXPORTERS["docx"].write(report)))
    cells_ = [c for t in file.tables for row in t.rows for c in row.cells]
    runs = [run for c in cells_ for each in c.paragraphs for run in each.runs]
    sizes = {run.text: run.font.size for run in runs}
    assert 12 <= sizes["CN¥2,122,047"].pt <= (9_638 / 3 / 20 - 16) / (12 * 0.7)
    assert sizes["656"] is None


def test_fifty_lines_of_contents_stand_on_a_page() -> None:
    file = docx.Document(io.BytesIO(made("docx", "en")))
    page = file.sections[0]
    room = (page.page_height - page.top_margin - page.bottom_margin) / 12_700 - 40  # its title
    line = file.styles["TOC 2"].paragraph_format.space_after.pt + 1.35 * 10
    assert 50 * line <= room
