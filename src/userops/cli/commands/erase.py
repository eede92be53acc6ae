"""`userops erase`: erase one person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from userops.cli.options import data_option, setup


@click.command()
@data_option
@click.option("--product", required=True, help="Short name of the product.")
@click.option("--user", "distinct_id", required=True, help="Any id of the person.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(data: Path, product: str, distinct_id: str, yes: bool) -> None:
    """Erase one person: events, profile, ids, refused rows. Prints the proof as JSON.

    The server must be stopped; while it runs, use the user's page.
    """
    setup()
    from userops.errors import NotFound
    from userops.events import store
    from userops.events.erasure import erase
    from userops.events.identity import person_of
    from userops.words import Words

    opened = store.current()
    found = opened.product(product)
    person = person_of(found.pk, distinct_id)
    if person is None:
        raise NotFound(
            Words(f"没有用户 {distinct_id!r}。", f"There is no user {distinct_id!r}."),
            code="user_not_found",
        )
    if not yes:
        click.confirm(f"Erase the person of {distinct_id!r} for good?", abort=True)
    erasure = erase(opened, found, person, asked_by="command line")
    click.echo(json.dumps(erasure.proof))
    store.close_current()
