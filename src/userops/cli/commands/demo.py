"""`userops demo`: a workspace with a demo company in it, served."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from userops.cli.options import data_option, setup
from userops.words import Words


@click.command()
@data_option
@click.option("--seed", type=int, help="Which company (default: 1).")
@click.option(
    "--events",
    type=click.IntRange(5_000, 10_000_000),
    help="About how many, up to 10 million (default: 1,000,000).",
)
@click.option("--host", help="Address to listen on (default: the setting, 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (default: the setting, 8000).")
@click.option("--no-serve", is_flag=True, help="Make the data, then stop.")
def command(
    data: Path,
    seed: int | None,
    events: int | None,
    host: str | None,
    port: int | None,
    no_serve: bool,
) -> None:
    """Start with a demo company in it: 60 days of a Chinese shopping app, about 1 M events.

    The company is simulated once; later starts use it again. What was planted in it is written to
    demo-truth.json in the data folder.
    """
    click.echo(f"UserOps demo · {data}", err=True)
    setup()
    from userops.demo.load import last_whole_day
    from userops.demo.opening import open_demo
    from userops.events.store import close_current, current

    opened = open_demo(current(), seed, events, progress=_show)
    took = f" in {opened.seconds:.0f} s" if opened.fresh else " (already there)"
    click.echo(f"\r\033[KDemo company ready{took}.", err=True)
    if opened.end < last_whole_day(datetime.now(UTC)):
        click.echo(
            f"Its data end on {opened.end}, so the days since then are empty."
            " For a company up to yesterday, name another folder with --data.",
            err=True,
        )
    if no_serve:
        close_current()
        click.echo(opened.login)
        return
    from userops.cli.commands.serve import run

    run(host, port, note=opened.login)


def _show(what: Words, done: int, total: int) -> None:
    """One line that is written over on a terminal, and a line each in a log."""
    share = f" {done / total:4.0%}" if done else ""
    end = "" if sys.stderr.isatty() else "\n"
    start = "\r\033[K" if not end else ""
    click.echo(f"{start}{what.zh} · {what.en}{share}{end}", err=True, nl=False)
