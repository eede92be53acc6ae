"""All formats of a report by name, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping

from userops.publishing.exporter import Exporter
from userops.publishing.html import HTML
from userops.publishing.pdf import PDF
from userops.publishing.slides import SLIDES
from userops.publishing.word import WORD
from userops.publishing.workbook import WORKBOOK

EXPORTERS: Mapping[str, Exporter] = {
    "docx": WORD,
    "pptx": SLIDES,
    "xlsx": WORKBOOK,
    "pdf": PDF,
    "html": HTML,
}
