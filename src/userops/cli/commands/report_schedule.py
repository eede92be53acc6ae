"""`userops report schedule`: reports that are built and sent by themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once
from userops.cli.options import (
    data_option,
    formats_option,
    json_option,
    languages_option,
    product_option,
)


@click.group("schedule")
def schedule() -> None:
    """Reports that are built and sent by themselves, each period once."""


@schedule.command("list")
@data_option
@json_option
@product_option
def list_schedules(data: Path, as_json: bool, product: str) -> None:
    """List the schedules of a product."""
    rows = ask_once(data, "report-schedules", product=product)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = row["next_due"] if row["active"] else "paused"
        click.echo(f"{row['id']:>6}  {row['name']}  {row['cadence']}/{row['about']}  {state}")
    if not rows:
        click.echo("No schedule yet.")


@schedule.command()
@data_option
@json_option
@product_option
@click.argument("name")
@click.option("--kind", default="user-analysis", help="Which report.")
@click.option(
    "--when",
    "cadence",
    type=click.Choice(["weekly", "monthly", "first_working_day"]),
    default="first_working_day",
)
@click.option("--about", type=click.Choice(["week", "month", "quarter"]), default="month",
              help="The last whole one before the day it is due.")  # fmt: skip
@click.option("--weekday", type=click.IntRange(0, 6), default=0, help="For weekly; 0 is Monday.")
@click.option("--day", type=click.IntRange(1, 31), default=1, help="For monthly; 31 is the last.")
@click.option("--at", default="09:00", help="In the product's time zone.")
@click.option("--shift/--no-shift", default=True, help="On a day off, the next working day.")
@formats_option
@languages_option
@click.option("--attach/--link-only", default=True)
@click.option("--member", "members", multiple=True, help="Mail address of a member.")
@click.option("--mail", "addresses", multiple=True, help="An address outside.")
@click.option("--channel", "channels", multiple=True, help="Name of a notice channel.")
def add(data: Path, as_json: bool, product: str, name: str, **wanted: Any) -> None:
    """Make a schedule called NAME."""
    lists = ("members", "addresses", "channels")
    wanted |= {key: list(wanted[key]) for key in lists}
    made = ask_once(data, "report-schedule-add", product=product, name=name, **wanted)
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        click.echo(f"Schedule {made['id']}, next due {made['next_due']}")


@schedule.command()
@data_option
@json_option
@product_option
@click.argument("schedule_id", metavar="SCHEDULE", type=int)
@click.option("--dry-run", "dry", is_flag=True, help="Only say what the next run would do.")
def run(data: Path, as_json: bool, product: str, schedule_id: int, dry: bool) -> None:
    """Build and send the last whole period now; each period is sent once."""
    made = ask_once(data, "report-schedule-run", product=product, schedule=schedule_id, dry=dry)
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
    elif dry:
        for name, value in made.items():
            click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
    else:
        _show_run(made)


@schedule.command()
@data_option
@json_option
@product_option
@click.argument("schedule_id", metavar="SCHEDULE", type=int)
def log(data: Path, as_json: bool, product: str, schedule_id: int) -> None:
    """What was sent to whom, with the hashes of the files."""
    rows = ask_once(data, "report-schedule-log", product=product, schedule=schedule_id)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        _show_run(row)
    if not rows:
        click.echo("Nothing was sent yet.")


@schedule.command()
@data_option
@product_option
@click.argument("schedule_id", metavar="SCHEDULE", type=int)
@click.argument("do", type=click.Choice(["pause", "resume", "delete"]))
def change(data: Path, product: str, schedule_id: int, do: str) -> None:
    """Pause, resume or delete SCHEDULE."""
    made = ask_once(data, "report-schedule-change", product=product, schedule=schedule_id, do=do)
    done = {"pause": "paused", "resume": "on", "delete": "deleted"}[do]
    click.echo(f"{made['name']} is {done}.")


def _show_run(row: dict[str, Any]) -> None:
    click.echo(f"{row['period']}  {row['state']}  tries {row['tries']}")
    if row["error"]:
        click.echo(f"  {row['error']['en']}")
    for file in row["files"]:
        click.echo(f"  {file['sha256'][:12]}  {file['size']:>9}  {file['name']}")
    for sent in row["sent"]:
        click.echo(f"  {sent['state']:<8} {sent['to']}  {sent['at'] or ''}")
