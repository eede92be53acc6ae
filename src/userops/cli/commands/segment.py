"""`userops segment`: which users a rule means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option

ACTIONS = ("list", "show", "create", "count", "refresh", "export")


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("what", default="")
@click.option("--product", required=True, help="Short name of the product.")
@click.option("--name", default="", help="Name of the segment that is made.")
@click.option("--frozen", is_flag=True, help="It keeps the users it has now.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write the users to.")
def command(
    data: Path,
    as_json: bool,
    action: str,
    what: str,
    product: str,
    name: str,
    frozen: bool,
    out: Path | None,
) -> None:
    """Segments of a product. WHAT is the name or number of one (show, refresh, export), or a file with its
    definition, - for standard input (create, count)."""
    from userops.cli.asking import open_store

    given: dict[str, Any] = {"product": product}
    if action in ("create", "count"):
        given["document"] = _read(what)
    elif action != "list":
        given["segment"] = _needed(what)
    if action == "create":
        given |= {"name": name, "frozen": frozen}
    errand = {"list": "segments", "show": "segment"}.get(action, f"segment-{action}")
    with open_store(data) as ask:
        found = ask(errand, **given)
    if out is not None and action == "export":
        out.write_text(found, encoding="utf-8-sig")
        return
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else _shown(action, found))


def _read(what: str) -> Any:
    with click.open_file(_needed(what), encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError:
            raise click.UsageError("The definition must be JSON.") from None


def _needed(what: str) -> str:
    if not what:
        raise click.UsageError("Say which segment, or which file.")
    return what


def _shown(action: str, found: Any) -> str:
    if action == "list":
        return "\n".join(_line(row) for row in found) or "No segment yet."
    if action == "export":
        return str(found).rstrip()
    if action == "count":
        return f"{found['size']:,} of {found['everyone']:,} users ({_share(found)})"
    lines = [_line(found)]
    if action == "show":
        lines += [found["definition"]["zh"], found["definition"]["en"]]
        lines += [f"{each['day']}  {each['size']:,}" for each in found["sizes"][-14:]]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    size = "–" if row["size"] is None else f"{row['size']:,}"
    state = "frozen" if row["frozen"] else "dynamic"
    wrong = f"  {row['problem']['en']}" if row["problem"] else ""
    return f"{row['id']:>6}  {size:>10}  {_share(row):>6}  {state:<8} {row['name']}{wrong}"


def _share(row: dict[str, Any]) -> str:
    return "–" if row["share"] is None else f"{row['share']:.1%}"
