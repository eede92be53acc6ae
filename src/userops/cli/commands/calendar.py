"""`userops calendar`: working calendars, their own days, and due times."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once
from userops.cli.options import data_option, json_option, product_option

calendar_option = click.option(
    "--calendar", default="", help="Its name; without it, the standard one."
)


@click.group()
def command() -> None:
    """Working calendars: hours, holidays with make-up days, own days, due times."""


@command.command("list")
@data_option
@json_option
@product_option
def list_calendars(data: Path, as_json: bool, product: str) -> None:
    """List the calendars of a product."""
    rows = ask_once(data, "calendars", product=product)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        mark = "*" if row["standard"] else " "
        click.echo(f"{mark} {row['name']}  {row['timezone']}  {' | '.join(row['week'])}")
        for year in row["unpublished_years"]:
            click.echo(f"    The holidays of {year} are not published: weekly hours stand in.")
    if not rows:
        click.echo("No calendar yet: Monday to Friday 09:00-18:00 with public holidays counts.")


@command.command()
@data_option
@product_option
@click.argument("name")
@click.option("--timezone", default="", help="Without it, the product's.")
@click.option("--hours", default="09:00-18:00", help="Of Monday to Friday.")
@click.option("--weekend", default="off", help="Hours of Saturday and Sunday.")
@click.option("--make-up", default="", help="Hours of a make-up workday; as Monday's without it.")
@click.option("--holidays", type=click.Choice(["CN", "none"]), default="CN")
def add(
    data: Path, product: str, name: str, timezone: str, hours: str, weekend: str, make_up: str,
    holidays: str,
) -> None:  # fmt: skip
    """Make a calendar called NAME."""
    week, region = [hours] * 5 + [weekend] * 2, "" if holidays == "none" else holidays
    made = ask_once(
        data, "calendar-add", product=product, name=name, timezone=timezone, week=week,
        make_up=make_up or hours, region=region,
    )  # fmt: skip
    click.echo(f"Calendar {made['name']}: {' | '.join(made['week'])}")


@command.command()
@data_option
@product_option
@calendar_option
@click.option("--year", type=int, help="The published days of this year, to begin a table with.")
def table(data: Path, product: str, calendar: str, year: int | None) -> None:
    """The own days as CSV (day,hours,note)."""
    text = ask_once(data, "calendar-table", product=product, calendar=calendar, year=year)
    click.echo(text, nl=False)


@command.command("import")
@data_option
@product_option
@calendar_option
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option("--replace", is_flag=True, help="Remove days that are not in the table.")
def take(data: Path, product: str, calendar: str, file: Any, replace: bool) -> None:
    """Take a table of own days; rows that cannot be read are told and not taken."""
    found = ask_once(
        data, "calendar-take", product=product, calendar=calendar, text=file.read(), replace=replace
    )
    click.echo(f"{found['taken']} days taken.")
    for each in found["problems"]:
        click.echo(f"  row {each['row']}: {each['en']}", err=True)


@command.command("day")
@data_option
@product_option
@calendar_option
@click.argument("day")
@click.argument("hours", required=False)
@click.option("--note", default="", help="The occasion.")
def set_day(
    data: Path, product: str, calendar: str, day: str, hours: str | None, note: str
) -> None:
    """Say how DAY is: its HOURS (`09:00-12:00 13:30-18:00`, `off`); without them, as published."""
    given = {"day": day, "hours": hours, "note": note}
    ask_once(data, "calendar-day", product=product, calendar=calendar, **given)
    click.echo(f"{day}: {hours or 'as published'}")


@command.command()
@data_option
@json_option
@product_option
@calendar_option
@click.argument("start")
@click.argument("minutes", type=float)
def due(data: Path, as_json: bool, product: str, calendar: str, start: str, minutes: float) -> None:
    """When so many working MINUTES have passed since START (local time of the calendar), and why."""
    found = ask_once(
        data, "calendar-due", product=product, calendar=calendar, start=start, minutes=minutes
    )
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for line in found["days"]:
        why = line["occasion"]["en"] if line["occasion"] else line["source"]
        click.echo(f"{line['day']}  {line['counted']:>7.1f}  {line['left']:>8.1f}  {why}")
    click.echo(f"Due {found['local']}")
    for year in found["supposed_years"]:
        click.echo(f"The holidays of {year} are not published: this time is only supposed.")
