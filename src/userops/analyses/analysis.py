"""What an analysis is: one record that page, API, CLI and Python all read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from userops.query.document import Document
from userops.query.scope import Scope
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result table. `type`: text, whole, number, share (0…1), date, seconds."""

    name: str
    words: Words
    type: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A result as rows: what the page shows under the chart and what CSV and XLSX hold."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class People:
    """Who is behind a number: persons (uids) in a stable order, and how many there are in all."""

    persons: list[int]
    total: int


@dataclass(frozen=True)
class Analysis:
    """A kind of question.

    - `document`: the pydantic class; its `kind` is this `kind`.
    - `run(document, scope)`: a resolved document to the JSON-ready `result`.
    - `describe(document)`: the definition in a sentence, in both languages.
    - `table(document, result)` and `chart(document, result, language)`: the same result as rows, and as
      an ECharts option (plain JSON; numbers unformatted; no functions).
    - `people(document, scope, selection, limit, offset)`: who is behind one number; `selection` names
      the cell (each README says how).
    - `problems`: words for the codes that the document's own validators raise.
    """

    kind: str
    words: Words
    document: type[Document]
    run: Callable[[Any, Scope], dict[str, Any]]
    describe: Callable[[Any], Words]
    table: Callable[[Any, dict[str, Any]], Table]
    chart: Callable[[Any, dict[str, Any], str], dict[str, Any]]
    people: Callable[[Any, Scope, Mapping[str, Any], int, int], People]
    example: Mapping[str, Any]
    problems: Mapping[str, Words] = field(default_factory=dict)
