"""The open event store of a data folder: who owns it, and what questions are asked of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import IO

from django.db import connection

from userops import config
from userops.config import Config
from userops.errors import NotFound
from userops.events import batches, facts, person_set, persons, schema
from userops.events.catalogue import personal_of
from userops.events.engine import Engine, Limits
from userops.events.folder import lock_folder
from userops.events.ingest import Ingest
from userops.events.models import Product
from userops.events.personal import Personal
from userops.events.rollups import building
from userops.words import Words


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """A product as questions see it. `merged`: whether any of its users are merged; `version`: of its
    data; `users`: the uids given so far are below this."""

    id: int
    slug: str
    timezone: str
    merged: bool
    version: int = 0
    users: int = 0
    currency: str = ""


class Store:
    """Opens the engine, brings its schema up to date, and removes what a crash left behind."""

    def __init__(self, settings: Config, engine: Engine | None = None, lock: IO[str] | None = None):
        self.config = settings
        self._lock = lock
        limits = Limits(
            settings.query_seconds, settings.query_memory_mb, settings.sql_rows, settings.sql_mb
        )
        self.engine = engine or Engine(settings.event_dsn, limits=limits)
        schema.migrate(self.engine)
        if lock is not None:  # nobody else asks this engine
            person_set.sweep(self.engine)
        self.rolled_back = batches.roll_back(self.engine)
        persons.prepare(self.engine)
        self.batches = batches.Batches(self.engine)
        facts.sweep(self, alone=lock is not None)

    @classmethod
    def open(cls, settings: Config) -> Store:
        """Open the store of a data folder for this process alone. Raises `StoreBusy`."""
        return cls(settings, lock=lock_folder(settings.data))

    @cached_property
    def ingest(self) -> Ingest:
        return Ingest(self.engine, self.batches)

    def product(self, slug: str) -> Product:
        found = Product.objects.filter(slug=slug).first()
        if found is None:
            raise _no_product(slug)
        return found

    def facts(self, slug: str) -> ProductFacts:
        """What a question needs to know about a product. Raises `NotFound`."""
        with connection.cursor() as cursor:
            cursor.execute(_facts_sql(), [slug])
            row = cursor.fetchone()
        if row is None:
            raise _no_product(slug)
        number, timezone, merged, version, users, currency = row
        return ProductFacts(number, slug, timezone, bool(merged), version, users, currency)

    def builds(self, product: int) -> dict[date, int]:
        """The days of a product that count from their rollup, and the build of each."""
        return building.builds(product)

    def fact_versions(self, product: int) -> dict[str, int]:
        """The version of each fact of a product that counts."""
        return facts.versions(product)

    def fact_words(self, product: int) -> dict[str, Words]:
        """What the facts of a product are called."""
        return facts.words(product)

    def personal(self, product: int) -> Personal:
        """The properties of a product that say who somebody is."""
        return personal_of(product)

    def build_rollups(self, product: Product) -> int:
        """Build the daily rollups that are missing; answers how many days count now that did not."""
        return building.build(self.engine, self.batches, product)

    def first_time(self, product: int) -> datetime | None:
        """When the first event of a product happened."""
        sql = "select min(ts), count() from events where product = {product:UInt32}"
        first, count = self.engine.rows(sql, {"product": product})[0]
        return first if count else None

    def close(self) -> None:
        """Close the engine once no batch is being written."""
        with self.batches.idle():
            self.engine.close()
        if self._lock is not None:
            self._lock.close()


@cache
def _facts_sql() -> str:
    # each question asks it, and making it from models takes ten times as long as its answer
    return Path(__file__).with_name("product_facts.sql").read_text(encoding="utf-8")


def _no_product(slug: str) -> NotFound:
    known = ", ".join(Product.objects.order_by("slug").values_list("slug", flat=True)) or "—"
    return NotFound(
        Words(f"没有名为 {slug!r} 的产品。", f"There is no product {slug!r}."),
        code="product_not_found",
        hint=Words(f"已有产品：{known}。", f"Products: {known}."),
    )


_current: Store | None = None
_opening = threading.Lock()


def current() -> Store:
    """The store of this process, opened on first use and closed by `close_current`."""
    global _current  # noqa: PLW0603 - the engine opens its folder once per process
    with _opening:
        if _current is None:
            _current = Store.open(config.current())
        return _current


def use(store: Store | None) -> None:
    """Make `store` the one of this process; tests bring their own."""
    global _current  # noqa: PLW0603
    _current = store


def close_current() -> None:
    """Close the store of this process, if it is open. Waits for a batch being written."""
    global _current  # noqa: PLW0603
    with _opening:
        if _current is not None:
            _current.close()
            _current = None
