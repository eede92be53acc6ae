"""`userops understanding`: what was read in tickets, corrected, learned; how right the desk is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once, open_store, tell
from userops.cli.options import data_option, json_option, product_option
from userops.cli.watching import shown_here, watch

number_argument = click.argument("number", type=int)
_day = click.DateTime(["%Y-%m-%d"])


@click.group()
def command() -> None:
    """What the desk reads in tickets: language, sentiment, severity, category; corrected, learned from, measured."""


@command.command()
@data_option
@json_option
@product_option
def show(data: Path, as_json: bool, product: str) -> None:
    """How right suggestions are: on unseen tickets, by category, of keywords, and how often members agreed."""
    found = ask_once(data, "understanding", product=product)
    tell(found, as_json, _accuracy(found))


@command.command()
@data_option
@json_option
@product_option
@click.option("--again", is_flag=True, help="Read it anew first.")
@number_argument
def ticket(data: Path, as_json: bool, product: str, number: int, again: bool) -> None:
    """What was read in a ticket, and what members decided."""
    found = ask_once(data, "understanding-reading", product=product, ticket=number, again=again)
    tell(found, as_json, _reading(found))


@command.command()
@data_option
@json_option
@product_option
@click.option("--category", help="Its path, such as “支付 / 退款”, or its key.")
@click.option("--sentiment", type=click.Choice(["negative", "neutral", "positive"]))
@click.option("--severity", type=click.Choice(["urgent", "high", "normal", "low"]))
@click.option("--complaint/--no-complaint", default=None, help="Whether it is a complaint.")
@number_argument
def correct(data: Path, as_json: bool, product: str, number: int, **given: Any) -> None:
    """Correct or confirm what was read; the desk learns from it."""
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted:
        raise click.UsageError("correct needs --category, --sentiment, --severity or --complaint.")
    found = ask_once(data, "understanding-correct", product=product, ticket=number, **wanted)
    tell(found, as_json, _reading(found))


@command.command()
@data_option
@json_option
@product_option
def learn(data: Path, as_json: bool, product: str) -> None:
    """Learn from all that members decided: in the background where a server runs, else now."""
    found = ask_once(data, "understanding-learn", product=product)
    tell(found, as_json, _accuracy(found))


@command.command()
@data_option
@json_option
@product_option
@click.option("--first", type=_day, help="Opened from this day on.")
@click.option("--last", type=_day, help="Opened until this day.")
def read(
    data: Path, as_json: bool, product: str, first: datetime | None, last: datetime | None
) -> None:
    """Read the tickets of a period anew, or all; Ctrl-C cancels, and what was read stays."""
    days = {"first": _iso(first), "last": _iso(last)}
    with open_store(data) as ask:
        with shown_here(quiet=as_json):
            key = ask("understanding-read", product=product, **days)["id"]
        found = watch(
            lambda: ask("understanding-run", product=product, run=key),
            lambda: ask("understanding-run", product=product, run=key, cancel=True),
            lambda run: run["done"] / run["total"] if run["total"] else 1.0,
            quiet=as_json,
        )
    tell(found, as_json, iter([f"{found['state']}: {found['done']:,} of {found['total']:,}"]))


@command.command()
@data_option
@json_option
@product_option
def cancel(data: Path, as_json: bool, product: str) -> None:
    """Cancel the reading of a period that is going on."""
    found = ask_once(data, "understanding-run", product=product, cancel=True)
    if found is None:
        raise click.UsageError("There is none.")
    tell(found, as_json, iter([f"{found['state']}: {found['done']:,} of {found['total']:,}"]))


def _iso(day: datetime | None) -> str | None:
    return day.date().isoformat() if day else None


def _accuracy(found: dict[str, Any]) -> Iterator[str]:
    decided = f"{found['lessons']:,} tickets decided by members"
    yield f"in use: {found['in_use']}; {decided}, {found['since_learned']:,} since it learned"
    for name in ("category", "sentiment"):
        if model := found[name]:
            yield (
                f"{name}: {model['accuracy']:.3f} ({model['right']:,}/{model['texts']:,} different texts, "
                f"95% {model['low']:.3f}-{model['high']:.3f}) on unseen tickets"
            )
    for each in found["agreed"]:
        share = f"{each['agreed']:,}/{each['decided']:,}"
        yield f"members agreed with {each['method']}: {share} (95% {each['low']:.3f}-{each['high']:.3f})"
    if found["problem"]:
        yield str(found["problem"]["en"])


def _reading(found: dict[str, Any]) -> Iterator[str]:
    yield f"#{found['ticket']}  {found['feeling']} ({found['score']:+.2f})  {found['severity']}  {found['intent']}"
    if found["category"]:
        chance = f" {found['chance']:.0%}" if found["chance"] is not None else ""
        yield f"suggested: {found['category']}{chance} ({found['method']})"
    if found["keywords"]:
        yield "keywords: " + ", ".join(found["keywords"])
    for each in found["decided"]:
        yield f"decided: {each['target']} {each['label']} (suggested: {each['suggested'] or '-'})"
