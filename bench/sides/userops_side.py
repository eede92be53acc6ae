"""UserOps by its own doors: `userops import` takes the history in, `userops.open(folder).query(…)` answers."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from bench.history import History
from bench.history.columns import Columns
from bench.question import PRODUCT, Question
from bench.sides.limits import ONCE_MERGED_IS_ENOUGH

CACHE = "USEROPS_RESULT_CACHE"
FIELDS = (*Columns.repeating[1:9], "amount")
PROPERTIES = (*Columns.repeating[9:], "position")


Command = Callable[[Sequence[str]], str]


def new_process(arguments: Sequence[str]) -> str:
    """What `userops …` prints; stops the benchmark when it fails."""
    whole = [sys.executable, "-c", "from userops.cli import main; main()", *arguments]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"userops {arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def this_process(arguments: Sequence[str]) -> str:
    """The same by a process that has loaded the program."""
    from userops.cli.commands import import_

    printed, progress = io.StringIO(), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(progress):
        import_.command.main([*arguments[1:]], standalone_mode=False)
    return printed.getvalue()


def import_file(file: Path, data: Path, by: Command = new_process) -> dict[str, Any]:
    """What `userops import --json` says of a file of the history."""
    fields = [part for name in FIELDS for part in ("--field", f"{name}={name}")]
    columns = ("--user", "user_id", "--time", "time", "--event", "event", "--uuid", "uuid")
    rest = ("--props", ",".join(PROPERTIES), "--data", data, "--json")
    return _import(by, file, *columns, *fields, *rest)


def import_identities(file: Path, data: Path, by: Command) -> dict[str, Any]:
    """The same of the file that tells which anonymous id is whose."""
    columns = ("--user", "distinct_id", "--anonymous", "anonymous_id", "--identities")
    return _import(by, file, *columns, "--data", data, "--json")


def _import(by: Command, file: Path, *options: object) -> dict[str, Any]:
    said = by(["import", str(file), "--product", PRODUCT, *map(str, options)])
    return dict(json.loads(said.splitlines()[-1]))


class UserOps:
    """See the module."""

    def prepare(self) -> None:
        os.environ[CACHE] = "0"
        os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
        import django
        from django.core.exceptions import ImproperlyConfigured

        try:
            django.setup()
        except ImproperlyConfigured as wrong:
            raise SystemExit(str(wrong)) from None
        from django.db.migrations.loader import MigrationLoader

        from userops.analyses import answering

        MigrationLoader(None)  # which the first opening would load
        assert answering
        # not the engine: its library starts threads, and a process with threads cannot be parted

    def open(self, folder: Path) -> None:
        import userops

        self.workspace = userops.open(str(folder))

    def load(self, folder: Path, history: History) -> dict[str, Any]:
        begun = time.perf_counter()
        said = import_file(history.parquet, folder, this_process)
        imported = time.perf_counter() - begun
        if said["stored"] != history.events:
            raise SystemExit(f"stored {said['stored']} of {history.events} events: {said}")
        merging = time.perf_counter()
        import_identities(history.merges, folder, this_process)
        merged = time.perf_counter() - merging
        self.open(folder)
        return {
            "seconds": said["seconds"],
            "command_seconds": imported,
            "identities_seconds": merged,
            "rollups_seconds": self._roll_up(),
        }

    def _roll_up(self) -> float:
        """What the server does in the background after a change: here it is waited for."""
        from userops.events.store import current

        begun = time.perf_counter()
        current().build_rollups(current().product(PRODUCT))
        return time.perf_counter() - begun

    def settle(self) -> None:
        """Every table merged to the end, as the engine does it by itself in time."""
        from userops.events.store import current

        engine = current().engine
        sql = (
            "select name from system.tables"
            " where database = currentDatabase() and engine like '%MergeTree'"
        )
        for (table,) in engine.rows(sql):
            engine.command(f"optimize table {table} final", settings=ONCE_MERGED_IS_ENOUGH)

    def can(self, question: Question) -> str:
        if question.document is None:
            return ""
        from userops.analyses.registry import BY_KIND

        return "" if question.kind in BY_KIND else f"UserOps has no analysis `{question.kind}` yet"

    def run(self, question: Question) -> Any:
        if question.document is None:
            assert question.userops is not None
            return question.userops(self.workspace)
        return self.workspace.query(question.document)

    def rows(self, question: Question, answer: Any) -> Sequence[Sequence[Any]]:
        return question.read(answer if question.document is None else answer.result)

    def facts(self) -> dict[str, Any]:
        """Bytes by table and column, and which files hold which column of `events`."""
        from bench.sides.files import column_files
        from userops.events.store import current

        engine = current().engine
        tables = dict(
            engine.rows(
                "select table, sum(bytes_on_disk) from system.parts"
                " where active and database = currentDatabase() group by table"
            )
        )
        columns = dict(
            engine.rows(
                "select concat(table, '.', column) as name, sum(column_data_compressed_bytes)"
                " from system.parts_columns where active and database = currentDatabase()"
                " group by name"
            )
        )
        return {
            "tables": tables,
            "columns": columns,
            "bytes": sum(tables.values()),
            "files": column_files(engine),
        }

    def raw(self, size: int, blocks: int) -> float:
        """Rows a second that the engine takes by itself: ready blocks of `size` rows of `events`, inserted
        one after the other into a table of the same columns, order and durability."""
        from userops.events.store import current

        engine = current().engine
        columns = ", ".join(_written(engine))
        stored = "from events where product = {product:UInt32}"
        table = engine.arrow(
            f"select {columns} {stored} limit {size * blocks}",
            {"product": current().product(PRODUCT).pk},
        )
        parts = [table.slice(at, size).combine_chunks() for at in range(0, len(table), size)]
        engine.command("create table bench_raw as events")
        try:
            begun = time.perf_counter()
            for part in parts:
                engine.insert("bench_raw", part)
            return len(table) / (time.perf_counter() - begun)
        finally:
            engine.command("drop table bench_raw sync")

    def close(self) -> None:
        self.workspace.close()


def _written(engine: Any) -> list[str]:
    """The columns of `events` that an insert brings, each as it is brought."""
    rows = engine.rows(
        "select name, type from system.columns where database = currentDatabase() and table = 'events'"
        " and default_kind in ('', 'DEFAULT')"
    )
    return [
        f"toJSONString({name}) as {name}" if kind.startswith("JSON") else name
        for name, kind in rows
    ]
