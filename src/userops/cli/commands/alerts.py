"""`userops alerts`: what is watched, and judging it now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "check"]))
@product_option
@click.option("--id", "number", type=int, help="Check this alert only.")
def command(data: Path, as_json: bool, action: str, product: str, number: int | None) -> None:
    """List the alerts of a product, or check now the periods that are over: each is judged and told once."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        if action == "list":
            found = ask("alerts", product=product)
        else:
            found = ask("alerts-check", product=product, alert=number)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for row in found:
        click.echo(_listed(row) if action == "list" else _checked(row))
    if not found:
        click.echo("No alert yet." if action == "list" else "No period to judge.")


def _listed(row: dict[str, Any]) -> str:
    state = "outside" if row["outside_since"] else "problem" if row["problem"] else "ok"
    state = state if row["active"] else "paused"
    last = row["last"]
    value = f"{last['period']}  {_number(last['value'])}" if last else ""
    return f"{row['id']:>6}  {state:<8} {row['kind']:<10} {row['name']}  {value}".rstrip()


def _checked(row: dict[str, Any]) -> str:
    if "problem" in row:
        return f"{row['alert']}: {row['problem']['en']}"
    bounds = f"{_number(row['low'])} – {_number(row['high'])}"
    found = row["event"] or row["outcome"]
    return f"{row['alert']}  {row['period']}  {_number(row['value'])}  ({bounds})  {found}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.6g}"
