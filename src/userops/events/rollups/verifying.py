"""Compares the rollups that count with a recomputation from the events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from userops.events import persons
from userops.events.batches import SYNC, Batches
from userops.events.engine import Engine
from userops.events.identity import chunks
from userops.events.models import Merge, Product
from userops.events.rollups import building, touching

PROBE = 0
"""The build under which days are counted again; it never counts."""
DAYS_AT_ONCE = 31
_DIFFERENT = (Path(__file__).parent / "different_days.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Verified:
    """Days that were compared, and those of them that are wrong."""

    days: int
    wrong: tuple[date, ...]


def verify(engine: Engine, product: Product) -> Verified:
    """Count every day again that counts from its rollup. Call while no batch is written."""
    of = building.builds(product.pk)
    merged = Merge.objects.filter(product=product, undone=None).exists()
    persons.reload_persons(engine, product.pk)
    wrong: list[date] = []
    for days in chunks(sorted(of), DAYS_AT_ONCE):
        _forget_probe(engine, product)
        building.count_days(engine, product.pk, product.timezone, days, PROBE, merged=merged)
        pairs = [(day, number) for day in days for number in (of[day], PROBE)]
        rows = engine.rows(_DIFFERENT, {"product": product.pk, "builds": pairs})
        wrong += [row[0] for row in rows]
    _forget_probe(engine, product)
    return Verified(len(of), tuple(wrong))


def repair(engine: Engine, batches: Batches, product: Product, wrong: Sequence[date]) -> int:
    """Build wrong days anew, and those that are missing; answers how many count now that did not."""
    with batches.idle():
        touching.touch(product.pk, wrong)
    return building.build(engine, batches, product)


def _forget_probe(engine: Engine, product: Product) -> None:
    which = "product = {product:UInt32} and build = {probe:UInt64}"
    values = {"product": product.pk, "probe": PROBE}
    engine.command(f"alter table active_users delete where {which}", values, SYNC)
