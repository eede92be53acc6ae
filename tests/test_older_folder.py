"""A folder of an earlier version is brought up to date by whoever opens it."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.processes import run

BACK = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", "facts", "0001", verbosity=0)
call_command("migrate", "personas", "0001", verbosity=0)
"""
ASKS = """
import sys, userops
shop = userops.open(sys.argv[1])
print(len(shop.segments(product="app")), flush=True)
from userops.audience.facts.models import FactState
print(FactState.objects.filter(renewed=None).count())
"""


def test_python_opens_an_older_folder(tmp_path):
    data = tmp_path / "data"
    run("init", "--data", data, "--email", "a@example.com", "--product", "app", "--yes")
    environment = {**os.environ, "USEROPS_DATA": str(data)}
    environment["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
    subprocess.run([sys.executable, "-c", BACK], env=environment, check=True)
    asked = [sys.executable, "-c", ASKS, str(data)]
    assert subprocess.check_output(asked, text=True).split() == ["0", "0"]
