"""How much each event and property is used, from the events themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from userops.events import store
from userops.events.engine import Engine
from userops.query.filters import text_sql
from userops.query.sql import Values, statement

FOLDER = Path(__file__).parent
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Volume:
    """Of one event name, over the whole history."""

    events: int
    users: int
    last_seen: datetime


def event_volumes(product: int) -> dict[str, Volume]:
    rows = store.current().engine.rows(statement(FOLDER / "volumes.sql"), {"product": product})
    return {row[0]: Volume(*row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Use:
    """Of one property, in a sample of the newest events: how often it is set, and usual values."""

    sampled: int
    set: int
    examples: tuple[str, ...]


def property_use(product: int, of: str, name: str) -> Use:
    values = Values(product=product)
    text = text_sql(name, "user" if of == "user" else "event", values)
    file = "user_property.sql" if of == "user" else "event_property.sql"
    sampled, set_, examples = _row(
        store.current().engine, statement(FOLDER / file, {"text": text}), values
    )
    return Use(sampled, set_, tuple(each[:80] for each in examples if each)[:EXAMPLES])


def _row(engine: Engine, sql: str, values: Values) -> tuple[int, int, list[str]]:
    sampled, set_, examples = engine.rows(sql, values.parameters)[0]
    return sampled, set_, examples
