"""Where a question is asked: one product of one engine, at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from userops.events.engine import Engine
from userops.query.sql import Values


@dataclass(frozen=True, slots=True)
class Scope:
    """A product and the engine that holds its events.

    `merged` says whether any of its users have been merged, so that products without merges do not
    pay for looking each user up.
    """

    engine: Engine
    product: int
    slug: str
    timezone: str
    merged: bool
    now: datetime
    query_id: str | None = field(default=None)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def person(self) -> str:
        """The SQL expression for the person behind a row of `events`."""
        if not self.merged:
            return "uid"
        key = "bitShiftLeft(toUInt64(product), 32) + uid"
        return f"dictGetOrDefault('person_of', 'person', {key}, uid)"

    def values(self) -> Values:
        """Fresh parameters that already hold `{product:UInt32}` and `{timezone:String}`."""
        return Values(product=self.product, timezone=self.timezone)

    def ask(self, sql: str, values: Values) -> pa.Table:
        return self.engine.arrow(sql, values.parameters, query_id=self.query_id)
