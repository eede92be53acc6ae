"""Days whose events, or whose persons, have changed: they no longer count from their rollup."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import F, Q

from userops.events.engine import Engine
from userops.events.models import Product, RollupDay

MANY_USERS = 10_000
"""Of so many users no days are looked up: all days are touched."""
_QUARTER = 15 * 60_000
_BUILT = Q(build__isnull=False) | Q(pending__isnull=False)


def changed(product: int) -> None:
    """Answers given before are out of date. Call within the transaction that makes the change count."""
    Product.objects.filter(pk=product).update(version=F("version") + 1)


def touch(product: int, days: Iterable[date]) -> None:
    """These days have to be read from their events. Call within the transaction that makes the change
    count, and where rows were taken away, also before they are."""
    changed(product)
    RollupDay.objects.filter(_BUILT, product=product, day__in=set(days)).update(
        build=None, pending=None
    )


def touch_all(product: int) -> None:
    """All days of a product: a new time zone, or more changes than are worth looking at."""
    changed(product)
    RollupDay.objects.filter(_BUILT, product=product).update(build=None, pending=None)


def touch_times(product: int, times: Collection[int]) -> None:
    """The days of these instants, in UTC milliseconds."""
    if not times:
        return
    changed(product)
    if not _has_builds(product):
        return
    zone = ZoneInfo(Product.objects.values_list("timezone", flat=True).get(pk=product))
    quarters = np.unique(np.fromiter(times, np.int64, len(times)) // _QUARTER) * _QUARTER
    touch(product, days_of(quarters.tolist(), zone))


def days_of(quarters: Iterable[int], zone: ZoneInfo) -> set[date]:
    """The days that these quarters of an hour touch: a quarter may hold a midnight where a time zone is
    off by odd minutes."""
    found: set[date] = set()
    for at in quarters:
        begin = datetime.fromtimestamp(at / 1000, tz=UTC).astimezone(zone)
        found.update((begin.date(), (begin + timedelta(minutes=15)).date()))
    return found


def touch_users(engine: Engine, product: int, uids: Collection[int]) -> None:
    """The days on which these users were active: they are other persons now, or gone."""
    if not uids:
        return
    changed(product)
    if not _has_builds(product):
        return
    if len(uids) > MANY_USERS:
        touch_all(product)
        return
    timezone = Product.objects.values_list("timezone", flat=True).get(pk=product)
    sql = (
        "select distinct toDate(ts, {timezone:String}) from events"
        " where product = {product:UInt32} and uid in {uids:Array(UInt32)}"
    )
    values = {"timezone": timezone, "product": product, "uids": list(uids)}
    touch(product, (row[0] for row in engine.rows(sql, values)))


def discard_pending() -> None:
    """Builds on their way may have counted rows that were taken back: they will not count."""
    Product.objects.update(version=F("version") + 1)
    RollupDay.objects.filter(pending__isnull=False).update(pending=None)


def _has_builds(product: int) -> bool:
    return RollupDay.objects.filter(_BUILT, product=product).exists()
