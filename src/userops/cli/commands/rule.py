"""`userops rule`: automation rules of tickets, tried on the past, switched on and off, and what they did."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once
from userops.cli.options import data_option, json_option, product_option

name_argument = click.argument("name")
day = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """Automation rules: when something happens to a ticket, if it is so, then this is done."""


@command.command("list")
@data_option
@json_option
@product_option
def list_(data: Path, as_json: bool, product: str) -> None:
    """List the rules in their order."""
    found = ask_once(data, "rules", product=product)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        _told(row)
    if not found:
        click.echo("No rule yet.")


@command.command()
@data_option
@json_option
@product_option
@name_argument
def show(data: Path, as_json: bool, product: str, name: str) -> None:
    """A rule (its name or number) with its document."""
    found = ask_once(data, "rule", product=product, name=name)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    _told(found)
    names = ("when", "if", "then", "after_rules")
    document = {each: found[each] for each in names}
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@command.command()
@data_option
@product_option
@name_argument
@click.argument("file", type=click.File(encoding="utf-8-sig"))
def add(data: Path, product: str, name: str, file: Any) -> None:
    """Make a rule of a document in FILE, as `show` writes it. It is off: try it first."""
    try:
        document = json.load(file)
    except ValueError as wrong:
        raise click.UsageError(f"FILE is not JSON: {wrong}") from None
    _told(ask_once(data, "rule-add", product=product, name=name, document=document))


@command.command("dry-run")
@data_option
@json_option
@product_option
@name_argument
@click.option(
    "--days",
    type=click.IntRange(1, 800),
    default=30,
    show_default=True,
    help="So many days up to today.",
)
@click.option("--from", "first", type=day, help="Instead of --days: from this day on.")
@click.option("--until", type=day, help="To this day, included.")
def dry_run(
    data: Path, as_json: bool, product: str, name: str, days: int,
    first: datetime | None, until: datetime | None,
) -> None:  # fmt: skip
    """Try a rule over past tickets: how often it would have fired, on which, and why. Changes nothing."""
    given = {"first": first, "until": until}
    found = ask_once(
        data, "rule-dry-run", product=product, name=name, days=days,
        **{key: f"{at:%Y-%m-%d}" for key, at in given.items() if at},
    )  # fmt: skip
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(
        f"{found['first']} to {found['until']}: would have fired {found['fired']} times on "
        f"{found['tickets']} tickets, of {found['causes']} causes in {found['looked']} tickets."
    )
    for each in found["found"]:
        click.echo(f"  {each['at'][:16]}  #{each['ticket']:<6} {each['subject']}")


@command.command()
@data_option
@product_option
@name_argument
def enable(data: Path, product: str, name: str) -> None:
    """Switch a rule on, from now on."""
    _told(ask_once(data, "rule-switch", product=product, name=name, active=True))


@command.command()
@data_option
@product_option
@name_argument
def disable(data: Path, product: str, name: str) -> None:
    """Switch a rule off."""
    _told(ask_once(data, "rule-switch", product=product, name=name, active=False))


@command.command()
@data_option
@json_option
@product_option
@click.option("--rule", "name", default="", help="Of this rule only (its name or number).")
@click.option("--ticket", type=int, help="Of this ticket only.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
def log(data: Path, as_json: bool, product: str, **given: Any) -> None:
    """What fired, the newest first, and what came of it."""
    for row in ask_once(data, "rule-log", product=product, **given):
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        deeds = ", ".join(f"{each['do']} {each['result']}" for each in row["done"])
        why = row["held"]["en"] if row["held"] else deeds
        click.echo(f"{row['at'][:16]}  #{row['ticket']:<6} {row['name']} v{row['version']}: {why}")


def _told(row: dict[str, Any]) -> None:
    state = "on " if row["active"] else "off"
    click.echo(f"{row['id']:>5}  {state}  {row['name']}\n            {row['sentence']['en']}")
