"""`userops query`: answer a query document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from userops.cli.options import data_option
from userops.cli.tables import print_arrow, print_csv, print_table
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
    print_csv(answered.table)


def _as_arrow(answered: QueryResult, language: str | None) -> None:
    print_arrow(answered.table)


def _as_table(answered: QueryResult, language: str | None) -> None:
    from userops.config import current

    key = "zh" if (language or current().language).startswith("zh") else "en"
    click.echo(answered.definition[key])
    print_table(answered.table)


_PRINT = {"json": _as_json, "csv": _as_csv, "arrow": _as_arrow, "table": _as_table}
