"""What a start loads: libraries that only some questions need would delay the server and every command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.processes import ENVIRONMENT

LATER = ("scipy.special", "sklearn", "pandas", "typst", "docx", "pptx", "xlsxwriter", "apprise")
START = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
import django
django.setup()
import userops.web.urls
print(*sys.modules)
"""


def test_a_start_loads_no_library_that_only_some_questions_need(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START],
        env={**ENVIRONMENT, "USEROPS_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "userops.api.app" in loaded
    assert not loaded & set(LATER)
