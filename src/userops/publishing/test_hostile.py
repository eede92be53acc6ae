"""Texts that would break a file or run in it stay texts."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pptx
import pytest

from userops.publishing.content import (
    Card,
    Cards,
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
from userops.publishing.test_readers import html_of, pdf_text, word_cells
from userops.publishing.wording import clean

HOSTILE = (
    '=HYPERLINK("http://x","a")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tx",
    "</td></table><script>alert(1)</script><img src=x onerror=alert(1)>",
    "<w:p/>]]>&amp;\"'",
    '#panic() #eval("1") $x$ *b* _i_ `c` @label <label> \\ #{ [',
    "\x00\x07\x1b\ufffe\ud800 control",
    "\u202egnp.exe\u2066",
    "עברית مرحبا",
    "😀👩‍👩‍👧‍👦",
    "𠮷䶮㐂𪚥 生僻字",
    "x" * 10_000,
    "一" * 10_000,
    "a\nb\r\nc\u2028d",
    "'] & [sheet*?:/\\",
    "{{ x }} {% y %} ${z} %s",
    "",
    " ",
)


def hostile_report() -> Publication:
    columns = (Column("a", HOSTILE[5]), Column("b", HOSTILE[0], "number"), Column("c", "", "date"))
    figures = tuple(
        Figure(
            key=f"f{at} <\"'&",
            number=f"图 {at}",
            title=text,
            message=text,
            grid=Grid(columns, ((text, at, None), (None, None, text))),
            definition=text,
            source=text,
            alt=text,
            chart={
                "xAxis": {"type": "category", "data": [text, "b"]},
                "yAxis": {"type": "value"},
                "series": [{"type": "bar", "name": text, "data": [1, 2]}],
            }
            if at % 2
            else None,
            query={text[:50]: text[:50]},
        )
        for at, text in enumerate(HOSTILE)
    )
    cards = Cards(tuple(Card(t, t, ((t, t),), ("f1",)) for t in HOSTILE[:6]))
    facts = Facts(tuple(Fact(t, t, t, "weak") for t in HOSTILE[:6]))
    texts = tuple(Paragraph(t, "finding", ("nowhere",), "bad") for t in HOSTILE)
    blocks = (facts, *texts, *figures, cards)
    return Publication(
        language="zh-hans",
        title=HOSTILE[5],
        subtitle=HOSTILE[7],
        company=HOSTILE[6],
        facts=tuple((t[:100], t[:100]) for t in HOSTILE),
        snapshot=HOSTILE[0],
        status=HOSTILE[8],
        sections=(Section("s", HOSTILE[5], blocks), Section("t", "", ())),
        definitions=tuple((t, t) for t in HOSTILE),
        correction=HOSTILE[9],
        link="javascript:alert(1)",
    )


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_hostile_texts_neither_break_nor_run(name: str) -> None:
    data = EXPORTERS[name].write(hostile_report())
    if name == "html":
        page = html_of(data)
        assert not {"script", "img"} & set(page.tags)
        assert not any(
            n.startswith("on") or (v or "").startswith("javascript:") for n, v in page.attributes
        )
        assert HOSTILE[5] in page.cells
    elif name == "pdf":
        words = pdf_text(data)
        assert "#panic()" in words and "<script>" in words and "𠮷䶮㐂" in words
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            for part in parts.namelist():
                if part.endswith((".xml", ".rels")):
                    ET.fromstring(parts.read(part))
    if name == "xlsx":
        cells = [
            cell
            for sheet in openpyxl.load_workbook(io.BytesIO(data))
            for row in sheet.iter_rows()
            for cell in row
        ]
        assert not [each for each in cells if each.data_type == "f"]
        texts = [each.value for each in cells if isinstance(each.value, str)]
        assert not [each for each in texts if each.startswith(("=", "+", "-", "@", "\t"))]
        assert "x" * 10_000 in texts
    if name == "docx":
        file = docx.Document(io.BytesIO(data))
        assert clean(HOSTILE[7]) in word_cells(file)
    if name == "pptx":
        pptx.Presentation(io.BytesIO(data))
