"""Arrow tables on a terminal and on standard output."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import pyarrow as pa


def print_csv(table: pa.Table) -> None:
    from pyarrow import csv

    csv.write_csv(table, sys.stdout.buffer)


def print_arrow(table: pa.Table) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)


def print_table(table: pa.Table) -> None:
    """Columns side by side."""
    names = table.column_names
    columns = [column.to_pylist() for column in table.columns]
    rows = [
        ["" if cell is None else _cell(cell) for cell in row] for row in zip(*columns, strict=True)
    ]
    click.echo(side_by_side(names, rows))


def side_by_side(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Texts in columns as wide as their widest, below their heads."""
    widths = [max(_width(line[i]) for line in [names, *rows]) for i in range(len(names))]
    lines = [names, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(_padded(text, width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
