"""`userops serve`: the server."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import click

from userops.cli.options import data_option, setup


@click.command()
@data_option
@click.option("--host", help="Address to listen on (default: the setting, 127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (default: the setting, 8000).")
def command(data: Path, host: str | None, port: int | None) -> None:
    """Start the server. Stop it with Ctrl-C or a TERM signal."""
    run(host, port)


def run(host: str | None = None, port: int | None = None, *, note: str = "") -> None:
    """Serve the current data folder; `note` is printed under the address."""
    import userops.config

    for name, value in (("USEROPS_HOST", host), ("USEROPS_PORT", port)):
        if value is not None:
            os.environ[name] = str(value)
    userops.config.current.cache_clear()
    setup()
    logging.getLogger("waitress").setLevel(logging.WARNING)
    from userops.web.server import serve
    from userops.workspace.setup import has_admin

    def ready(url: str) -> None:
        click.echo(f"UserOps: {url}")
        if not has_admin():
            click.echo("Nobody can log in yet: run userops init with this data folder.")
        if note:
            click.echo(note)

    serve(userops.config.current(), ready=ready)
