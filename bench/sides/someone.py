"""The user whose timeline is asked for: a merged one who is there often."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pyarrow import parquet

HISTORY = "USEROPS_BENCH_HISTORY"
"""Names the folder of the history to the processes of the sides."""


@cache
def _row() -> dict[str, Any]:
    folder = Path(os.environ[HISTORY])
    place = json.loads((folder / "history.json").read_text())["someone"]
    table = parquet.read_table(folder / "merges.parquet")
    return dict(table.slice(place, 1).to_pylist()[0])


def known_id() -> str:
    return str(_row()["distinct_id"])


def anonymous_id() -> str:
    return str(_row()["anonymous_id"])


def person() -> int:
    return int(_row()["person"])


def milliseconds(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
