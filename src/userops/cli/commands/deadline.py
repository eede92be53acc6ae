"""`userops deadline`: what was promised, the clocks of a ticket, how much was in time."""

from __future__ import annotations

import json
from pathlib import Path

import click

from userops.cli.asking import ask_once
from userops.cli.options import data_option, json_option, product_option

KINDS = click.Choice(["first", "next", "resolution", "team"])


@click.group()
def command() -> None:
    """Deadlines of tickets: policies, the clocks of a ticket day by day, how much was in time."""


@command.command()
@data_option
@json_option
@product_option
def policies(data: Path, as_json: bool, product: str) -> None:
    """What is promised, in the order in which it is tried."""
    found = ask_once(data, "deadline-policies", product=product)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        targets = ", ".join(
            f"{kind} {row[kind]} min"
            for kind in ("first", "next", "resolution", "team")
            if row[kind]
        )
        click.echo(f"{row['id']:>5}  {'on ' if row['active'] else 'off'}  {row['name']}: {targets}")
    if not found:
        click.echo("Nothing is promised yet.")


@command.command()
@data_option
@json_option
@product_option
@click.argument("number", type=int)
def ticket(data: Path, as_json: bool, product: str, number: int) -> None:
    """The clocks of ticket NUMBER, each with the days that made its due time."""
    found = ask_once(data, "ticket-deadlines", product=product, ticket=number)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        click.echo(
            f"{row['kind']} {row['number']}: {row['state']}, due {row['due'] or '-'}, "
            f"{row['taken']:g} of {row['target'] or 0:g} working minutes"
        )
        for line in row["days"]:
            click.echo(f"    {line['day']}  {line['counted']:>7.1f}  {line['left']:>8.1f} left")


@command.command("on-time")
@data_option
@json_option
@product_option
@click.option(
    "--first", default="", help="Due from this day on; by default 29 days before the last."
)
@click.option("--last", default="", help="Due up to this day, included; by default today.")
@click.option("--kind", type=KINDS, default="resolution", show_default=True)
def on_time(data: Path, as_json: bool, product: str, **given: str) -> None:
    """How much of what was due was in time: k/n with its 95% interval."""
    found = ask_once(data, "on-time", product=product, **given)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if found["share"] is None:
        click.echo("Nothing was due: there is no rate.")
        return
    low, high = found["interval"]
    click.echo(
        f"{found['share']:.1%} ({found['k']}/{found['n']}; 95% {low:.1%} – {high:.1%}); late "
        f"{found['late']}, overdue {found['overdue']}, reopened {found['reopened']}, "
        f"pending {found['pending']}"
    )


@command.command()
@data_option
@json_option
@product_option
def sorting(data: Path, as_json: bool, product: str) -> None:
    """The categories and teams that policies and rules speak of, with their numbers."""
    found = ask_once(data, "ticket-sorting", product=product)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found["categories"]:
        click.echo(f"category {row['id']:>5}  {row['path']}  {row['team'] or ''}".rstrip())
    for row in found["teams"]:
        click.echo(f"team     {row['id']:>5}  {row['name']}  {', '.join(row['members'])}".rstrip())
