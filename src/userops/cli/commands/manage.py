"""`userops manage …`: any Django management command, in this data folder."""

from __future__ import annotations

import os
from pathlib import Path

import click

from userops.cli.options import data_option


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@data_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(data: Path, arguments: tuple[str, ...]) -> None:
    """Run a Django management command, such as `check --deploy`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "userops.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["userops manage", *arguments])
