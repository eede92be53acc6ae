"""Counts days and lets them count.

A build is claimed, written to the engine under a number of its own, and then made to count for the days
that nobody has touched since it was claimed. A crash in between leaves rows that never count; they are
swept away later. No build begins while an import of the product runs: it may be taken back.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from django.db import connection, transaction

from userops.events import persons
from userops.events.batches import SYNC, Batches
from userops.events.engine import Engine
from userops.events.identity import chunks
from userops.events.models import ImportRun, Merge, Product, RollupDay

LONGEST_GAP = 31
"""Days without events that are built all the same."""
DAYS_AT_ONCE = 92
"""Days counted by one statement: what bounds its memory."""
STALE_BUILDS = 200
"""So many builds that no longer count are swept away together."""
_BUILDS = "select day, build from events_rollupday where product_id = %s and build is not null"
_COUNT = (Path(__file__).parent / "count_days.sql").read_text(encoding="utf-8")


def builds(product: int) -> dict[date, int]:
    """The days of a product that count from their rollup."""
    with connection.cursor() as cursor:
        # each question asks it, and making it from models takes as long again as its answer
        cursor.execute(_BUILDS, [product])
        return dict(cursor.fetchall())


def missing_days(engine: Engine, product: Product) -> list[date]:
    """The days with events, and those of short gaps between them, that do not count from a rollup, oldest
    first."""
    sql = (
        "select distinct toDate(ts, {timezone:String}) as day from events"
        " where product = {product:UInt32} order by day"
    )
    values = {"product": product.pk, "timezone": product.timezone}
    there = [row[0] for row in engine.rows(sql, values)]
    rows = RollupDay.objects.filter(product=product, build__isnull=False)
    built = set(rows.values_list("day", flat=True))
    return [day for day in _with_short_gaps(there) if day not in built]


def _with_short_gaps(there: list[date]) -> list[date]:
    """A day without events is a rollup without rows: that it is known costs less than to look. Not so for
    the years that a wrong clock opens up."""
    found = there[:1]
    for before, day in pairwise(there):
        gap = (day - before).days
        found += [
            before + timedelta(days=at) for at in range(1 if gap <= LONGEST_GAP else gap, gap + 1)
        ]
    return found


def build(
    engine: Engine,
    batches: Batches,
    product: Product,
    days: Sequence[date] | None = None,
    *,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> int:
    """Build these days, or all that are missing; answers how many count now."""
    if days is None:
        days = missing_days(engine, product)
    if not days or _importing(product):
        return 0
    counting = done = 0
    for part in chunks(sorted(days), DAYS_AT_ONCE):
        counting += _build(engine, batches, product, part)
        done += len(part)
        progress(done, len(days))
    sweep(engine, product)
    return counting


def _importing(product: Product) -> bool:
    running = ImportRun.objects.filter(product=product, state=ImportRun.State.RUNNING)
    return running.exists()


def _build(engine: Engine, batches: Batches, product: Product, days: list[date]) -> int:
    number = time.time_ns() // 1_000 * 1_000 + secrets.randbelow(1_000)
    with batches.idle(), transaction.atomic():
        rows = [RollupDay(product=product, day=day, pending=number) for day in days]
        RollupDay.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["product", "day"], update_fields=["pending"]
        )
    merged = Merge.objects.filter(product=product, undone=None).exists()
    timezone = Product.objects.values_list("timezone", flat=True).get(pk=product.pk)
    count_days(engine, product.pk, timezone, days, number, merged=merged)
    with batches.idle(), transaction.atomic():
        mine = RollupDay.objects.filter(product=product, pending=number)
        return mine.update(build=number, pending=None)


def count_days(
    engine: Engine, product: int, timezone: str, days: Iterable[date], number: int, *, merged: bool
) -> None:
    """Write the rows of a build."""
    person, moved = persons.person_sql(engine, product, merged=merged)
    values = {
        "product": product,
        "timezone": timezone,
        "build": number,
        "days": sorted(days),
        **moved,
    }
    engine.command(_COUNT.replace("$person", person), values)


def sweep(engine: Engine, product: Product) -> None:
    """Delete the rows of builds that no longer count, once there are many."""
    sql = "select day, build from active_users where product = {product:UInt32} group by day, build"
    there = set(engine.rows(sql, {"product": product.pk}))
    rows = RollupDay.objects.filter(product=product)
    counting = set(rows.exclude(build=None).values_list("day", "build"))
    counting |= set(rows.exclude(pending=None).values_list("day", "pending"))
    stale = sorted(set(map(tuple, there)) - counting)
    if len(stale) <= STALE_BUILDS:
        return
    which = "product = {product:UInt32} and (day, build) in {stale:Array(Tuple(Date, UInt64))}"
    for part in chunks(stale):
        values = {"product": product.pk, "stale": part}
        engine.command(f"alter table active_users delete where {which}", values, SYNC)
