"""The base of every query document: frozen, exact, resolved once, hashed."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any, Self

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from userops.query.dates import DateRange
from userops.query.filters import Filters
from userops.query.scope import Scope

EARLIEST_END = datetime(1990, 1, 1, tzinfo=UTC)


class Document(BaseModel):
    """One question about one product. Each analysis adds its own `kind` and fields.

    `filters` hold for every event that the document looks at. `until`: the moment at which the data ended, where the
    question is asked as of then: what would have come later is not over, instead of having been missed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: str
    version: int = Field(default=1, ge=1, le=1)
    product: str = Field(min_length=1, max_length=63)
    range: DateRange = DateRange(last=30)
    filters: Filters = ()
    until: AwareDatetime | None = Field(default=None, ge=EARLIEST_END)

    def as_of(self, now: datetime) -> datetime:
        """The moment that the question takes for now."""
        return min(self.until, now) if self.until else now

    def resolve(self, scope: Scope, first_day: date | None = None) -> Self:
        """The same question with absolute dates: what is run, hashed and quoted."""
        return self.model_copy(
            update={"range": self.range.resolve(scope.now, scope.zone, first_day)}
        )

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def hash(self) -> str:
        """Of a resolved document: the cache key, and the id that reports quote. 16 hex digits."""
        return hashlib.sha256(
            orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS)
        ).hexdigest()[:16]
