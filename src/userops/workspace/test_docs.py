"""`docs/reference/people.md` says of each role exactly what the code grants."""

from __future__ import annotations

from pathlib import Path

import pytest

from userops.workspace.models import Scope
from userops.workspace.roles import GRANTS, Permission, Role

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference"


@pytest.mark.parametrize("file", ["people.md", "people.zh-CN.md"])
def test_roles_and_scopes(file):
    lines = (DOCS / file).read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    told = {row[0].strip("`"): row[2:] for row in rows if len(row) == 2 + len(Role)}
    roles = [cell.strip("`") for cell in told.pop(next(iter(told)))]
    assert roles == Role.values
    for permission in Permission:
        granted = ["✓" if permission in GRANTS[Role(role)] else "" for role in roles]
        assert told[permission.value] == granted, permission
    assert all(f"`{scope.value}`" in "".join(lines) for scope in Scope)
