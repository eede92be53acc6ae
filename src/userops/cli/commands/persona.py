"""`userops persona`: find personas, list and show their cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "show", "run", "schedule"]))
@product_option
@click.option("--name", default="", help="Name of the persona set; run makes it if it is new.")
@click.option(
    "--every",
    type=click.Choice(["week", "month", "never"]),
    help="Of schedule: run again on Mondays, on the first of the month, or only when asked.",
)
@click.option("--days", type=int, help="Of a new set: how many days are looked at.")
def command(
    data: Path,
    as_json: bool,
    action: str,
    product: str,
    name: str,
    every: str | None,
    days: int | None,
) -> None:
    """List persona sets, show one with its cards, find its groups now, or say when they are found again."""
    from userops.cli.asking import open_store

    if action != "list" and not name:
        raise click.UsageError(f"{action} needs --name.")
    if (action == "schedule") != (every is not None):
        raise click.UsageError("schedule needs --every week, month or never; the others take none.")
    with open_store(data) as ask:
        if action == "list":
            found = ask("personas", product=product)
        elif action == "show":
            found = [ask("persona-show", product=product, name=name)]
        elif action == "schedule":
            wanted = "" if every == "never" else every
            found = [ask("persona-schedule", product=product, name=name, schedule=wanted)]
        else:
            found = [ask("persona-run", product=product, name=name, days=days)]
    if as_json:
        click.echo(json.dumps(found if action == "list" else found[0], ensure_ascii=False))
        return
    for each in found:
        _show(each, cards=action != "list")
    if not found:
        click.echo("No persona set yet.")


def _show(found: dict[str, Any], *, cards: bool) -> None:
    figures = found["figures"] or {}
    number = f"{figures['number']} personas of {figures['users']:,} users" if figures else "not run"
    click.echo(f"{found['id']:>6}  {found['name']}  {number}  {found['refreshed'] or ''}".rstrip())
    if found["schedule"]:
        click.echo(f"        again every {found['schedule']}")
    if found["problem"]:
        click.echo(f"        {found['problem']['en']}")
    if cards:
        for card in found["cards"]:
            share = f"{card['share']:.1%}" if card["share"] is not None else "–"
            gone = "  (no longer found)" if card["gone"] else ""
            click.echo(f"        {card['users']:>9,}  {share:>6}  {card['name']}{gone}")
