"""Which files of the event table hold which column: what the floor reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WHOLE = "*"
"""Stands for all columns of a small part, which keeps them in one file."""


def column_files(engine: Any) -> dict[str, dict[str, list[tuple[str, int]]]]:
    """Month (`202601`) → column → (file, its bytes)."""
    parts = engine.rows(
        "select partition, part_type, path from system.parts"
        " where active and table = 'events' and database = currentDatabase()"
    )
    columns = [
        row[0] for row in engine.rows("select name from system.columns where table = 'events'")
    ]
    found: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for month, kind, path in parts:
        held = found.setdefault(str(month), {})
        for column in columns if kind == "Wide" else (WHOLE,):
            files = Path(path).glob("data.bin" if column == WHOLE else f"{column}.*bin")
            held.setdefault(column, []).extend(
                (str(file), file.stat().st_size) for file in sorted(files)
            )
    return found
