"""`userops query`: answer a query document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from userops.cli.options import data_option
from userops.errors import DocumentError, UserOpsError
from userops.words import Words

if TYPE_CHECKING:
    from userops.client import QueryResult


@click.command()
@data_option
@click.argument("document", type=click.File("r", encoding="utf-8"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "arrow"]),
    default="table",
    help="Of the answer.",
)
@click.option("--language", type=click.Choice(["zh", "en"]), help="Of the definition in the table.")
@click.option("--explain", is_flag=True, help="Tell where the answer would come from, without it.")
def command(data: Path, document: IO[str], form: str, language: str | None, explain: bool) -> None:
    """Answer the query DOCUMENT (a JSON file, or - for standard input).

    When a server owns the data folder, it is asked; otherwise the folder is opened.
    """
    from userops.client import open_workspace

    try:
        question = json.load(document)
    except ValueError as wrong:
        raise DocumentError(
            Words(
                f"查询文档不是合法的 JSON:{wrong}。",
                f"The query document is not valid JSON: {wrong}.",
            ),
            code="json_invalid",
        ) from None
    try:
        workspace = open_workspace(str(data))
        if explain:
            click.echo(json.dumps(workspace.explain(question), ensure_ascii=False))
            workspace.close()
            return
        answered = workspace.query(question)
    except UserOpsError as wrong:
        if form == "json":
            click.echo(json.dumps(wrong.body(), ensure_ascii=False))
        raise
    _PRINT[form](answered, language)
    workspace.close()


def _as_json(answered: QueryResult, language: str | None) -> None:
    click.echo(json.dumps(answered.json, ensure_ascii=False))


def _as_csv(answered: QueryResult, language: str | None) -> None:
    from pyarrow import csv

    csv.write_csv(answered.table, sys.stdout.buffer)


def _as_arrow(answered: QueryResult, language: str | None) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(sys.stdout.buffer, answered.table.schema) as stream:
        stream.write_table(answered.table)


def _as_table(answered: QueryResult, language: str | None) -> None:
    from userops.config import current

    key = "zh" if (language or current().language).startswith("zh") else "en"
    click.echo(answered.definition[key])
    names = answered.table.column_names
    rows = [
        ["" if cell is None else _cell(cell) for cell in row.values()]
        for row in answered.table.to_pylist()
    ]
    widths = [max(_width(line[i]) for line in [names, *rows]) for i in range(len(names))]
    for line in [names, ["-" * width for width in widths], *rows]:
        click.echo(
            "  ".join(
                _padded(text, width) for text, width in zip(line, widths, strict=True)
            ).rstrip()
        )


def _cell(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


_PRINT = {"json": _as_json, "csv": _as_csv, "arrow": _as_arrow, "table": _as_table}
