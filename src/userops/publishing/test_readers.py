"""Readers for tests: files read back without a line of their writers."""

from __future__ import annotations

import shutil
import subprocess
from html.parser import HTMLParser
from typing import Any

import pytest

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pdf_text(data: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("POPPLER MISSING: install poppler-utils to read PDF files in tests")
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return done.stdout.decode()


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.cells: list[str] = []
        self.texts: list[str] = []
        self._in = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attributes
        self._in = tag

    def handle_data(self, text: str) -> None:
        self.texts.append(text)
        if self._in == "td":
            self.cells.append(text)


def html_of(data: bytes) -> _Texts:
    reader = _Texts()
    reader.feed(data.decode())
    return reader


def word_cells(file: Any) -> list[str]:
    return [
        "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in cell.iter(f"{W}p"))
        for cell in file.element.body.iter(f"{W}tc")
    ]


def test_the_html_reader_sees_cells_and_tags() -> None:
    page = html_of(b"<table><td>1</td><td>2</td></table>")
    assert (page.cells, page.tags) == (["1", "2"], ["table", "td", "td"])
