"""The batch protocol: what is written to the engine counts exactly when the database says so.

A live batch: begin a transaction → write to the engine under the next batch number → commit the
transaction, which records the number as done. A crash before the commit leaves rows with a number
that is not done; `roll_back` deletes them at the next start, before anything is asked. The sender got
no answer for them and sends them again. An import writes under its own number, above `IMPORTS`, and
counts when its run is marked done.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from userops.events import people
from userops.events.engine import Engine
from userops.events.identity import CACHE, Forest
from userops.events.models import ImportRun, Intake
from userops.events.rollups import touching

IMPORTS = 2**62
"""Batch numbers of imports start here."""
TABLES = ("events", "taken", "people", "profiles")
SYNC = {"mutations_sync": 2}


def import_batch(run: int) -> int:
    """The batch number of an import run."""
    return IMPORTS + run


class Batches:
    """Hands out live batches, one at a time."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._lock = threading.RLock()
        self._unclean = False
        """Rows of a failed batch could not be deleted: its number must not be used before they are."""

    @contextmanager
    def idle(self) -> Iterator[None]:
        """No live batch is being written meanwhile."""
        with self._lock:
            yield

    @contextmanager
    def begin(self) -> Iterator[int]:
        """A live batch: yields its number; commits at the end, leaves nothing on an error."""
        with self._lock:
            number = 0
            try:
                with transaction.atomic():
                    intake, _ = Intake.objects.select_for_update().get_or_create(pk=1)
                    number = intake.done + 1
                    if self._unclean:
                        delete_batches(self.engine, number, IMPORTS)
                        self._unclean = False
                    yield number
                    Intake.objects.filter(pk=1).update(done=number)
            except BaseException:
                CACHE.clear()
                if number:
                    self._unclean = True
                    delete_batches(self.engine, number, IMPORTS)
                    self._unclean = False
                raise


def roll_back(engine: Engine) -> int:
    """Delete what a crash left behind; answers how many events that were. Run before serving."""
    intake, _ = Intake.objects.get_or_create(pk=1)
    count = delete_batches(engine, intake.done + 1, IMPORTS)
    done = ImportRun.objects.filter(state=ImportRun.State.DONE)
    unfinished = _import_batches(engine) - {
        import_batch(pk) for pk in done.values_list("pk", flat=True)
    }
    for batch in unfinished:
        count += delete_batches(engine, batch, batch + 1)
    return count


def _import_batches(engine: Engine) -> set[int]:
    # a crash may have left the rows of one table without those of the other
    sql = (
        "select distinct batch from events where batch >= {first:UInt64}"
        " union distinct select distinct batch from taken where batch >= {first:UInt64}"
    )
    return {row[0] for row in engine.rows(sql, {"first": IMPORTS})}


def delete_batches(engine: Engine, first: int, end: int) -> int:
    """Delete all rows of batches first ≤ n < end, then copy again what they had replaced."""
    bounds = {"first": first, "end": end}
    where = "batch >= {first:UInt64} and batch < {end:UInt64}"
    # table names and the condition are constants of ours; only the numbers vary
    counts = {
        table: engine.value(f"select count() from {table} where {where}", bounds)  # noqa: S608
        for table in TABLES
    }
    concerned = _concerned(engine, bounds) if counts["people"] or counts["profiles"] else {}
    touching.discard_pending()
    for table in TABLES:
        if counts[table]:
            engine.command(f"alter table {table} delete where {where}", bounds, SYNC)
    for product, uids in concerned.items():
        forest = Forest(product)
        forest.load(uids)
        forest.moved = set(uids)
        people.mirror(engine, forest, set(uids), first - 1)
    return int(counts["events"])


def _concerned(engine: Engine, bounds: dict[str, int]) -> dict[int, list[int]]:
    """The uids by product of which the batches wrote who they are or what is known of them."""
    rows = engine.rows(
        "select distinct product, uid from people where batch >= {first:UInt64} and batch < {end:UInt64}"
        " union distinct select distinct product, person from profiles"
        " where batch >= {first:UInt64} and batch < {end:UInt64}",
        bounds,
    )
    found: dict[int, list[int]] = {}
    for product, uid in rows:
        found.setdefault(product, []).append(uid)
    return found
