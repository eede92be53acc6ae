"""`userops query`: answer a query document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

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
@click.option(
    "--who",
    metavar="SELECTION",
    help="List who is behind one number instead: its selection as JSON, as the reference of each analysis says.",
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, help="People at most.")
@click.option("--offset", type=click.IntRange(min=0), default=0, help="People to pass over.")
def command(
    data: Path,
    document: IO[str],
    form: str,
    language: str | None,
    explain: bool,
    who: str | None,
    limit: int,
    offset: int,
) -> None:
    """Answer the query DOCUMENT (a JSON file, or - for standard input).

    When a server owns the data folder, it is asked; otherwise the folder is opened.
    """
    from userops.client import open_workspace

    question = _read(document.read(), Words("查询文档", "query document"))
    try:
        workspace = open_workspace(str(data))
        if explain:
            click.echo(json.dumps(workspace.explain(question), ensure_ascii=False))
            workspace.close()
            return
        if who is not None:
            selection = _read(who, Words("--who 的值", "value of --who"))
            _print_people(workspace.people(question, selection, limit=limit, offset=offset), form)
            workspace.close()
            return
        answered = workspace.query(question)
    except UserOpsError as wrong:
        if form == "json":
            click.echo(json.dumps(wrong.body(), ensure_ascii=False))
        raise
    _PRINT[form](answered, language)
    workspace.close()


def _read(text: str, what: Words) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as wrong:
        raise _not_json(what, str(wrong)) from None
    if not isinstance(found, dict):
        raise _not_json(what, type(found).__name__)
    return found


def _not_json(what: Words, wrong: str) -> DocumentError:
    return DocumentError(
        Words(
            f"{what.zh}应为 JSON 对象：{wrong}。", f"The {what.en} must be a JSON object: {wrong}."
        ),
        code="json_invalid",
    )


def _print_people(found: dict[str, Any], form: str) -> None:
    import pyarrow as pa

    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    names = ("uid", "id")
    table = pa.table({name: [each[name] for each in found["people"]] for name in names})
    {"table": print_table, "csv": print_csv, "arrow": print_arrow}[form](table)
    if len(found["people"]) < found["total"]:
        click.echo(f"{len(found['people']):,} of {found['total']:,}; see --limit", err=True)


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
