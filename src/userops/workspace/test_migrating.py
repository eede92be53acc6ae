"""A database that was made quickly is the one that Django makes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

MADE = """
import sys, django
django.setup()
from django.core.management import call_command
from userops.workspace.migrating import migrate
migrate() if sys.argv[1] == "ours" else call_command("migrate", verbosity=0)
"""


def schema(folder: Path, how: str) -> list[tuple[str, ...]]:
    environment = {**os.environ, "USEROPS_DATA": str(folder)}
    environment["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
    subprocess.run([sys.executable, "-c", MADE, how], env=environment, check=True)
    with sqlite3.connect(folder / "userops.sqlite3") as database:
        told = "select type, name, tbl_name, coalesce(sql, '') from sqlite_master"
        return sorted(database.execute(told))


def test_the_schema_is_that_of_django(tmp_path: Path) -> None:
    ours, django = schema(tmp_path / "ours", "ours"), schema(tmp_path / "django", "django")
    assert len(ours) > 400 and ours == django
