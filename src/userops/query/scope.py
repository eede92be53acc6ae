"""Where a question is asked: one product of one engine, at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import pyarrow as pa

from userops.events.engine import Engine
from userops.events.personal import Personal
from userops.events.persons import person_sql
from userops.events.rollups.reading import Builds
from userops.query.sql import Values


@dataclass(frozen=True)
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
    version: int = 0
    """Of the product's data: raised by whatever changes an answer."""
    users: int = 0
    """The uids given so far are below this; 0 where nobody says."""
    builds: Callable[[], Builds] = field(default=dict)
    """The days that count from their rollup; none where nobody says."""
    facts: Callable[[], Mapping[str, int]] = field(default=dict)
    """The version of each fact that counts."""
    personal: Callable[[], Personal] = field(default=Personal)
    """The properties that say who somebody is."""
    before: int | None = None
    """As if no event from this moment on had come in, in UTC milliseconds."""
    currency: str = ""
    """In which the product counts its `amount`, as ISO 4217 names it; empty where nobody says."""
    threads: int = 0
    """Of the engine for each statement; 0: as many as there are processors."""

    @cached_property
    def _persons(self) -> tuple[str, dict[str, list[int]]]:
        # once for all statements of a question, that they agree
        return person_sql(self.engine, self.product, merged=self.merged)

    @cached_property
    def rollup(self) -> Builds:
        """The days of `active_users` that count for this question."""
        return self.builds()

    @cached_property
    def _facts(self) -> Mapping[str, int]:
        return self.facts()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def person(self) -> str:
        """The SQL expression for the person behind a row of `events`."""
        return self._persons[0]

    def values(self) -> Values:
        """Fresh parameters that already hold `{product:UInt32}`, `{timezone:String}` and what `person`
        needs."""
        return Values(
            lambda: self._facts,
            self.person,
            product=self.product,
            timezone=self.timezone,
            **self._persons[1],
        )

    def ask(self, sql: str, values: Values, *, text: bool = True) -> pa.Table:
        return self.engine.arrow(
            sql,
            values.parameters,
            query_id=self.query_id,
            text=text,
            before=self.before,
            threads=self.threads,
        )
