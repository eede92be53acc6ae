"""`userops report`: build a report with its files, list, show, issue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.commands.report_schedule import schedule
from userops.cli.options import (
    data_option,
    formats_option,
    json_option,
    languages_option,
    product_option,
)


@click.group()
def command() -> None:
    """Reports: frozen figures with sentences that quote them.

    When a server owns the data folder, it is asked; otherwise the folder is opened.
    """


def _settings(
    _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.BadParameter(f"expected name=value, got {each!r}")
        found[name] = value.split(",") if name == "funnel" else value
    return found


@command.command()
@data_option
@json_option
@click.argument("kind")
@product_option
@click.option(
    "--period", required=True, help="2026-09, 2026-W38, 2026-Q3, 2026 or 2026-09-01..2026-09-30."
)
@formats_option
@languages_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="The folder."
)
@click.option(
    "--set", "settings", multiple=True, callback=_settings,
    help="purchase=order_paid, amount=total or funnel=a,b,c, given once for each: in place of what the catalogue "
    "suggests.",
)  # fmt: skip
def build(
    data: Path, as_json: bool, kind: str, product: str, period: str, formats: list[str],
    languages: list[str], out: Path, settings: dict[str, Any],
) -> None:  # fmt: skip
    """Build the report KIND (such as user-analysis) and write its files."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        made = ask(
            "report-build", product=product, kind=kind, period=period, formats=formats,
            languages=languages, out=str(out.absolute()), settings=settings,
        )  # fmt: skip
    if as_json:
        click.echo(json.dumps(made, ensure_ascii=False))
        return
    click.echo(f"Report {made['id']}, {made['figures']} figures, snapshot {made['snapshot']}")
    for each in made["left_out"]:
        click.echo(f"  without {each['figure']}: {each['en']}")
    for file in made["files"]:
        click.echo(file)


@command.command("list")
@data_option
@json_option
@product_option
def list_reports(data: Path, as_json: bool, product: str) -> None:
    """List the reports of a product."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        rows = ask("reports", product=product)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        days = f"{row['from']}..{row['to']}"
        click.echo(f"{row['id']:>6}  {row['kind']:<16} {days}  v{row['version']} {row['status']}")
    if not rows:
        click.echo("No report yet.")


@command.command()
@data_option
@json_option
@click.argument("report", type=int)
@product_option
@click.option("--version", type=int, help="Default: the newest.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh")
def show(
    data: Path, as_json: bool, report: int, product: str, version: int | None, language: str
) -> None:
    """Show the sentences of a report, and what the linter says."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        found = ask("report", product=product, report=report, version=version)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"{found['title'][language]}  {found['from']}..{found['to']}  {found['status']}")
    for sentence in found["sentences"]:
        click.echo(f"[{sentence['chapter']}] {sentence[language]}")
    for message in found["lint"]:
        click.echo(f"{message['level']}: {message['on']}: {message[language]}")


@command.command()
@data_option
@click.argument("report", type=int)
@product_option
def issue(data: Path, report: int, product: str) -> None:
    """Issue the newest version: from then on it is read-only. Refused while the linter blocks it."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        found = ask("report-issue", product=product, report=report)
    click.echo(f"Report {found['id']} v{found['version']} is issued: {found['snapshot']}")


command.add_command(schedule)
