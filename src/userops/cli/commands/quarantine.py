"""`userops quarantine`: refused rows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from userops.cli.options import data_option, json_option, setup

if TYPE_CHECKING:
    from userops.events.quarantine import Group


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "export", "replay"]))
@click.option("--product", required=True, help="Short name of the product.")
@click.option("--code", default="", help="Only rows refused for this reason.")
def command(data: Path, as_json: bool, action: str, product: str, code: str) -> None:
    """List the reasons, export the rows as CSV to standard output, or read them again."""
    setup()
    from userops.events import quarantine, store

    opened = store.current()
    found = opened.product(product)
    if action == "export":
        sys.stdout.writelines(quarantine.export_csv(quarantine.waiting(found, code).iterator()))
    elif action == "replay":
        outcome = quarantine.replay(opened.ingest, found, list(quarantine.waiting(found, code)))
        facts = {"taken": outcome.taken, "stored": outcome.stored, "refused": dict(outcome.refused)}
        click.echo(json.dumps(facts))
    else:
        _list(quarantine.groups(found), as_json)
    store.close_current()


def _list(groups: list[Group], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([{"code": g.code, "door": g.door, "rows": g.rows} for g in groups]))
        return
    for group in groups:
        click.echo(f"{group.rows:>9,}  {group.code:<24} {group.door}")
    if not groups:
        click.echo("Nothing is in quarantine.")
