"""The shape that PostHog keeps events in, on the engine that UserOps uses, with the same settings.

Text ids, persons as UUIDs, properties as JSON text; persons that changed are joined at query time. Left
out in its favour: person properties copied onto every event, other teams, the many `$` properties that
its SDKs add. Its materialised columns, which an administrator may add one by one, are not used.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.history import History
from bench.question import Question
from bench.sides import someone
from bench.sides.limits import ONCE_MERGED_IS_ENOUGH, engine_limits

SQL = Path(__file__).parent / "posthog"
PERSON = "if(notEmpty(o.distinct_id), o.person_id, e.person_id)"
OVERRIDES = (SQL / "overrides.sql").read_text(encoding="utf-8")


class PostHogShape:
    """See the module."""

    def prepare(self) -> None:
        from userops.events import engine

        self._engine_class = engine.Engine

    def open(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.engine = self._engine_class(f"chdb://{folder / 'engine'}", limits=engine_limits())

    def load(self, folder: Path, history: History) -> dict[str, Any]:
        self.open(folder)
        for statement in (SQL / "schema.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                self.engine.command(statement)
        begun = time.perf_counter()
        whole = {"max_partitions_per_insert_block": 0}
        for file, name in (("events", history.parquet), ("merges", history.merges)):
            text = (SQL / f"load_{file}.sql").read_text(encoding="utf-8")
            self.engine.command(text.replace("$file", str(name)), settings=whole)
        return {"seconds": time.perf_counter() - begun}

    def settle(self) -> None:
        for table in ("events", "person_distinct_id_overrides"):
            self.engine.command(f"optimize table {table} final", settings=ONCE_MERGED_IS_ENOUGH)

    def can(self, question: Question) -> str:
        return "" if (question.folder / "posthog.sql").exists() else "not written"

    def run(self, question: Question, file: str = "posthog.sql") -> Any:
        sql = question.sql(
            file,
            person=PERSON,
            overrides=OVERRIDES,
            known_id=someone.known_id(),
            anonymous_id=someone.anonymous_id(),
        )
        return self.engine.arrow(sql)

    def rows(self, question: Question, answer: Any) -> Sequence[Sequence[Any]]:
        if question.name == "timeline":
            answer = answer.select(["at", "event"])
        return [tuple(row.values()) for row in answer.to_pylist()]

    def facts(self) -> dict[str, Any]:
        sql = (
            "select table, sum(bytes_on_disk), sum(rows) from system.parts"
            " where active and database = currentDatabase() group by table"
        )
        tables = {row[0]: row[1] for row in self.engine.rows(sql)}
        return {"tables": tables, "bytes": sum(tables.values())}

    def close(self) -> None:
        self.engine.close()
