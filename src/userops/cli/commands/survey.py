"""`userops survey`: what was asked, what was answered, answers from a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(["list", "results", "import", "undo", "facts"]))
@product_option
@click.option("--id", "number", type=int, help="The survey.")
@click.option(
    "--by", "convention", default="", help="Convention: rescaled, of_highest, top or mean."
)
@click.option(
    "--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV or Excel."
)
@click.option(
    "--answer", "answers", multiple=True, metavar="QUESTION=COLUMN", help="Which column answers."
)
@click.option("--user", default="", help="Column of the user's id.")
@click.option("--day", default="", help="Column of the day of the answer.")
@click.option("--carry", "carried", multiple=True, help="Column to keep with each answer.")
@click.option("--import", "run", type=int, help="Of undo: the number of the import.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be taken.")
def command(data: Path, as_json: bool, action: str, product: str, **options: Any) -> None:
    """List surveys, show the results of one, import answers from a file, take an import back, or compute the
    facts $nps, $csat and $ces of users now."""
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        found = ask(*_errand(action), **_arguments(action, options), product=product)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        _SHOWN[action](found)


def _errand(action: str) -> tuple[str]:
    names = {
        "list": "surveys",
        "results": "survey-results",
        "import": "survey-import",
        "undo": "survey-undo",
        "facts": "survey-facts",
    }
    return (names[action],)


def _arguments(action: str, options: dict[str, Any]) -> dict[str, Any]:
    if action in ("list", "facts"):
        return {}
    if options["number"] is None:
        raise click.UsageError("--id is needed")
    if action == "results":
        return {"survey": options["number"], "convention": options["convention"]}
    if action == "undo":
        if options["run"] is None:
            raise click.UsageError("--import is needed")
        return {"survey": options["number"], "run": options["run"]}
    if options["file"] is None or not options["answers"]:
        raise click.UsageError("--file and --answer are needed")
    answers = dict(_pair(each) for each in options["answers"])
    return {
        "survey": options["number"], "file": str(options["file"].resolve()), "answers": answers,
        "user": options["user"], "day": options["day"], "carried": list(options["carried"]),
        "dry_run": options["dry_run"],
    }  # fmt: skip


def _pair(text: str) -> tuple[str, str]:
    question, mark, column = text.partition("=")
    if not mark or not question or not column:
        raise click.UsageError(f"--answer is QUESTION=COLUMN, got {text!r}")
    return question, column


def _list(found: list[dict[str, Any]]) -> None:
    for row in found:
        version = f"v{row['version']}" if row["version"] else "–"
        click.echo(f"{row['id']:>6}  {row['state']:<8} {version:<4} {row['name']}")
    if not found:
        click.echo("No survey yet.")


def _results(found: dict[str, Any]) -> None:
    click.echo(f"{found['name']}: {found['responses']} responses, {found['complete']} complete")
    for rate in found["rates"]:
        share = "–" if rate["share"] is None else f"{rate['share']:.1%}"
        click.echo(f"  {rate['name']['en']}: {share} ({rate['hits']} / {rate['total']})")
    for score in found["scores"]:
        low, high = score["interval"] or (None, None)
        interval = "" if low is None else f" ({low:.1f} – {high:.1f})"
        value = "–" if score["value"] is None else f"{score['value']:.1f}"
        click.echo(f"  {score['question']}: {value}{interval}, n = {score['answered']}")
        click.echo(f"    {score['formula']['en']}")


def _taken(found: dict[str, Any]) -> None:
    told = ("rows", "taken", "empty", "copies", "refused", "unknown_users", "encoding", "repaired")
    number = f"import {found['import']}  " if "import" in found else ""
    click.echo(number + "  ".join(f"{name} {found[name]}" for name in told))
    for each in found["reasons"]:
        click.echo(f"  row {each['row']}: {each['en']}")


def _undone(found: dict[str, int]) -> None:
    click.echo(f"{found['undone']} responses are taken back.")


def _facts(found: dict[str, int]) -> None:
    click.echo("  ".join(f"${kind}: {count} users" for kind, count in found.items()))


_SHOWN: dict[str, Callable[[Any], None]] = {
    "list": _list,
    "results": _results,
    "import": _taken,
    "undo": _undone,
    "facts": _facts,
}
