"""`userops facts`: what is computed of each person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "refresh"]))
@product_option
def command(data: Path, as_json: bool, action: str, product: str) -> None:
    """List the computed facts with coverage and spread, or compute them now."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        found = ask("facts" if action == "list" else "facts-refresh", product=product)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"as of {found['as_of'] or '–'}  {found['people']:,} people")
    for fact in found["facts"]:
        coverage = "–" if fact["coverage"] is None else f"{fact['coverage']:.1%}"
        click.echo(f"{fact['name']:<20} {coverage:>7}  {_spread(fact['summary'])}")


def _spread(summary: dict[str, Any]) -> str:
    if "top" in summary:
        return " · ".join(f"{value} {count:,}" for value, count in summary["top"][:4])
    quantiles = summary.get("quantiles")
    if not quantiles:
        return "–"
    return "{} – {} – {}".format(*(quantiles[at] for at in (0, 2, 4)))
