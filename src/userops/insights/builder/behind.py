"""Which selection asks for the people behind a cell of a table, or behind a mark of a chart."""

from __future__ import annotations

import json

from userops.analyses.answering import Answer
from userops.analyses.page import Cells, Marks, Selection
from userops.analyses.table import Table
from userops.query.naming import naming


def asked(selection: Selection | None) -> str:
    """A selection as a parameter of an address; empty for none."""
    return json.dumps(selection, separators=(",", ":")) if selection else ""


def cells(answer: Answer, table: Table) -> Cells:
    """The selections of a table; none for empty cells."""
    found = answer.analysis.page.cells(answer.document, answer.result, table)
    return [
        [each if value else None for each, value in zip(line, row, strict=True)]
        for line, row in zip(found, table.rows, strict=True)
    ]


def marks(answer: Answer, language: str) -> Marks:
    # the names of series are those of the chart
    with naming(answer.names):
        return answer.analysis.page.marks(answer.document, answer.result, language)
