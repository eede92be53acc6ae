"""`userops check`: is everything in order?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from userops.cli.options import data_option, json_option, setup


@click.command()
@data_option
@json_option
def command(data: Path, as_json: bool) -> None:
    """Check settings, schema versions, batches, and that the two databases agree.

    Opens the folder, so the server must be stopped. Exit code 1 when something is wrong.
    """
    setup()
    from userops.events.checking import check
    from userops.events.store import close_current, current

    findings = check(current())
    close_current()
    if as_json:
        click.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(
                f"{'ok  ' if finding.good else 'BAD '} {finding.words.en}  {finding.words.zh}"
            )
    if not all(finding.good for finding in findings):
        raise SystemExit(1)
