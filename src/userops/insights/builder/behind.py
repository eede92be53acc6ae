"""Which selection asks for the people behind a cell of a table, or behind a mark of a chart."""

from __future__ import annotations

import json
import re
from typing import Any

from userops.analyses.answering import Answer
from userops.analyses.page import Cells, Marks, Selection
from userops.analyses.table import Table
from userops.query.naming import naming

_NAME = re.compile(r"[A-Za-z_][\w.]*")
_PLAIN = re.compile(r"[^,\"&<>'{}\\\x00-\x1f]*")


def asked(selection: Selection | None) -> str:
    """A selection as a parameter of an address; empty for none.

    A page holds hundreds of them, so they are short: `cohort=2026-11-02,period:1`, with `=` before a text and
    `:` before any other value; `breakdown.city=上海` lies within `breakdown`. JSON where that cannot say it.
    """
    if not selection:
        return ""
    parts = _parts(selection, "")
    if parts is None:
        return json.dumps(selection, separators=(",", ":"), ensure_ascii=False)
    return ",".join(parts)


def _parts(selection: Selection, within: str) -> list[str] | None:
    """None where a name or a text holds what would be read as something else, or grows in a page."""
    parts: list[str] = []
    for name, value in selection.items():
        path = f"{within}{name}"
        inner = None
        if isinstance(value, dict) and value and not within:
            inner = _parts(value, f"{name}.")
        elif isinstance(value, str) and _PLAIN.fullmatch(value):
            inner = [f"{path}={value}"]
        elif value is None or isinstance(value, bool | int | float):
            inner = [f"{path}:{json.dumps(value)}"]
        if inner is None or not _NAME.fullmatch(path) or "." in name:
            return None
        parts += inner
    return parts


def selected(text: str) -> Selection | None:
    """The selection that a parameter names; None for nonsense."""
    try:
        found: Any = json.loads(text) if text.startswith("{") else _read(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _read(text: str) -> Selection:
    """Raises `ValueError`."""
    found: Selection = {}
    for part in text.split(","):
        mark = re.search("[=:]", part)
        if mark is None:
            raise ValueError(part)
        path, value = part[: mark.start()], part[mark.end() :]
        outer, dot, inner = path.partition(".")
        place = found.setdefault(outer, {}) if dot else found
        if not isinstance(place, dict):
            raise ValueError(path)
        place[inner if dot else outer] = value if mark[0] == "=" else json.loads(value)
    return found


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
