"""`userops restore`: a data folder from a backup."""

from __future__ import annotations

import json
from pathlib import Path

import click

from userops.cli.options import data_option, json_option


@click.command()
@data_option
@json_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(data: Path, as_json: bool, file: Path) -> None:
    """Make the data folder from the backup FILE. The folder must be new or empty."""
    from userops.maintenance import archive

    manifest = archive.read(file, data)
    click.echo(json.dumps(manifest) if as_json else f"Restored {data} as of {manifest['made']}")
