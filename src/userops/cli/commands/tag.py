"""`userops tag`: tags, put on people and taken off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option

ACTIONS = ("list", "create", "personal", "put", "take", "import", "refresh", "delete", "history")
_NEEDS = {
    "create": ("name",),
    "personal": ("name",),
    "put": ("name", "user"),
    "take": ("name", "user"),
    "import": ("name", "file"),
    "refresh": ("name",),
    "delete": ("name",),
    "history": ("name",),
}


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(ACTIONS))
@product_option
@click.option("--name", default="", help="Name of the tag.")
@click.option(
    "--kind",
    type=click.Choice(["manual", "rule", "computed", "imported"]),
    default="manual",
    help="Of a new tag.",
)
@click.option(
    "--value",
    "values",
    multiple=True,
    help="A value of a new tag, repeatable; the value to put on.",
)
@click.option("--description", default="", help="What a new tag means.")
@click.option("--definition", default="{}", help="Of a new rule or computed tag, as JSON.")
@click.option(
    "--personal/--not-personal",
    default=None,
    help="Its values say who somebody is; for create and personal.",
)
@click.option("--user", default="", help="An id of the user.")
@click.option("--file", default="", help="CSV, Excel, JSONL or Parquet with columns id and value.")
@click.option("--replace", is_flag=True, help="Whoever is not in the file loses the tag.")
def command(data: Path, as_json: bool, action: str, product: str, **given: Any) -> None:
    """List tags, make one, say if it is personal, put it on or take it off, import, refresh, delete, show history."""
    from userops.cli.asking import open_store

    lacking = [name for name in _NEEDS.get(action, ()) if not given[name]]
    if lacking:
        raise click.UsageError(f"{action} needs --{lacking[0]}.")
    with open_store(data) as ask:
        found = ask(*_errand(action), product=product, **_arguments(action, given))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        _show(action, found)


def _errand(action: str) -> tuple[str]:
    return ("tags" if action == "list" else f"tag-{action}",)


def _arguments(action: str, given: dict[str, Any]) -> dict[str, Any]:
    if action == "list":
        return {}
    if action == "create":
        try:
            definition = json.loads(given["definition"])
        except ValueError as wrong:
            raise click.UsageError(f"--definition is not JSON: {wrong}") from None
        kept = {name: given[name] for name in ("name", "kind", "description", "personal")}
        return {**kept, "values": list(given["values"]), "definition": definition}
    found: dict[str, Any] = {"tag": given["name"]}
    if action == "personal":
        found["personal"] = given["personal"] is not False
    if action in ("put", "take"):
        found["user"] = given["user"]
    if action == "put":
        found["value"] = given["values"][0] if given["values"] else ""
    if action == "import":
        found |= {"path": str(Path(given["file"]).absolute()), "replace": given["replace"]}
    return found


def _show(action: str, found: Any) -> None:
    if action == "history":
        for row in found:
            who = row["who"] or "schedule"
            click.echo(
                f"{row['at']}  {who:<28} {row['action']:<10} {row['people']:>8,}  {row['value']}"
            )
        return
    if action == "import":
        click.echo(f"{found['rows']:,} rows, {found['people']:,} people")
        for code, count in sorted(found["refused"].items()):
            click.echo(f"  refused: {code} {count:,}")
        return
    for row in found if isinstance(found, list) else [found] if found else []:
        coverage = f"{row['people'] / row['everyone']:.1%}" if row["everyone"] else "–"
        click.echo(
            f"{row['id']:>6}  {row['kind']:<9} {row['name']:<24} {row['people']:>9,}  {coverage}"
            + ("  personal" if row["personal"] else "")
        )
