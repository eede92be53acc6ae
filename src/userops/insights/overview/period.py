"""The days that the overview looks at: up to yesterday, or up to the last day of data that has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from userops.events.models import Product
from userops.events.store import Store
from userops.query.dates import DateRange, milliseconds
from userops.query.sql import Values, statement

SQL = Path(__file__).parent / "sql"
DAYS = 30
LATE_DAYS = 2
"""Data that ends longer ago is looked at where it ends."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """`recent`: events of the last 24 hours. `newest` is None without any event."""

    newest: datetime | None
    recent: int
    total: int


@dataclass(frozen=True, slots=True)
class Period:
    """`live`: it ends with yesterday, so that its documents may say “the last 30 days”."""

    last_day: date
    live: bool

    def days(self, count: int = DAYS, *, ago: int = 0) -> dict[str, Any]:
        """The range of `count` days that ended `ago` days before the last one, as in a document."""
        if self.live and not ago:
            return {"last": count}
        return self.absolute(count, ago=ago)

    def absolute(self, count: int = DAYS, *, ago: int = 0) -> dict[str, Any]:
        end = self.last_day - timedelta(days=ago)
        return {"from": (end - timedelta(days=count - 1)).isoformat(), "to": end.isoformat()}

    def bounds(self, count: int, zone: ZoneInfo) -> tuple[int, int]:
        """First millisecond of the last `count` days, and first after them."""
        return DateRange(**self.absolute(count)).bounds(zone)


def freshness(store: Store, product: int, now: datetime | None = None) -> Freshness:
    now = now or datetime.now(UTC)
    values = Values(product=product)
    pieces = {
        "since": instant(values, milliseconds(now - timedelta(days=1))),
        "now": instant(values, milliseconds(now)),
    }
    newest, recent, total = store.engine.rows(
        statement(SQL / "newest.sql", pieces), values.parameters
    )[0]
    if not total:
        return Freshness(None, 0, 0)
    return Freshness(newest if newest.tzinfo else newest.replace(tzinfo=UTC), recent, total)


def instant(values: Values, ms: int) -> str:
    return f"fromUnixTimestamp64Milli({values.whole(ms)}, 'UTC')"


def period_of(product: Product, fresh: Freshness, now: datetime | None = None) -> Period:
    """The days of the overview. Without data: those that end with yesterday."""
    zone = ZoneInfo(product.timezone)
    yesterday = (now or datetime.now(UTC)).astimezone(zone).date() - timedelta(days=1)
    newest = fresh.newest.astimezone(zone).date() if fresh.newest else yesterday
    live = newest >= yesterday - timedelta(days=LATE_DAYS)
    return Period(yesterday if live else newest, live)
