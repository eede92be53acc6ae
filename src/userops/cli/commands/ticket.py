"""`userops ticket`: feedback tickets found, read, answered, changed, merged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once, open_store, tell
from userops.cli.options import data_option, json_option, product_option

STATUSES = click.Choice(["new", "open", "waiting", "handed_over", "solved", "closed", "spam"])
SEVERITIES = click.Choice(["urgent", "high", "normal", "low"])
ORDERS = click.Choice(["updated", "opened", "due"])
ONE_TIME = 500

number_argument = click.argument("number", type=int)


@click.group()
def command() -> None:
    """Find, read, answer, change and merge feedback tickets."""


@command.command("list")
@data_option
@json_option
@product_option
@click.option("--q", default="", help="Words of anything that was said, Chinese or English.")
@click.option("--status", default="active", help="active, all, or one status.")
@click.option("--severity", type=SEVERITIES)
@click.option("--channel", default="", help="form, widget, mail, api, import …")
@click.option("--complaint", is_flag=True, help="Complaints only.")
@click.option("--late", is_flag=True, help="Those whose deadline has passed.")
@click.option("--order", type=ORDERS, default="updated", show_default=True)
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True)
def list_(data: Path, as_json: bool, product: str, limit: int, **given: Any) -> None:
    """Tickets as the inbox finds them."""
    flags = {name: "yes" if given.pop(name) else "" for name in ("complaint", "late")}
    filters = {name: value or "" for name, value in given.items()} | flags
    with open_store(data) as ask:
        for row in _pages(ask, product, filters, limit):
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


def _pages(ask: Any, product: str, filters: dict[str, str], limit: int) -> Iterator[dict[str, Any]]:
    after, left = "", limit
    while left > 0:
        page = ask("tickets", product=product, limit=min(left, ONE_TIME), after=after, **filters)
        yield from page["items"]
        left -= len(page["items"])
        after = page["after"]
        if not after:
            return


def _line(row: dict[str, Any]) -> str:
    owner = row["owner"] or "-"
    return (
        f"#{row['number']:<7} {row['status']:<12} {row['severity']:<7} {row['opened'][:16]}  "
        f"{owner:<24} {row['subject']}"
    )


@command.command("open")
@data_option
@json_option
@product_option
@click.option("--subject", help="Without it, the first line of the text.")
@click.option("--user", "distinct_id", help="The id by which the product knows the user.")
@click.option("--name", help="What the user is called.")
@click.option("--email")
@click.option("--phone")
@click.option("--severity", type=SEVERITIES)
@click.argument("text")
def open_(data: Path, as_json: bool, product: str, text: str, **given: str | None) -> None:
    """Write down what a user said: TEXT becomes a ticket."""
    known = {name: value for name, value in given.items() if value is not None}
    row = ask_once(data, "ticket-open", product=product, text=text, **known)
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


@command.command()
@data_option
@json_option
@product_option
@number_argument
def show(data: Path, as_json: bool, product: str, number: int) -> None:
    """A ticket with all that was said."""
    row = ask_once(data, "ticket-show", product=product, ticket=number)
    if as_json:
        click.echo(json.dumps(row, ensure_ascii=False))
        return
    click.echo(_line(row))
    for each in row["messages"]:
        who = each["author"] or each["direction"]
        click.echo(f"\n[{each['at'][:16]}] {who}\n{each['text']}")


@command.command()
@data_option
@json_option
@product_option
@click.option("--status", type=STATUSES, help="Where it moves with the answer.")
@number_argument
@click.argument("text")
def answer(
    data: Path, as_json: bool, product: str, number: int, text: str, status: str | None
) -> None:
    """Words to the user, by the channel he came by."""
    _ask(data, as_json, "ticket-answer", product, number, text=text, status=status or "")


@command.command()
@data_option
@json_option
@product_option
@number_argument
@click.argument("text")
def note(data: Path, as_json: bool, product: str, number: int, text: str) -> None:
    """Words among members."""
    _ask(data, as_json, "ticket-note", product, number, text=text)


@command.command()
@data_option
@json_option
@product_option
@click.option("--status", type=STATUSES)
@click.option("--severity", type=SEVERITIES)
@click.option("--subject")
@click.option("--area")
@click.option("--root-cause")
@click.option("--solution")
@click.option("--prevention")
@number_argument
def change(data: Path, as_json: bool, product: str, number: int, **given: str | None) -> None:
    """Change what is given."""
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted:
        raise click.UsageError(
            "change needs --status, --severity, --subject, --area, --root-cause, --solution or "
            "--prevention."
        )
    _ask(data, as_json, "ticket-change", product, number, **wanted)


@command.command()
@data_option
@json_option
@product_option
@number_argument
@click.argument("others", type=int, nargs=-1, required=True)
def merge(data: Path, as_json: bool, product: str, number: int, others: tuple[int, ...]) -> None:
    """The matter of OTHERS goes on in NUMBER."""
    _ask(data, as_json, "ticket-merge", product, number, others=list(others))


@command.command()
@data_option
@json_option
@product_option
@number_argument
def unmerge(data: Path, as_json: bool, product: str, number: int) -> None:
    """A merged ticket goes on by itself again."""
    _ask(data, as_json, "ticket-unmerge", product, number)


@command.command("import")
@data_option
@json_option
@product_option
@click.option(
    "--column", "columns", multiple=True, metavar="FIELD=COLUMN",
    help="Which column says what: text=评论内容. What is not given is found out from the names of the columns.",
)  # fmt: skip
@click.option("--time-format", default="", help="iso, epoch_s, epoch_ms, yyyymmdd, or a pattern.")
@click.option("--timezone", default="", help="Of times without one; default: the product's.")
@click.option("--origin", default="", help="Where the file comes from, such as App Store.")
@click.option(
    "--closed/--open", default=None,
    help="Records of the past, or tickets to work on; default: by how old the newest is.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only tell what would be taken.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(
    data: Path, as_json: bool, product: str, file: Path, columns: tuple[str, ...], **options: Any
) -> None:
    """Open the tickets of FILE: CSV, Excel, JSONL or Parquet. The same rows again open nothing twice."""
    given = {"file": str(file.resolve()), "columns": ",".join(columns), **options}
    found = ask_once(data, "ticket-import", product=product, **given)
    tell(found, as_json, _brought(found))


def _brought(row: dict[str, Any]) -> Iterator[str]:
    came = {name: row["outcome"].get(name, 0) for name in ("rows", "opened", "repeated", "refused")}
    number = f"#{row['id']:<5} " if row["id"] else ""
    figures = "  ".join(f"{name}: {count}" for name, count in came.items())
    yield f"{number}{row['state']:<10} {figures}  {row['file_name']}"
    for each in row["outcome"].get("shown", ()):
        yield f"  row {each['row']}: {each['en']}"


@command.command("imports")
@data_option
@json_option
@product_option
def imports(data: Path, as_json: bool, product: str) -> None:
    """Files of tickets that were taken in, the newest first."""
    rows = ask_once(data, "ticket-imports", product=product)
    tell(rows, as_json, (next(_brought(row)) for row in rows))


@command.command("undo-import")
@data_option
@json_option
@product_option
@click.argument("run", type=int)
def undo_import(data: Path, as_json: bool, product: str, run: int) -> None:
    """Take the tickets of import RUN back; those on which somebody has worked since stay."""
    found = ask_once(data, "ticket-import-undo", product=product, run=run)
    tell(found, as_json, [f"{found['undone']} tickets are taken back, {found['kept']} stay."])


def _ask(
    data: Path, as_json: bool, errand: str, product: str, number: int, **arguments: Any
) -> None:
    row = ask_once(data, errand, product=product, ticket=number, **arguments)
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
