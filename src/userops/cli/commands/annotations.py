"""`userops annotations`: what happened when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option

KINDS = click.Choice(["release", "campaign", "incident", "other"])


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "add", "change", "delete"]))
@product_option
@click.option("--id", "number", type=int, help="Of the annotation to change or delete.")
@click.option("--kind", type=KINDS, help="Of the annotation; of those to list.")
@click.option("--text", help="What happened.")
@click.option("--begins", help="2026-01-05, or 2026-01-05T20:00, on the product's wall clock.")
@click.option("--ends", help="Last moment of a span.")
@click.option("--link", help="An http or https address.")
def command(
    data: Path, as_json: bool, action: str, product: str, number: int | None, **given: str | None
) -> None:
    """List annotations, add one, change or delete one. They are drawn on every time axis."""
    from userops.cli.asking import open_store

    _check(action, number, given)
    wanted = {name: value for name, value in given.items() if value is not None}
    with open_store(data) as ask:
        if action == "list":
            rows = ask("annotations", product=product, kind=wanted.get("kind", ""))
        elif action == "add":
            rows = [ask("annotate", product=product, **wanted)]
        elif action == "change":
            rows = [ask("annotation-change", product=product, annotation=number, **wanted)]
        else:
            ask("annotation-delete", product=product, annotation=number)
            rows = []
    _show(rows, as_json)


def _check(action: str, number: int | None, given: dict[str, str | None]) -> None:
    if action in ("change", "delete") and number is None:
        raise click.UsageError(f"{action} needs --id.")
    lacking = [name for name in ("kind", "text", "begins") if not given[name]]
    if action == "add" and lacking:
        raise click.UsageError(f"add needs --{lacking[0]}.")


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        when = f"{row['begins']} – {row['ends']}" if row["ends"] else row["begins"]
        click.echo(f"{row['id']:>6}  {when:<35} {row['kind']:<9} {row['text']}")
