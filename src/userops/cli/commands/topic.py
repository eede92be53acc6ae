"""`userops topic`: topics of tickets listed, shown, found anew, named, merged, dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from userops.cli.asking import ask_once, open_store, tell
from userops.cli.options import data_option, json_option, product_option
from userops.cli.watching import watch

topic_argument = click.argument("topic", type=int)


@click.group()
def command() -> None:
    """Topics of tickets: listed with quality, trend and burst; found anew; named, merged, dismissed."""


@command.command("list")
@data_option
@json_option
@product_option
def list_(data: Path, as_json: bool, product: str) -> None:
    """All topics, those with most tickets first."""
    found = ask_once(data, "topics", product=product)
    tell(found, as_json, map(_line, found["items"]))


@command.command()
@data_option
@json_option
@product_option
@click.option("--limit", type=click.IntRange(1, 100_000), default=20, show_default=True)
@topic_argument
def show(data: Path, as_json: bool, product: str, topic: int, limit: int) -> None:
    """One topic with its quotes and its tickets, those nearest to its middle first."""
    found = ask_once(data, "topic", product=product, topic=topic, limit=limit)
    tell(found, as_json, _whole(found))


@command.command()
@data_option
@json_option
@product_option
@click.option("--days", type=int, default=90, show_default=True, help="Days looked at, 7 to 730.")
@click.option("--count", type=int, help="How many, 2 to 60. Default: found out.")
def grow(data: Path, as_json: bool, product: str, days: int, count: int | None) -> None:
    """Find topics anew; Ctrl-C cancels, and the topics stay as they were."""
    with open_store(data) as ask:
        ask("topics-grow", product=product, days=days, count=count)
        found = watch(
            lambda: ask("topics-growing", product=product),
            lambda: ask("topics-growing", product=product, cancel=True),
            lambda state: float(state["share"]),
            quiet=as_json,
        )
        listed = ask("topics", product=product)
    if found["problem"] and not as_json:
        click.echo(found["problem"]["en"], err=True)
    tell(listed, as_json, map(_line, listed["items"]))


@command.command()
@data_option
@json_option
@product_option
@topic_argument
@click.argument("name")
def rename(data: Path, as_json: bool, product: str, topic: int, name: str) -> None:
    """Give it a name of your own, which stays."""
    _change(data, as_json, product, topic, name=name)


@command.command()
@data_option
@json_option
@product_option
@topic_argument
@click.argument("into", type=int)
def merge(data: Path, as_json: bool, product: str, topic: int, into: int) -> None:
    """The tickets of TOPIC are those of INTO from now on."""
    _change(data, as_json, product, topic, into=into)


@command.command()
@data_option
@json_option
@product_option
@topic_argument
def separate(data: Path, as_json: bool, product: str, topic: int) -> None:
    """A merged topic stands for itself again."""
    _change(data, as_json, product, topic, separate=True)


@command.command()
@data_option
@json_option
@product_option
@click.option("--undo", is_flag=True, help="It is a topic after all.")
@topic_argument
def dismiss(data: Path, as_json: bool, product: str, topic: int, undo: bool) -> None:
    """It is no topic: neither listed nor alarmed any more."""
    _change(data, as_json, product, topic, dismissed=not undo)


def _change(data: Path, as_json: bool, product: str, topic: int, **wanted: Any) -> None:
    found = ask_once(data, "topic-change", product=product, topic=topic, **wanted)
    tell(found, as_json, iter([f"{found['id']}  {found['name']}"]))


def _line(row: dict[str, Any]) -> str:
    marks = " new" * row["is_new"] + " burst" * row["burst"]["alarm"]
    return f"{row['id']:>6} {row['tickets']:>7,} {row['stability']:.2f}  {row['name']}{marks}"


def _whole(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['id']}  {found['name']}  {found['total']:,} tickets"
    yield ", ".join(found["terms"])
    for each in found["quotes"]:
        yield f"  “{each['text']}”"
    for each in found["members"]:
        yield f"#{each['ticket']:<7} {each['near']:.2f} {each['status']:<12} {each['subject']}"
