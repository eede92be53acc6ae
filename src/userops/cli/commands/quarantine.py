"""`userops quarantine`: refused rows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "export", "replay"]))
@product_option
@click.option("--code", default="", help="Only rows refused for this reason.")
def command(data: Path, as_json: bool, action: str, product: str, code: str) -> None:
    """List the reasons, export the rows as CSV to standard output, or read them again."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        if action == "export":
            sys.stdout.write(ask("quarantine-rows", product=product, code=code))
        elif action == "replay":
            click.echo(json.dumps(ask("quarantine-replay", product=product, code=code)))
        else:
            _list(ask("quarantine-groups", product=product), as_json)


def _list(groups: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(groups))
        return
    for each in groups:
        click.echo(f"{each['rows']:>9,}  {each['code']:<24} {each['door']}")
    if not groups:
        click.echo("Nothing is in quarantine.")
