"""The staged rows of an import: as they will be stored, but where nobody asks for them.

Events of a run stand in a table of its own that is made like `events`; in the end its parts are attached
there, which copies nothing. What tells the rows apart stands beside it (`schema/0004_…`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from django.db.models import QuerySet

from userops.events.batches import IMPORTS, SYNC, delete_batches, import_batch
from userops.events.engine import Engine
from userops.events.fields import FIELDS
from userops.events.importers.copies import Copies
from userops.events.models import ImportRun
from userops.events.repeating import arrow_texts, as_text
from userops.events.texts import byte_rows

SQL = Path(__file__).parent / "sql"
SLICE_ROWS = 5_000_000
"""Numbers compared with those of the product by one statement: what bounds its memory."""
KEPT_FOR = timedelta(days=7)
"""A cancelled or failed run can be resumed so long."""
TABLES = ("import_keys", "import_chunks", "import_ids", "import_moves", "import_profiles")
SOURCE = "import"
_PREFIX = "import_events_"
_SELDOM_MERGED = "min_parts_to_merge_at_once = 20"
"""Parts are merged on their way, but most of it is left to the time after the import."""
_MOVE = {"max_partitions_per_insert_block": 0}


@cache
def _sql(name: str) -> Template:
    return Template((SQL / f"{name}.sql").read_text(encoding="utf-8"))


class Stage:
    """The staged rows of one run of a product. A run that stores nothing only numbers its rows."""

    def __init__(
        self,
        engine: Engine,
        run: int,
        product: int = 0,
        *,
        dedupe: bool = False,
        storing: bool = True,
    ) -> None:
        self._engine = engine
        self._run = int(run)
        self._product = product
        self._dedupe = dedupe
        self._storing = storing
        self._copies = Copies(self._earlier)
        # names cannot be parameters; these hold nothing but a number of ours
        self._events = f"{_PREFIX}{self._run}"
        self._probe = f"import_probe_{self._run}"
        self._received = 0
        self._others = False

    # before the first row

    def open(self) -> int:
        """Make the tables and forget what is staged in part; answers the last row that is staged."""
        if not self._fits():
            self.drop()
        engine, received = self._engine, 0
        engine.command(f"create table if not exists {self._events} as events")
        engine.command(f"alter table {self._events} modify setting {_SELDOM_MERGED}")
        engine.command(f"create table if not exists {self._probe} as import_keys engine = Memory")
        last = self.last_row()
        if last:
            sql = "select toUnixTimestamp64Milli(max(received)) from import_chunks where run = {run:UInt64}"
            received = int(engine.value(sql, {"run": self._run}))
        self._forget_after(last, received)
        self._received = received
        sql = "select count() from (select 1 from taken where product = {product:UInt32} limit 1)"
        self._others = bool(engine.value(sql, {"product": self._product}))
        return last

    def _fits(self) -> bool:
        """Whether the table of events is still made like `events`: an upgrade may have changed that."""
        sql = (
            "select groupArray((name, type)) from (select name, type from system.columns"
            " where database = currentDatabase() and table = {table:String} order by position)"
        )
        ours, theirs = (
            self._engine.value(sql, {"table": each}) for each in (self._events, "events")
        )
        return not ours or ours == theirs

    def _forget_after(self, last: int, received: int) -> None:
        """What a crash left between the rows of a chunk and the word that it is whole."""
        for table, where, bound in (
            ("import_keys", "run = {run:UInt64} and row > {bound:UInt64}", last),
            ("import_profiles", "run = {run:UInt64} and row > {bound:UInt64}", last),
            (
                self._events,
                "{run:UInt64} > 0 and toUnixTimestamp64Milli(received) > {bound:UInt64}",
                received,
            ),
        ):
            values = {"run": self._run, "bound": bound}
            if self._engine.value(f"select count() from {table} where {where}", values):  # noqa: S608
                self._engine.command(f"alter table {table} delete where {where}", values, SYNC)

    def last_row(self) -> int:
        """The highest staged row number; 0 when nothing is staged. Chunks are staged in order, so
        everything up to it is there."""
        sql = "select max(last) from import_chunks where run = {run:UInt64}"
        return int(self._engine.value(sql, {"run": self._run}))

    def uids(self) -> dict[str, int]:
        """Sender ids of the run and the uids that they were staged with."""
        sql = "select distinct_id, uid from import_ids where run = {run:UInt64}"
        return {str(name): int(uid) for name, uid in self._engine.rows(sql, {"run": self._run})}

    # rows

    def learn(self, accepted: pl.DataFrame) -> None:
        """A chunk of an interrupted run that is staged already."""
        if "content" in accepted.columns:
            self._copies.learn(accepted["content"])

    def add(
        self, accepted: pl.DataFrame, uids: pl.Series | None = None, fresh_uids: Any = None
    ) -> None:
        """Stage a converted chunk (see `converting.Converted.accepted`). `uids`: one for each row;
        `fresh_uids`: sender id → uid of those that earlier chunks did not have."""
        if not accepted.height:
            return
        fresh = repeated = 0
        if fresh_uids:
            self._add_uids("import_ids", fresh_uids)
        if uids is None:
            if self._storing:
                self._add_profiles(accepted)
        else:
            copies = self._copies.number(accepted["content"])
            repeated = int((copies > 1).sum())
            wanted = self._wanted(accepted, copies)
            fresh = int(wanted.sum())
            with ThreadPoolExecutor(1, "import-keys") as beside:
                keys = beside.submit(self._add_keys, accepted, copies)
                if fresh and self._storing:
                    rows = accepted.with_columns(uid=uids)
                    if fresh < accepted.height:
                        rows = rows.filter(pl.Series(wanted))
                    self._engine.insert(self._events, self._as_events(rows))
                keys.result()
        self._insert(
            "import_chunks",
            1,
            last=pa.array([int(accepted["row"][-1])], pa.uint64()),
            received=pa.array([self._received], pa.timestamp("ms", "UTC")),
            fresh=pa.array([fresh], pa.uint64()),
            repeated=pa.array([repeated], pa.uint64()),
        )

    def _wanted(self, accepted: pl.DataFrame, copies: Any) -> Any:
        """Which rows are to be stored: copies may not count, and the product may have some already."""
        wanted = copies == 1
        if not self._dedupe:
            wanted |= ~accepted["given"].to_numpy()
        if not self._others:
            return wanted
        sql = _sql("already_taken").substitute(probe=self._probe)
        self._add_keys(accepted, copies, self._probe)
        rows = self._engine.arrow(sql, {"product": self._product})["row"].to_numpy()
        self._engine.command(f"truncate table {self._probe}")
        return wanted & ~np.isin(accepted["row"].to_numpy(), rows.astype(np.int64))

    def _add_keys(self, accepted: pl.DataFrame, copies: Any, table: str = "import_keys") -> None:
        self._insert(
            table,
            accepted.height,
            row=pa.array(accepted["row"].to_numpy(), pa.uint64()),
            content=_fixed(accepted["content"]),
            given=pa.array(accepted["given"].to_numpy(), pa.uint8()),
            copy=pa.array(copies, pa.uint32()),
        )

    def _earlier(self, contents: pl.Series) -> pl.DataFrame:
        self._insert(self._probe, len(contents), content=_fixed(contents))
        sql = _sql("earlier_copies").substitute(probe=self._probe)
        found = pl.from_arrow(self._engine.arrow(sql, {"run": self._run}))
        self._engine.command(f"truncate table {self._probe}")
        assert isinstance(found, pl.DataFrame)
        return found.with_columns(pl.col("content").str.decode("hex"))

    def _as_events(self, rows: pl.DataFrame) -> pa.Table:
        now = int(datetime.now(UTC).timestamp() * 1000)
        self._received = max(now, self._received + 1)  # tells the chunks of a run apart
        count = rows.height
        columns: dict[str, Any] = {
            "product": pa.repeat(pa.scalar(self._product, pa.uint32()), count),
            "event": arrow_texts(rows["event"]),
            "uid": pa.array(rows["uid"].to_numpy(), pa.uint32()),
            "ts": pa.array(rows["ts"].to_numpy(), pa.timestamp("ms", "UTC")),
            "batch": pa.repeat(pa.scalar(import_batch(self._run), pa.uint64()), count),
            "received": pa.repeat(pa.scalar(self._received, pa.timestamp("ms", "UTC")), count),
            "source": pa.repeat(pa.scalar(SOURCE), count),
            "props": arrow_texts(rows["props"]),
        }
        if "source" in rows.columns:
            own = as_text(rows["source"]).replace("", SOURCE)
            columns["source"] = arrow_texts(own)
        for field in FIELDS:
            if field.name in rows.columns and field.name != "source":
                number = field.type == "number"
                values = rows[field.name]
                columns[field.name] = values.to_arrow() if number else arrow_texts(values)
        return pa.table(columns)

    def _add_profiles(self, rows: pl.DataFrame) -> None:
        self._insert(
            "import_profiles",
            rows.height,
            row=pa.array(rows["row"].to_numpy(), pa.uint64()),
            distinct_id=arrow_texts(rows["distinct_id"]),
            props=arrow_texts(rows["props"]),
        )

    def _add_uids(self, table: str, uids: dict[Any, int]) -> None:
        name, kind = (
            ("distinct_id", pa.string()) if table == "import_ids" else ("staged", pa.uint32())
        )
        columns = {name: pa.array(list(uids), kind), "uid": pa.array(uids.values(), pa.uint32())}
        self._insert(table, len(uids), **columns)

    def _insert(self, table: str, count: int, **columns: Any) -> None:
        run = pa.repeat(pa.scalar(self._run, pa.uint64()), count)
        self._engine.insert(table, pa.table({"run": run, **columns}))

    # what is staged

    def count(self) -> int:
        """Rows that are staged, refused ones and copies included."""
        return int(self._engine.value(_COUNT, {"run": self._run}))

    def fresh(self) -> int:
        """Rows that are to be stored."""
        return self._sum("fresh")

    def repeated(self) -> int:
        """Rows that are exact copies of an earlier row of the file."""
        return self._sum("repeated")

    def times(self) -> list[int]:
        """The quarters of an hour in which the staged events happened, each as one of its instants."""
        quarter = "intDiv(toUnixTimestamp64Milli(ts), 900000) * 900000"
        sql = f"select distinct {quarter} from {self._events}"  # noqa: S608
        return [int(row[0]) for row in self._engine.rows(sql)]

    def _sum(self, column: str) -> int:
        sql = f"select sum({column}) from import_chunks where run = {{run:UInt64}}"  # noqa: S608
        return int(self._engine.value(sql, {"run": self._run}))

    def profiles(self, size: int) -> Iterator[list[tuple[int, str, str]]]:
        """Row, sender id and properties (JSON text) of staged rows about users, in the order of the
        file."""
        sql = (
            "select row, distinct_id, props from import_profiles where run = {run:UInt64}"
            " and row > {after:UInt64} order by row limit {size:UInt64}"
        )
        after = 0
        while rows := self._engine.rows(sql, {"run": self._run, "after": after, "size": size}):
            yield [(int(row[0]), str(row[1]), str(row[2])) for row in rows]
            after = int(rows[-1][0])

    # the move

    def take(self) -> None:
        """Write down the numbers of the run's rows under its batch: from here on, a live event with
        one of them waits for the outcome."""
        values = {"run": self._run, "product": self._product, "dedupe": self._dedupe}
        values["batch"] = import_batch(self._run)
        for low, high in self._slices():
            bounds = {"low": low, "high": high}
            self._engine.command(_sql("take_ids").template, {**values, **bounds}, _MOVE)

    def is_overtaken(self, before: int) -> bool:
        """Whether some of the rows came in otherwise since they were staged, live ones in a batch after
        `before` or in another import. Call while no batch is written."""
        batch = import_batch(self._run)
        values = {"product": self._product, "run": self._run, "batch": batch}
        # first: once the engine merges equal numbers, only the later one is left, and the count tells
        if self._engine.rows(_sql("twice").template, values | {"before": before, "first": IMPORTS}):
            return True
        sql = (
            "select count() from taken where product = {product:UInt32} and batch = {batch:UInt64}"
        )
        taken, fresh = int(self._engine.value(sql, values)), self.fresh()
        if taken == fresh:
            return False
        values["dedupe"] = self._dedupe
        return taken != fresh - int(self._engine.value(_sql("same_number").template, values))

    def move(self, others: dict[int, int]) -> None:
        """Bring the staged events into `events`. They count when the run is marked done. `others`:
        staged uid → the real one, where they differ."""
        if others:
            self._engine.command(f"alter table import_moves drop partition {self._run}")
            self._add_uids("import_moves", others)
            sql = _sql("move_events").substitute(events=self._events)
            self._engine.command(sql, {"run": self._run}, _MOVE)
            return
        sql = (
            "select distinct partition_id from system.parts where active"
            " and database = currentDatabase() and table = {table:String}"
        )
        for (part,) in self._engine.rows(sql, {"table": self._events}):
            month = str(int(part))
            self._engine.command(
                f"alter table events attach partition id '{month}' from {self._events}"
            )

    def join_chunks(self) -> None:
        """Once all are staged, before they are moved: all rows get the time of the first chunk, as what told the
        chunks apart is a byte an event on the disk. The chunk that it is of stays the first one, so an interrupted
        run forgets no row."""
        values = {"run": self._run}
        first = "select minIf(toUnixTimestamp64Milli(received), fresh > 0) from import_chunks where run = {run:UInt64}"
        values["received"] = int(self._engine.value(first, values))
        sql = (
            f"alter table {self._events} update received = fromUnixTimestamp64Milli({{received:Int64}}, 'UTC')"
            " where received != fromUnixTimestamp64Milli({received:Int64}, 'UTC')"
        )
        self._engine.command(sql, values, SYNC)

    def moved(self) -> int:
        """How many events stand under the run's batch."""
        count = "select count() from events where batch = {batch:UInt64}"
        return int(self._engine.value(count, {"batch": import_batch(self._run)}))

    def take_back(self) -> None:
        """Delete what `take` and `move` have written."""
        batch = import_batch(self._run)
        delete_batches(self._engine, batch, batch + 1)

    def drop(self) -> None:
        """Forget the staged rows."""
        for table in TABLES:
            # the run cannot be a parameter here
            self._engine.command(f"alter table {table} drop partition {self._run}")
        for table in (self._events, self._probe):
            self._engine.command(f"drop table if exists {table} sync")

    def _slices(self) -> Iterator[tuple[int, int]]:
        """Ranges of numbers with about `SLICE_ROWS` of this run or of the product each."""
        sql = "select count() from taken where product = {product:UInt32}"
        known = int(self._engine.value(sql, {"product": self._product}))
        parts = max(known, self.count()) // SLICE_ROWS + 1 if known else 1
        edges = [2**64 * n // parts for n in range(parts + 1)]
        for low, high in pairwise(edges):
            yield low, high - 1


_COUNT = (
    "select (select count() from import_keys where run = {run:UInt64})"
    " + (select count() from import_profiles where run = {run:UInt64})"
)


def resumable() -> QuerySet[ImportRun]:
    """Runs that are not done, and whose staged rows are kept."""
    recent = ImportRun.objects.filter(created__gte=datetime.now(UTC) - KEPT_FOR)
    return recent.exclude(state=ImportRun.State.DONE)


def clean(engine: Engine, active: Iterable[int]) -> None:
    """Drop what runs left behind that are neither active nor resumable."""
    keep = {*resumable().values_list("pk", flat=True), *active}
    sql = (
        "select distinct toUInt64OrZero(splitByChar('_', name)[-1]) from system.tables"
        " where database = currentDatabase() and match(name, '^import_(events|probe)_[0-9]+$')"
        " union distinct select distinct run from import_chunks"
    )
    for row in engine.rows(sql):
        if row[0] not in keep:
            Stage(engine, int(row[0])).drop()


def _fixed(values: pl.Series) -> pa.Array:
    """16 bytes each."""
    signs = pa.py_buffer(np.ascontiguousarray(byte_rows(values, 16)))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(values), [None, signs])
