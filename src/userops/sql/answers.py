"""Answers to SQL as rows and as Arrow tables: what the page, the API, the command and Python hand on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
import pyarrow as pa

from userops.analyses.table import Column, Table
from userops.events.engine import Engine
from userops.events.store import ProductFacts
from userops.sql.asking import Ask, asked, column_types
from userops.sql.values import wire_values
from userops.words import Words

SHOWN = 1_000
"""Rows where nobody asks for more."""
MANY = 10_000
"""More rows than this are a list that leaves the house."""


class Source(Protocol):
    """What asking needs of the event store."""

    @property
    def engine(self) -> Engine: ...

    def facts(self, slug: str) -> ProductFacts: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A text asked of a product, with values for its parameters. `limit`: rows at most."""

    product: str
    text: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    limit: int = SHOWN
    query_id: str | None = None
    asker: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows as the engine's JSON has them. `more`: there are rows beyond `limit`."""

    columns: list[tuple[str, str]]
    rows: list[list[Any]]
    more: bool
    took_ms: float

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": [{"name": name, "type": type_} for name, type_ in self.columns],
            "rows": self.rows,
            "more": self.more,
            "took_ms": round(self.took_ms, 1),
        }

    def table(self) -> Table:
        """For files: structures as JSON text, whole numbers that a spreadsheet would round as text."""
        columns = tuple(
            Column(name, Words(name, name), kind(type_)) for name, type_ in self.columns
        )
        return Table(columns, [tuple(map(_cell, row)) for row in self.rows])


def answer(question: Question, source: Source) -> Answer:
    """The first rows of the answer. Raises `UserOpsError`s."""
    begun = time.perf_counter()
    document = orjson.loads(_whole(question, source, "JSONCompact"))
    rows = document["data"]
    return Answer(
        columns=[(each["name"], each["type"]) for each in document["meta"]],
        rows=rows[: question.limit],
        more=len(rows) > question.limit,
        took_ms=(time.perf_counter() - begun) * 1000,
    )


def arrow(question: Question, source: Source) -> tuple[pa.Table, bool]:
    """The first rows as a typed table, and whether there are more."""
    facts = source.facts(question.product)
    table = pa.ipc.open_stream(_whole(question, source, "ArrowStream")).read_all()
    if any(pa.types.is_uint32(each.type) for each in table.schema):
        types = column_types(_ask(question, "TSV"), facts, source.engine)
        table = _with_times(table, types, facts.timezone)
    return table.slice(0, question.limit), table.num_rows > question.limit


def _with_times(table: pa.Table, types: list[str], timezone: str) -> pa.Table:
    """The engine writes a DateTime as a bare number."""
    columns = list(table.columns)
    for at, type_ in enumerate(types):
        if type_.startswith(("DateTime(", "Nullable(DateTime(")) or type_ == "DateTime":
            zone = type_.split("'")[1] if "'" in type_ else "UTC"
            columns[at] = columns[at].cast(pa.int64()).cast(pa.timestamp("s", zone))
    return pa.table(columns, names=table.column_names)


def _ask(question: Question, format_: str) -> Ask:
    return Ask(
        question.text,
        wire_values(question.text, question.parameters),
        format_,
        rows=question.limit + 1,
        query_id=question.query_id,
        asker=question.asker,
        only_format=True,
    )


def _whole(question: Question, source: Source, format_: str) -> bytes:
    with asked(_ask(question, format_), source.facts(question.product), source.engine) as reply:
        return b"".join(reply.pieces)


def kind(type_: str) -> str:
    """How a column of the engine's type is shown: as `analysis.Column.type`."""
    for wrapper in ("LowCardinality(", "Nullable("):
        type_ = type_.removeprefix(wrapper)
    if type_.startswith(("Int", "UInt")) and not type_.startswith("Interval"):
        return "whole"
    return "number" if type_.startswith(("Float", "Decimal", "BFloat")) else "text"


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return str(value)
    return value
