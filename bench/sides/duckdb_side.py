"""DuckDB: one typed table, sorted by event and time, who is who resolved while loading.

That is more than UserOps allows itself, which looks merged users up when a question is asked.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.history import History
from bench.question import Question
from bench.sides import someone
from bench.sides.limits import memory_mb, threads

LOAD = Path(__file__).with_name("duckdb_load.sql")


class DuckDB:
    """See the module."""

    def prepare(self) -> None:
        import duckdb

        self._duckdb = duckdb

    def open(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "events.duckdb"
        settings = {
            "memory_limit": f"{memory_mb()}MB",
            "threads": threads(),
            "temp_directory": str(folder / "spill"),
        }
        self.database = self._duckdb.connect(str(self._file), config=settings)

    def load(self, folder: Path, history: History) -> dict[str, Any]:
        self.open(folder)
        begun = time.perf_counter()
        for statement in LOAD.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                self.database.execute(statement.replace("$file", str(history.parquet)))
        return {"seconds": time.perf_counter() - begun}

    def settle(self) -> None:
        """It is as it stays."""

    def can(self, question: Question) -> str:
        return "" if (question.folder / "duckdb.sql").exists() else "not written"

    def run(self, question: Question, file: str = "duckdb.sql") -> Any:
        sql = question.sql(file, person=str(someone.person()))
        return self.database.execute(sql).fetchall()

    def rows(self, question: Question, answer: Any) -> Sequence[Sequence[Any]]:
        if question.name == "timeline":
            return [row[:2] for row in answer]
        return list(answer)

    def facts(self) -> dict[str, Any]:
        size = self._file.stat().st_size
        return {"tables": {"events": size}, "bytes": size}

    def close(self) -> None:
        self.database.close()
