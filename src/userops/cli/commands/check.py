"""`userops check`: is everything in order?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from userops.cli.options import data_option, json_option


@click.command()
@data_option
@json_option
def command(data: Path, as_json: bool) -> None:
    """Check settings, schema versions, batches, and that the two databases agree.

    A running server checks its folder itself. Exit code 1 when something is wrong.
    """
    from userops.cli.asking import open_store

    with open_store(data) as ask:
        findings = ask("check")
    if as_json:
        click.echo(json.dumps(findings, ensure_ascii=False))
    else:
        for each in findings:
            click.echo(f"{'ok  ' if each['good'] else 'BAD '} {each['en']}  {each['zh']}")
    if not all(each["good"] for each in findings):
        raise SystemExit(1)
