"""`userops backup`: everything in one file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from userops.cli.options import data_option, json_option


@click.command()
@data_option
@json_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def command(data: Path, as_json: bool, file: Path | None) -> None:
    """Write a backup of the data folder to FILE (default: userops-<time>.tar.zst).

    The server must be stopped meanwhile: the backup takes the folder for itself.
    """
    from userops.cli import archive
    from userops.config import current
    from userops.errors import NotFound, Refused
    from userops.events.folder import lock_folder
    from userops.words import Words

    config = current()
    if not (data / "secret.key").exists():
        raise NotFound(
            Words(f"{data} 不是数据目录。", f"{data} is not a data folder."),
            code="folder_not_found",
        )
    if not config.embedded or config.database_url:
        raise Refused(
            Words(
                "数据在外部数据库中,请用它们自己的备份工具。",
                "The data is in external databases: use their own backup tools.",
            ),
            code="backup_external",
        )
    target = file or Path(f"userops-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.zst")
    target.parent.mkdir(parents=True, exist_ok=True)
    with lock_folder(data):
        made = archive.write(data, target)
    click.echo(
        json.dumps(made) if as_json else f"Backup written to {target} ({made['bytes']:,} bytes)"
    )
