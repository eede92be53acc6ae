"""`userops segment`: which users a rule means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option, product_option
from userops.cli.tables import side_by_side

ACTIONS = ("list", "show", "create", "count", "refresh", "export", "compare", "overlap")
BESIDE = {"compare": (1, 2), "overlap": (2, 6)}
"""Segments that they take, at least and at most."""
DATED = ("show", "count", "export")
"""What can be asked of a past day."""


@click.command()
@data_option
@json_option
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("what", nargs=-1)
@product_option
@click.option("--name", default="", help="Name of the segment that is made.")
@click.option("--frozen", is_flag=True, help="It keeps the users it has now.")
@click.option("--quick", is_flag=True, help="Estimate where count would read many events.")
@click.option(
    "--day", default="", help="As of the end of this past day (show, count, export): 2026-01-31."
)
@click.option("--days", default=30, show_default=True, help="Of whose behaviour compare speaks.")
@click.option("--out", type=click.Path(path_type=Path), help="File to write the users to.")
def command(
    data: Path,
    as_json: bool,
    action: str,
    what: tuple[str, ...],
    product: str,
    name: str,
    frozen: bool,
    quick: bool,
    day: str,
    days: int,
    out: Path | None,
) -> None:
    """Segments of a product. WHAT is the name or number of one (show, refresh, export), of one or two (compare:
    with the other, or with everyone else), of two to six (overlap), or a file with a definition, - for standard
    input (create, count)."""
    from userops.cli.asking import open_store

    given: dict[str, Any] = {"product": product}
    if action in ("create", "count"):
        given["document"] = _read(what)
    elif action in BESIDE:
        given["segments"] = _some(what, *BESIDE[action])
    elif action != "list":
        given["segment"] = _needed(what)
    if day:
        given["day"] = _past(action, day)
    if action == "compare":
        given |= {"days": days, "worded": not as_json}
    if action == "count":
        given["quick"] = quick
    if action == "create":
        given |= {"name": name, "frozen": frozen}
    errand = {"list": "segments", "show": "segment"}.get(action, f"segment-{action}")
    with open_store(data) as ask:
        found = ask(errand, **given)
    if out is not None and action == "export":
        out.write_text(found, encoding="utf-8-sig")
        return
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else _shown(action, found))


def _past(action: str, day: str) -> str:
    if action not in DATED:
        raise click.UsageError(f"--day goes with {', '.join(DATED)}.")
    return day


def _some(what: tuple[str, ...], least: int, most: int) -> list[str]:
    if not least <= len(what) <= most:
        raise click.UsageError(f"Name {least} to {most} segments.")
    return list(what)


def _read(what: tuple[str, ...]) -> Any:
    with click.open_file(_needed(what), encoding="utf-8") as file:
        try:
            return json.load(file)
        except ValueError:
            raise click.UsageError("The definition must be JSON.") from None


def _needed(what: tuple[str, ...]) -> str:
    if len(what) != 1 or not what[0]:
        raise click.UsageError("Say which segment, or which file.")
    return what[0]


def _shown(action: str, found: Any) -> str:
    if action == "list":
        return "\n".join(_line(row) for row in found) or "No segment yet."
    if action == "export":
        return str(found).rstrip()
    if action == "count":
        return _counted(found)
    if action in BESIDE:
        return _compared(found) if action == "compare" else _overlap(found)
    lines = [_line(found)]
    if action == "show":
        lines += [found["definition"]["zh"], found["definition"]["en"]]
        lines += [f"{each['day']}  {each['size']:,}" for each in found["sizes"][-14:]]
        lines += _dated(found["then"]) if "then" in found else []
    return "\n".join(lines)


def _counted(found: dict[str, Any]) -> str:
    told = f"{found['size']:,} of {found['everyone']:,} users ({_share(found)})"
    if found["interval"] is not None:
        low, high = found["interval"]
        told = f"about {told}; between {low:,} and {high:,} (95%), by {found['asked']:,} users"
    return (
        told if found["past"] is None else f"{told}\n{found['past']['zh']}\n{found['past']['en']}"
    )


def _dated(then: dict[str, Any]) -> list[str]:
    told = f"{then['size']:,} of {then['everyone']:,} users ({_share(then)})"
    return ["", f"At the end of {then['day']}: {told}", then["past"]["zh"], then["past"]["en"]]


def _compared(found: dict[str, Any]) -> str:
    first, second = (words["en"] for words in found["names"])
    users = "{:,} / {:,}".format(*found["users"])
    head = f"{first} / {second}: {users} users, {found['telling']} of {found['compared']} traits are telling"
    rows = [[_cell(cell) for cell in row] for row in found["traits"][:20]]
    table = side_by_side(found["columns"], rows)
    return "\n".join([head, "", table, "", found["definition"]["en"]])


def _cell(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else "–" if value is None else str(value)


def _overlap(found: dict[str, Any]) -> str:
    lines = [f"{each['users']:>10,}  {each['name']}" for each in found["segments"]]
    lines += [f"{found['union']:>10,}  in any of them", ""]
    lines += [f"{each['users']:>10,}  {' ∩ '.join(each['in'])}" for each in found["parts"]]
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    size = "–" if row["size"] is None else f"{row['size']:,}"
    state = "frozen" if row["frozen"] else "dynamic"
    wrong = f"  {row['problem']['en']}" if row["problem"] else ""
    return f"{row['id']:>6}  {size:>10}  {_share(row):>6}  {state:<8} {row['name']}{wrong}"


def _share(row: dict[str, Any]) -> str:
    return "–" if row["share"] is None else f"{row['share']:.1%}"
