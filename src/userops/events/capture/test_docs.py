"""`docs/reference/collecting.md` cannot rot: every address, code and column of the doors is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from userops.events import limits
from userops.events.capture import DOORS
from userops.events.capture.door import PROBLEMS
from userops.events.fields import FIELDS

DOCS = Path(__file__).parents[4] / "docs" / "reference"


@pytest.mark.parametrize("name", ["collecting.md", "collecting.zh-CN.md"])
def test_everything_is_documented(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    for code in [*limits.BY_CODE, *(problem.code for problem in PROBLEMS)]:
        assert f"`{code}`" in text, code
    for field in FIELDS:
        assert field.name in text, field.name
    for door in DOORS:
        for path in door.paths:
            last = path.rpartition("/")[2]
            assert path in text or f"`{last}`" in text or f" {last}" in text, path
