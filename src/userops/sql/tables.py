"""What SQL sees: for each product a database of views, their columns listed one by one with their meaning."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from userops.events.engine import Engine
from userops.events.fields import FIELDS, Field
from userops.events.persons import person_sql
from userops.events.store import ProductFacts
from userops.query.sql import statement
from userops.words import Words

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is asked for, and what it means."""

    name: str
    type: str
    words: Words


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    words: Words
    columns: tuple[Column, ...]


def _field(field: Field) -> Column:
    if field.type == "number":
        return Column(field.name, "Nullable(Float64)", field.words)
    return Column(field.name, _TEXT if field.low_cardinality else "String", field.words)


_TEXT = "LowCardinality(String)"
_PERSON = Words(
    "用户编号，合并后的同一个人编号相同",
    "The user's number; people who were merged have one number",
)

EVENTS = Table(
    "events",
    Words("每个事件一行", "One row for each event"),
    (
        Column("event", _TEXT, Words("事件名", "Name of the event")),
        Column(
            "ts",
            "DateTime64(3)",
            Words("发生时间，产品时区", "When it happened, in the product's time zone"),
        ),
        Column("person", "UInt32", _PERSON),
        Column(
            "received",
            "DateTime64(3)",
            Words("收到时间，产品时区", "When it was received, in the product's time zone"),
        ),
        *(_field(field) for field in FIELDS),
        Column(
            "props",
            "JSON",
            Words(
                "其他属性，如 props.sku::String",
                "All other properties, such as props.sku::String",
            ),
        ),
    ),
)
PROFILES = Table(
    "profiles",
    Words("每个有属性的用户一行", "One row for each user of whom properties are known"),
    (
        Column("person", "UInt32", _PERSON),
        Column(
            "props",
            "JSON",
            Words(
                "用户属性，如 props.level::String", "Their properties, such as props.level::String"
            ),
        ),
    ),
)
TABLES = (EVENTS, PROFILES)

SYSTEM = ("settings", "tables", "columns", "databases", "functions", "one")
"""Tables of the engine's own that clients ask for; each is a view that tells of this product alone."""


OPEN_SETTINGS = (
    "date_time_output_format",
    "extremes",
    "join_use_nulls",
    "limit",
    "max_block_size",
    "offset",
    "session_timezone",
)
"""Settings of the engine that a client may choose, besides those of its output formats."""
LOWERED_SETTINGS = ("max_execution_time", "max_result_bytes", "max_result_rows")
"""Limits that a client may choose, as far as they are lower than ours."""
TOLD_SETTINGS = (
    "cancel_http_readonly_queries_on_client_close",
    "enable_http_compression",
    "http_headers_progress_interval_ms",
    "readonly",
    "send_progress_in_http_headers",
    "wait_end_of_query",
)
"""Settings that clients look for and send, to no or little effect."""
NOWHERE = ProductFacts(0, "", "UTC", False)
"""Where a client is that has named no product: nothing can be asked there but what it is talking to."""


def database_of(engine: Engine, slug: str) -> str:
    """The name of a product's database. `demo` would be nicer, but another may own it."""
    prefix = "userops" if engine.database == "default" else engine.database
    return f"{prefix}_{slug}" if slug else f"{prefix}-nowhere"


_ready: WeakKeyDictionary[Engine, dict[str, str]] = WeakKeyDictionary()
_making = threading.Lock()


def prepare(engine: Engine, facts: ProductFacts) -> str:
    """Make sure that the product's database is there and up to date; answers its name."""
    database = database_of(engine, facts.slug)
    pieces = _pieces(engine, facts, database)
    wanted = "\n".join(f"{name}={value}" for name, value in pieces.items())
    with _making:
        ready = _ready.setdefault(engine, {})
        if ready.get(database) != wanted:
            for file in ("views.sql", "system.sql") if facts.slug else ("system.sql",):
                for text in statement(FOLDER / file, pieces).split(";\n"):
                    engine.command(text)
            ready[database] = wanted
    return database


def _pieces(engine: Engine, facts: ProductFacts, database: str) -> dict[str, str]:
    # a slug has only letters, digits and hyphens; a time zone is one that Python knows
    return {
        "database": database,
        "home": engine.database,
        "product": str(facts.id),
        "slug": facts.slug,
        "zone": facts.timezone,
        "person": _person(engine, facts),
        "fields": ",\n    ".join(field.name for field in FIELDS),
        "names": _quoted(table.name for table in TABLES),
        "open": _quoted((*OPEN_SETTINGS, *LOWERED_SETTINGS)),
        "told": _quoted(TOLD_SETTINGS),
    }


def _person(engine: Engine, facts: ProductFacts) -> str:
    """The person behind a row, as all questions have it; who has just moved stands in the view itself."""
    sql, moves = person_sql(engine, facts.id, merged=facts.merged)
    for name, numbers in moves.items():
        sql = sql.replace(f"{{{name}:Array(UInt32)}}", str(numbers))
    return sql.replace("'person_of_", f"'{engine.database}.person_of_")


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
