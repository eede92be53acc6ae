"""`userops pain-point`: what hurts users, ranked; one of them; computing; a new one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from userops.cli.asking import ask_once
from userops.cli.options import data_option, json_option, product_option


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "show", "compute", "create"]))
@product_option
@click.option("--number", type=int, help="The pain point; compute without one computes all.")
@click.option("--title", default="", help="Of a new one.")
@click.option("--title-en", default="", help="The same in English.")
@click.option("--event", default="", help="Whoever does this event is hit.")
@click.option("--among", default="", help="Compared with others who did this event on that day.")
@click.option("--topic", type=int, help="Number of the topic that it is about.")
@click.option("--category", type=int, help="Number of the category whose tickets are its own.")
@click.option("--document", default="", help="The definition as JSON, instead of --event.")
def command(data: Any, as_json: bool, action: str, product: str, **options: Any) -> None:
    """Rank pain points, show one with its figures, compute, or make one."""
    errand, arguments = _ERRANDS[action](options)
    found = ask_once(data, errand, **arguments, product=product)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    elif action in ("list", "compute"):
        _list(found)
    else:
        _show(found)


def _listed(_options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "pain-points", {}


def _shown(options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if options["number"] is None:
        raise click.UsageError("--number is needed")
    return "pain-point", {"number": options["number"]}


def _computed(options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "pain-point-compute", {"number": options["number"]}


def _created(options: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if not options["title"]:
        raise click.UsageError("--title is needed")
    wanted = {name: options[name] for name in ("title", "title_en", "topic", "category")}
    return "pain-point-create", {**wanted, "document": _document(options)}


def _document(options: dict[str, Any]) -> dict[str, Any]:
    if options["document"]:
        try:
            found: dict[str, Any] = json.loads(options["document"])
        except ValueError as wrong:
            raise click.UsageError(f"--document is not JSON: {wrong}") from None
        return found
    if not options["event"]:
        return {}
    evidence: dict[str, Any] = {"kind": "event", "step": {"event": options["event"]}}
    if options["among"]:
        evidence["among"] = {"event": options["among"]}
    return {"evidence": evidence}


_ERRANDS: dict[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]] = {
    "list": _listed, "show": _shown, "compute": _computed, "create": _created,
}  # fmt: skip


def _list(found: list[dict[str, Any]]) -> None:
    for row in found:
        score = "–" if row["score"] is None else f"{row['score']:.2f}"
        click.echo(
            f"P{row['number']:<4} {score:>6}  {row['status']:<10} {row['verdict']:<8} {row['title']}"
        )
    if not found:
        click.echo("No pain point yet.")


def _show(row: dict[str, Any]) -> None:
    click.echo(f"P{row['number']} {row['title']}: {row['status']}, {row['verdict']}")
    click.echo(f"  {row['definition']['en']}")
    if row["run"] is None:
        click.echo("  Not computed yet.")
        return
    terms = row["terms"]
    product = " × ".join(f"{name} {value:.2f}" for name, value in terms.items())
    click.echo(f"  score {row['score']:.2f} = {product}")
    figures = row["run"]["figures"]
    if figures["hit"] is not None:
        click.echo(f"  hit: {figures['hit']['users']} of {figures['hit']['active']} active users")
    click.echo(f"  complained: {figures['tickets']['speakers']}")
    for name, side in figures["impact"].items():
        for outcome in side["outcomes"] if side else []:
            low = "–" if outcome["low"] is None else f"{outcome['low']:.3f}"
            high = "–" if outcome["high"] is None else f"{outcome['high']:.3f}"
            click.echo(f"  {name} {outcome['name']}: {outcome['value']:+.3f} ({low} – {high})")
    click.echo(f"  {row['run']['comparison']['en']}")
