"""The staging table of imports: rows wait there until the whole file is read, then move at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
from django.db.models import QuerySet

from userops.events.batches import IMPORTS, SYNC, delete_batches, import_batch
from userops.events.engine import Engine
from userops.events.fields import FIELDS
from userops.events.identity import chunks
from userops.events.models import ImportRun

SQL = Path(__file__).parent / "sql"
SLICE_ROWS = 500_000
"""Rows moved by one statement: what bounds its memory."""
KEPT_FOR = timedelta(days=7)
"""A cancelled or failed run can be resumed so long."""
TABLES = ("import_rows", "import_ids")
_NO_CONTENT = bytes(16)
_MOVE = {"max_partitions_per_insert_block": 0}


@cache
def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


_FRESH = _sql("identified").rstrip() + ",\n" + _sql("fresh")


class Stage:
    """The staged rows of one run."""

    def __init__(self, engine: Engine, run: int) -> None:
        self._engine = engine
        self._run = run

    def last_row(self) -> int:
        """The highest staged row number; 0 when nothing is staged. Chunks are staged in order and
        each at once, so everything up to it is there."""
        sql = "select max(row) from import_rows where run = {run:UInt64}"
        return int(self._engine.value(sql, {"run": self._run}))

    def add(self, accepted: pl.DataFrame) -> None:
        """Stage a converted chunk (see `converting.Converted.accepted`)."""
        if accepted.height:
            self._engine.insert("import_rows", _as_table(self._run, accepted))

    def count(self) -> int:
        sql = "select count() from import_rows where run = {run:UInt64}"
        return int(self._engine.value(sql, {"run": self._run}))

    def repeated(self) -> int:
        """Rows that are exact copies of another row of the file."""
        return int(self._engine.value(_sql("repeated"), {"run": self._run}) or 0)

    def times(self) -> list[int]:
        """The quarters of an hour in which the staged events happened, each as one of its instants."""
        sql = (
            "select distinct intDiv(toUnixTimestamp64Milli(ts), 900000) * 900000 from import_rows"
            " where run = {run:UInt64}"
        )
        return [int(row[0]) for row in self._engine.rows(sql, {"run": self._run})]

    def users(self) -> int:
        """Different sender ids of the run."""
        sql = "select uniqExact(distinct_id) from import_rows where run = {run:UInt64}"
        return int(self._engine.value(sql, {"run": self._run}))

    def distinct_ids(self, size: int) -> Iterator[list[str]]:
        """All sender ids of the run, in order, `size` at a time. Each page reads the whole run."""
        after = ""
        sql = (
            "select distinct distinct_id from import_rows where run = {run:UInt64}"
            " and distinct_id > {after:String} order by distinct_id limit {size:UInt64}"
        )
        while True:
            rows = self._engine.rows(sql, {"run": self._run, "after": after, "size": size})
            if not rows:
                return
            yield [str(row[0]) for row in rows]
            after = str(rows[-1][0])

    def add_uids(self, uids: dict[str, int]) -> None:
        count = len(uids)
        columns = {
            "run": pa.array([self._run] * count, pa.uint64()),
            "distinct_id": pa.array(list(uids), pa.string()),
            "uid": pa.array(list(uids.values()), pa.uint32()),
        }
        self._engine.insert("import_ids", pa.table(columns))

    def forget_uids(self) -> None:
        self._drop("import_ids")

    def count_fresh(self, product: int, dedupe: bool) -> int:
        """How many rows would be stored."""
        sql = _FRESH + _sql("count_fresh")
        return sum(int(self._engine.value(sql, bounds)) for bounds in self._slices(product, dedupe))

    def move(self, product: int, dedupe: bool, received: datetime) -> None:
        """Insert the rows that are new into `events` under the run's batch. They count when the run
        is marked done."""
        values = {"batch": import_batch(self._run), "received": received}
        for bounds in self._slices(product, dedupe):
            # numbers last: what is taken is not fresh any more
            for into, what in (("into_events", "move_fresh"), ("into_taken", "move_ids")):
                sql = _sql(into) + _FRESH + _sql(what)
                self._engine.command(sql, {**bounds, **values}, _MOVE)

    def yield_to_live(self, product: int, dedupe: bool, before: int, received: datetime) -> None:
        """Delete what `move` has inserted although it came in live meanwhile, in a batch after
        `before`. Call while no batch is written; the live side waits for what it finds moved."""
        values: dict[str, Any] = {"product": product, "before": before, "first": IMPORTS}
        values |= {"batch": import_batch(self._run), "received": received}
        twice = [row[0] for row in self._engine.rows(_sql("twice"), values)]
        for ids in chunks(twice):
            for bounds in self._slices(product, dedupe):
                self._take_out({**bounds, **values, "twice": ids})
            which = "product = {product:UInt32} and batch = {batch:UInt64} and id in {twice:Array(UInt64)}"
            self._engine.command(
                f"alter table taken delete where {which}", {**values, "twice": ids}, SYNC
            )

    def _take_out(self, values: dict[str, Any]) -> None:
        """Rows do not keep their number: all with the same event, user and time go, and those that
        are not meant come back."""
        rows = self._engine.rows(_sql("identified") + _sql("twice_rows"), values)
        if not rows:
            return
        keys = [(event, uid, at) for event, uid, at in rows]
        which = (
            "product = {product:UInt32} and batch = {batch:UInt64} and"
            " (event, uid, toUnixTimestamp64Milli(ts)) in {keys:Array(Tuple(String, UInt32, Int64))}"
        )
        self._engine.command(
            f"alter table events delete where {which}", {**values, "keys": keys}, SYNC
        )
        self._engine.command(
            _sql("into_events") + _sql("identified") + _sql("move_back"), values, _MOVE
        )

    def moved(self) -> int:
        """How many events stand under the run's batch."""
        count = "select count() from events where batch = {batch:UInt64}"
        return int(self._engine.value(count, {"batch": import_batch(self._run)}))

    def take_back(self) -> None:
        """Delete what `move` has inserted."""
        batch = import_batch(self._run)
        delete_batches(self._engine, batch, batch + 1)

    def profiles(self, size: int) -> Iterator[list[tuple[str, str]]]:
        """Sender id and properties (JSON text) of staged profile rows, in the order of the file."""
        sql = (
            "select row, distinct_id, props from import_rows where run = {run:UInt64}"
            " and row > {after:UInt64} order by row limit {size:UInt64}"
        )
        after = 0
        while rows := self._engine.rows(sql, {"run": self._run, "after": after, "size": size}):
            yield [(str(row[1]), str(row[2])) for row in rows]
            after = int(rows[-1][0])

    def drop(self) -> None:
        """Forget the staged rows."""
        for table in TABLES:
            self._drop(table)

    def _drop(self, table: str) -> None:
        # table is one of ours and the run a number: neither can be a parameter here
        self._engine.command(f"alter table {table} drop partition {int(self._run)}")

    def _slices(self, product: int, dedupe: bool) -> Iterator[dict[str, Any]]:
        """Ranges of content with about `SLICE_ROWS` rows each: content is evenly spread."""
        count = min(self.count() // SLICE_ROWS + 1, 256)
        edges = [round(256 * n / count) for n in range(count + 1)]
        for low, high in pairwise(edges):
            yield {
                "run": self._run,
                "product": product,
                "dedupe": dedupe,
                "low": f"{low:02x}" + "00" * 15,
                "high": f"{high - 1:02x}" + "ff" * 15,
            }


def resumable() -> QuerySet[ImportRun]:
    """Runs that are not done, and whose staged rows are kept."""
    recent = ImportRun.objects.filter(created__gte=datetime.now(UTC) - KEPT_FOR)
    return recent.exclude(state=ImportRun.State.DONE)


def clean(engine: Engine, active: Iterable[int]) -> None:
    """Drop what runs left behind that are neither active nor resumable."""
    keep = {*resumable().values_list("pk", flat=True), *active}
    for row in engine.rows("select distinct run from import_rows"):
        if row[0] not in keep:
            Stage(engine, int(row[0])).drop()


def _as_table(run: int, accepted: pl.DataFrame) -> pa.Table:
    count = accepted.height
    columns: dict[str, Any] = {
        "run": pa.repeat(pa.scalar(run, pa.uint64()), count),
        "row": pa.array(accepted["row"].to_numpy(), pa.uint64()),
        "distinct_id": accepted["distinct_id"].to_arrow().cast(pa.string()),
        "props": accepted["props"].to_arrow().cast(pa.string()),
    }
    if "content" in accepted.columns:
        columns |= {
            "content": _fixed(accepted["content"].to_list()),
            "given": pa.array(accepted["given"].to_numpy(), pa.uint8()),
            "event": accepted["event"].to_arrow().cast(pa.string()),
            "ts": pa.array(accepted["ts"].to_numpy(), pa.timestamp("ms", "UTC")),
        }
        for field in FIELDS:
            if field.name in accepted.columns:
                kind = pa.float64() if field.type == "number" else pa.string()
                columns[field.name] = accepted[field.name].to_arrow().cast(kind)
    else:
        columns["content"] = _fixed([_NO_CONTENT] * count)
    return pa.table(columns)


def _fixed(values: list[bytes]) -> pa.Array:
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(values), [None, pa.py_buffer(b"".join(values))]
    )
