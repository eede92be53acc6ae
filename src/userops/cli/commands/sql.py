"""`userops sql`: ask read-only SQL over one product."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import click

from userops.cli.options import data_option
from userops.cli.tables import print_arrow, print_csv, print_table
from userops.errors import UserOpsError


@click.command()
@data_option
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--product", help="Slug of the product; may be left out where there is only one.")
@click.option(
    "--parameter",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="The value of a {NAME:Type} in the text; repeat for several.",
)
@click.option("--limit", type=click.IntRange(min=1), default=1_000, help="Rows at most.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "arrow"]),
    default="table",
    help="Of the answer.",
)
def command(
    data: Path, file: IO[str], product: str | None, given: tuple[str, ...], limit: int, form: str
) -> None:
    """Ask the SQL in FILE (or - for standard input): one SELECT over the tables events and profiles.

    When a server owns the data folder, it is asked; otherwise the folder is opened.
    """
    from userops.client import open_workspace

    parameters = dict(map(_pair, given))
    try:
        workspace = open_workspace(str(data))
        answered = workspace.sql(file.read(), product=product, limit=limit, **parameters)
    except UserOpsError as wrong:
        if form == "json":
            click.echo(json.dumps(wrong.body(), ensure_ascii=False))
        raise
    if form == "json":
        rows = answered.table.to_pylist()
        click.echo(
            json.dumps({"rows": rows, "more": answered.more}, ensure_ascii=False, default=str)
        )
    else:
        {"table": print_table, "csv": print_csv, "arrow": print_arrow}[form](answered.table)
        if answered.more:
            click.echo(f"… more than {limit:,} rows; see --limit", err=True)
    workspace.close()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"expected NAME=VALUE, got {text!r}", param_hint="--parameter")
    return name.strip(), value
