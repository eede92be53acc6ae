"""Fixtures for all tests: one embedded engine and one operational database per test run.

chDB opens one folder per process, so tests share the engine and keep apart by product.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

_FOLDER = tempfile.TemporaryDirectory(prefix="userops-test-", ignore_cleanup_errors=True)
os.environ["USEROPS_DATA"] = _FOLDER.name
# named here and not in pyproject.toml: the settings are read once, after the folder above is set
os.environ["DJANGO_SETTINGS_MODULE"] = "userops.web.settings"
# PYTHONDONTWRITEBYTECODE: the tests start many processes, which should not compile all again
for _name in ("CLICKHOUSE_URL", "USEROPS_PRODUCTION", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(_name, None)

REAL_DATA = Path(__file__).resolve().parent.parent / "shared" / "data"


def pytest_configure() -> None:
    import django
    from hypothesis import HealthCheck, settings

    # a busy machine is no reason to fail; where changes land, neither is an example nobody had met
    # before: there the same ones are tried each time, everywhere else new ones
    settings.register_profile(
        "userops",
        deadline=None,
        derandomize="CI" in os.environ,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("userops")
    django.setup()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Each worker reads its settings anew, with a folder of its own."""
    for name in ("USEROPS_DATA", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)


_numbers = itertools.count(1_000_000)
_first_runs = itertools.count(1_000, 1_000)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real datasets; skips loudly where it is not."""
    if not REAL_DATA.exists():
        pytest.skip(f"REAL DATA MISSING: {REAL_DATA} is not there; the real-file tests did not run")
    return REAL_DATA


@pytest.fixture(scope="session")
def engine() -> Iterator[Any]:
    """The one engine of this test run, with the newest schema."""
    from userops.config import current
    from userops.events.engine import Engine
    from userops.events.schema import migrate

    engine = Engine(current().event_dsn)
    migrate(engine)
    yield engine
    engine.close()


@pytest.fixture
def store(engine: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The event store over the shared engine, also as `store.current()` of the process.

    Batch numbers go on from what earlier tests wrote, whose databases are gone. Their imports look unfinished now:
    they are left where they are, as taking them out rewrites the tables.
    """
    from userops.analyses.answering import forget_answers
    from userops.config import current
    from userops.events import batches
    from userops.events.batches import IMPORTS
    from userops.events.identity import CACHE
    from userops.events.models import Intake
    from userops.events.store import Store, use

    CACHE.clear()
    forget_answers()
    newest = engine.value(
        "select max(batch) from events where batch < {first:UInt64}", {"first": IMPORTS}
    )
    Intake.objects.update_or_create(pk=1, defaults={"done": newest})
    _never_reuse_import_numbers()
    import_batches, left = batches._import_batches, batches._import_batches(engine)
    monkeypatch.setattr(batches, "_import_batches", lambda engine: import_batches(engine) - left)
    store = Store(current(), engine=engine)
    use(store)
    yield store
    use(None)


@pytest.fixture
def make_product(store: Any) -> Callable[..., Any]:
    """Makes products in Asia/Shanghai whose numbers are never used twice in the engine."""
    from userops.events.models import Product

    def make(**fields: Any) -> Any:
        number = next(_numbers)
        defaults = {"slug": f"p{number}", "name": f"Product {number}"}
        return Product.objects.create(pk=number, **{**defaults, **fields})

    return make


def _never_reuse_import_numbers() -> None:
    """The engine keeps the events of imports whose runs were rolled back with their test."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            table = ["events_importrun", next(_first_runs)]
            cursor.execute("delete from sqlite_sequence where name = %s", table[:1])
            cursor.execute("insert into sqlite_sequence (name, seq) values (%s, %s)", table)


@pytest.fixture
def product(make_product: Callable[..., Any]) -> Any:
    """A fresh product."""
    return make_product()


@pytest.fixture(scope="session")
def make_scope(engine: Any) -> Callable[..., Any]:
    """`make_scope(events, timezone=…, merges={uid: person}, profiles={person: {…}},
    facts={name: {uid: value}}, now=…) -> Scope`.

    `events`: dicts with `event`, `uid`, `ts` (UTC ms), and optionally any typed column and `props` (dict).
    Each call makes a product of its own, so tests do not see each other's rows.
    """

    def make(
        events: list[dict[str, Any]],
        *,
        timezone: str = "UTC",
        merges: dict[int, int] | None = None,
        profiles: dict[int, dict[str, Any]] | None = None,
        facts: dict[str, dict[int, str]] | None = None,
        now: datetime | None = None,
    ) -> Any:
        from userops.query.scope import Scope

        product = next(_numbers)
        _insert(engine, product, events, merges or {}, profiles or {})
        versions = {name: next(_numbers) for name in facts or {}}
        for name, rows in (facts or {}).items():
            _insert_fact(engine, product, versions[name], name, rows)
        return Scope(
            engine=engine,
            product=product,
            slug=f"p{product}",
            timezone=timezone,
            merged=bool(merges),
            users=1
            + max((*(each["uid"] for each in events), *(merges or {0: 0}).values()), default=0),
            now=now or datetime(2030, 1, 1, tzinfo=UTC),
            facts=lambda: versions,
        )

    return make


def _insert_fact(engine: Any, product: int, version: int, name: str, rows: dict[int, str]) -> None:
    import pyarrow as pa

    count = len(rows)
    if count:
        columns = {
            "version": pa.array([version] * count, pa.uint64()),
            "product": pa.array([product] * count, pa.uint32()),
            "name": [name] * count,
            "uid": pa.array(list(rows), pa.uint32()),
            "value": list(rows.values()),
        }
        engine.insert("facts", pa.table(columns))


def _insert(
    engine: Any,
    product: int,
    events: list[dict[str, Any]],
    merges: dict[int, int],
    profiles: dict[int, dict[str, Any]],
) -> None:
    import orjson
    import pyarrow as pa

    from userops.events.fields import NUMBER_FIELDS, TEXT_FIELDS
    from userops.events.persons import reload_persons

    count = len(events)
    if count:
        columns = {
            "product": pa.array([product] * count, pa.uint32()),
            "event": [row["event"] for row in events],
            "uid": pa.array([row["uid"] for row in events], pa.uint32()),
            "ts": pa.array([row["ts"] for row in events], pa.timestamp("ms", "UTC")),
            "props": [orjson.dumps(row.get("props", {})).decode() for row in events],
        }
        for name in TEXT_FIELDS:
            columns[name] = [row.get(name, "") for row in events]
        for name in NUMBER_FIELDS:
            columns[name] = pa.array([row.get(name) for row in events], pa.float64())
        engine.insert("events", pa.table(columns))
    if merges:
        engine.insert(
            "people",
            pa.table(
                {
                    "product": pa.array([product] * len(merges), pa.uint32()),
                    "uid": pa.array(list(merges), pa.uint32()),
                    "person": pa.array(list(merges.values()), pa.uint32()),
                    "version": pa.array([1] * len(merges), pa.uint64()),
                }
            ),
        )
        reload_persons(engine, product)
    if profiles:
        engine.insert(
            "profiles",
            pa.table(
                {
                    "product": pa.array([product] * len(profiles), pa.uint32()),
                    "person": pa.array(list(profiles), pa.uint32()),
                    "version": pa.array([1] * len(profiles), pa.uint64()),
                    "props": [orjson.dumps(each).decode() for each in profiles.values()],
                }
            ),
        )


@pytest.fixture
def make_user(db: None) -> Callable[..., Any]:
    """`make_user(role, product=None) -> User`: a member with a role in one product or in all; without
    a role, somebody who has an account and no product."""
    from userops.workspace.models import Membership, User

    def make(role: str | None = None, product: Any = None, *, email: str = "") -> Any:
        number = next(_numbers)
        # set by hand: the password's hash takes 50 ms, and most tests log in by force
        user = User.objects.create(
            email=email or f"{role or 'stranger'}{number}@example.com",
            password="!",  # noqa: S106
        )
        if role is not None:
            Membership.objects.create(user=user, product=product, role=role)
        return user

    return make


@pytest.fixture
def at_once() -> Iterator[None]:
    """Tasks run where they are queued."""
    from userops.events.tasks import queue

    queue.immediate = True
    yield
    queue.immediate = False
