"""`userops backup`: everything in one file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from userops.cli.options import data_option, json_option


@click.command()
@data_option
@json_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def command(data: Path, as_json: bool, file: Path | None) -> None:
    """Write a backup of the data folder to FILE (default: userops-<time>.tar.zst).

    A running server writes it while it goes on serving; the backup is of one moment.
    """
    from userops.client import running_server

    target = (file or Path(f"userops-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.zst")).absolute()
    server = running_server(data)
    if server is not None:
        made = server.errand("backup", file=str(target))
    else:
        made = _write(data, target)
    click.echo(
        json.dumps(made) if as_json else f"Backup written to {target} ({made['bytes']:,} bytes)"
    )


def _write(data: Path, target: Path) -> dict[str, Any]:
    from userops.config import current
    from userops.errors import NotFound
    from userops.events.folder import lock_folder
    from userops.maintenance import archive
    from userops.words import Words

    if not (data / "secret.key").exists():
        raise NotFound(
            Words(f"{data} 不是数据目录。", f"{data} is not a data folder."),
            code="folder_not_found",
        )
    archive.refuse_external(current())
    with lock_folder(data):
        return archive.write(data, target)
