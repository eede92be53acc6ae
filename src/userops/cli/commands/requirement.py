"""`userops requirement`: what users ask for, ranked; tickets linked; how far it is; telling who asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once, tell
from userops.cli.options import data_option, json_option, product_option

STATUSES = click.Choice(["planned", "in_progress", "shipped", "declined"])
number_argument = click.argument("number", type=click.IntRange(1, 10**9))
tickets_argument = click.argument(
    "tickets", type=click.IntRange(1, 10**12), nargs=-1, required=True
)


@click.group()
def command() -> None:
    """Requirements: what users ask for, how many asked, and that each is told once when it ships."""


@command.command("list")
@data_option
@json_option
@product_option
@click.option("--status", type=STATUSES, help="Only those with this status.")
def list_(data: Path, as_json: bool, product: str, status: str | None) -> None:
    """List them, most asked for first."""
    found = ask_once(data, "requirements", product=product, status=status or "")
    tell(found, as_json, [_line(each) for each in found] or ["No requirement yet."])


@command.command()
@data_option
@json_option
@product_option
@number_argument
def show(data: Path, as_json: bool, product: str, number: int) -> None:
    """Show one: who asked, who would be told by which way, and what was done."""
    _shown(ask_once(data, "requirement", product=product, number=number), as_json)


@command.command()
@data_option
@json_option
@product_option
@click.argument("title")
@click.option("--title-en", default="", help="The same in English.")
@click.option("--description", default="", help="For members only.")
@click.option("--reference", default="", help="What it is called elsewhere, such as APP-1234.")
@click.option("--address", default="", help="Its page in Jira, GitHub, TAPD.")
def create(data: Path, as_json: bool, product: str, **given: str) -> None:
    """Make a planned requirement."""
    _shown(ask_once(data, "requirement-create", product=product, **given), as_json)


@command.command()
@data_option
@json_option
@product_option
@number_argument
@tickets_argument
@click.option("--away", is_flag=True, help="Take the links away instead.")
def link(data: Path, as_json: bool, product: str, number: int, **given: Any) -> None:
    """Link tickets that ask for it, by their numbers."""
    given["tickets"] = list(given["tickets"])
    _shown(ask_once(data, "requirement-link", product=product, number=number, **given), as_json)


@command.command()
@data_option
@json_option
@product_option
@number_argument
@click.argument("status", type=STATUSES)
@click.option("--in", "version", help="The version that it shipped in.")
def move(data: Path, as_json: bool, product: str, number: int, **given: Any) -> None:
    """Say how far it is. Nobody is told by this."""
    _shown(ask_once(data, "requirement-move", product=product, number=number, **given), as_json)


@command.command("tell")
@data_option
@json_option
@product_option
@number_argument
@click.option("--ticket", type=click.IntRange(1, 10**12), help="Only the user of this ticket.")
@click.option(
    "--again", is_flag=True, help="Send once more what did not leave or may not have arrived."
)
def tell_users(data: Path, as_json: bool, product: str, **given: Any) -> None:
    """Tell who asked and does not know yet that it has shipped; each user once."""
    _shown(ask_once(data, "requirement-tell", product=product, **given), as_json)


def _line(row: dict[str, Any]) -> str:
    value = "–" if row["value"] is None else f"{row['value']:,.0f}"
    return (
        f"R{row['number']:<4} {row['users']:>5} users {value:>10}  {row['status']:<11} "
        f"{row['reference']:<10} {row['title']}"
    )


def _shown(row: dict[str, Any], as_json: bool) -> None:
    ways = ", ".join(f"{way} {n}" for way, n in row["preview"]["ways"].items())
    sent = ", ".join(f"{state} {n}" for state, n in row["sent"].items())
    why = ", ".join(f"{name} {n}" for name, n in row["not_told"].items() if n and name != "waiting")
    lines = [
        _line(row),
        f"  {row['tickets']} tickets, {row['known_users']} known users; told: {row['told']}",
        f"  would be told now: {row['preview']['users']}{f' ({ways})' if ways else ''}",
        *([f"  sent: {sent}"] if sent else []),
    ]
    tell(row, as_json, [*lines, f"  not told: {why}"] if why else lines)
