"""`userops channel`: feedback channels listed, made, paused, tried; mails put aside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once
from userops.cli.options import data_option, json_option, product_option

KINDS = click.Choice(["form", "mail", "wecom", "dingtalk", "feishu"])
REASONS = click.Choice(["bounce", "automatic", "unreadable", "unknown"])
channel_argument = click.argument("channel", type=int)
mail_argument = click.argument("mail", type=int)


@click.group()
def command() -> None:
    """The doors by which users' words come in: forms, mailboxes, chat robots."""


@command.command("list")
@data_option
@json_option
@product_option
def list_(data: Path, as_json: bool, product: str) -> None:
    """All channels with their addresses; secrets are never shown."""
    for row in ask_once(data, "channels", product=product):
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


@command.command()
@data_option
@json_option
@product_option
@click.option(
    "--set", "given", multiple=True, metavar="NAME=VALUE", help="A setting; JSON, or text as it is."
)
@click.option(
    "--secrets",
    type=click.File(encoding="utf-8"),
    help="JSON object of secrets, from a file or - for the standard input.",
)
@click.argument("kind", type=KINDS)
@click.argument("name")
def create(
    data: Path,
    as_json: bool,
    product: str,
    kind: str,
    name: str,
    given: tuple[str, ...],
    secrets: Any,
) -> None:
    """Make a channel and tell its address."""
    settings = _settings(given, secrets)
    row = ask_once(data, "channel-create", product=product, kind=kind, name=name, settings=settings)
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


@command.command()
@data_option
@json_option
@product_option
@click.option("--name")
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="As of create.")
@click.option("--secrets", type=click.File(encoding="utf-8"), help="As of create.")
@click.option("--pause/--resume", "paused", default=None, help="Whether anything comes in by it.")
@channel_argument
def change(
    data: Path, as_json: bool, product: str, channel: int, name: str | None, given: tuple[str, ...],
    secrets: Any, paused: bool | None,
) -> None:  # fmt: skip
    """Rename, set, pause or resume."""
    wanted: dict[str, Any] = {"name": name, "active": None if paused is None else not paused}
    if given or secrets:
        wanted["settings"] = _settings(given, secrets)
    row = ask_once(data, "channel-change", product=product, channel=channel, **wanted)
    click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


@command.command()
@data_option
@product_option
@channel_argument
def test(data: Path, product: str, channel: int) -> None:
    """Open the mailbox, or show the robot's credentials to its platform."""
    found = ask_once(data, "channel-test", product=product, channel=channel)
    click.echo("ok" if found["tried"] else "nothing to try")


@command.command()
@data_option
@product_option
@channel_argument
@click.confirmation_option(prompt="Delete this channel? Its tickets stay.")
def delete(data: Path, product: str, channel: int) -> None:
    """Nothing comes in by it any more; its tickets stay."""
    ask_once(data, "channel-delete", product=product, channel=channel)


@command.command()
@data_option
@json_option
@product_option
@click.option("--reason", type=REASONS)
def aside(data: Path, as_json: bool, product: str, reason: str | None) -> None:
    """Mails that were put aside: bounces, automatic replies, what could not be read."""
    for row in ask_once(data, "aside-mails", product=product, reason=reason or ""):
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            made = f"#{row['ticket']}" if row["ticket"] else "-"
            click.echo(
                f"{row['id']:<6} {row['at'][:16]}  {row['reason']:<10} {made:<7} {row['sender']:<30} {row['subject']}"
            )


@command.command("aside-show")
@data_option
@product_option
@mail_argument
def aside_show(data: Path, product: str, mail: int) -> None:
    """One of them with its words, as JSON."""
    row = ask_once(data, "aside-mail", product=product, mail=mail)
    click.echo(json.dumps(row, ensure_ascii=False))


@command.command("aside-ticket")
@data_option
@product_option
@mail_argument
def aside_ticket(data: Path, product: str, mail: int) -> None:
    """Make it a ticket; nobody is told."""
    click.echo(f"#{ask_once(data, 'aside-ticket', product=product, mail=mail)['ticket']}")


@command.command("aside-delete")
@data_option
@product_option
@mail_argument
def aside_delete(data: Path, product: str, mail: int) -> None:
    """Delete it with its file; a ticket that was made of it stays."""
    ask_once(data, "aside-delete", product=product, mail=mail)


def _settings(given: tuple[str, ...], secrets: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.UsageError(f"--set reads like NAME=VALUE; got {each!r}.")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
        if not isinstance(found[name], str) and name.endswith(("_id", "_key", "_name")):
            found[name] = value
    if secrets is not None:
        try:
            sealed = json.load(secrets)
        except ValueError:
            raise click.UsageError("--secrets holds a JSON object.") from None
        if not isinstance(sealed, dict):
            raise click.UsageError("--secrets holds a JSON object.")
        found |= sealed
    return found


def _line(row: dict[str, Any]) -> str:
    state = "trouble" if row["problem"] else "open" if row["active"] else "paused"
    return f"{row['id']:<6} {row['kind']:<9} {state:<8} {row['name']:<24} {row['address']}"
