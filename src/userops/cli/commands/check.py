"""`userops check`: is everything in order?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from userops.cli.options import data_option, json_option


@click.command()
@data_option
@click.option("--rollups", is_flag=True, help="Count every day of the daily rollups again.")
@click.option("--repair", is_flag=True, help="With --rollups: build anew what is wrong or missing.")
@json_option
def command(data: Path, rollups: bool, repair: bool, as_json: bool) -> None:
    """Check settings, schema versions, batches, and that the two databases agree.

    A running server checks its folder itself. Exit code 1 when something is wrong.
    """
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        findings = ask("check")
        if rollups or repair:
            findings += ask("check-rollups", repair=repair)
    if as_json:
        click.echo(json.dumps(findings, ensure_ascii=False))
    else:
        for each in findings:
            click.echo(f"{'ok  ' if each['good'] else 'BAD '} {each['en']}  {each['zh']}")
    if not all(each["good"] for each in findings):
        raise SystemExit(1)
