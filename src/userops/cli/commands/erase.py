"""`userops erase`: erase one person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from userops.cli.options import data_option, product_option


@click.command()
@data_option
@product_option
@click.option("--user", required=True, help="Any id of the person.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(data: Path, product: str, user: str, yes: bool) -> None:
    """Erase one person: events, profile, ids, refused rows. Prints the proof as JSON."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        ask("find-person", product=product, user=user)
        if not yes:
            click.confirm(f"Erase the person of {user!r} for good?", abort=True)
        proof = ask("erase", product=product, user=user)
    click.echo(json.dumps(proof))
