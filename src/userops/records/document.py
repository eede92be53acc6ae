"""The base of every question about records: frozen, exact, resolved once, hashed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, ConfigDict, Field

from userops.query.dates import DateRange


class RecordQuery(BaseModel):
    """One question about the records of one product. Each figure adds its own `kind` and fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: str
    version: int = Field(default=1, ge=1, le=1)
    product: str = Field(min_length=1, max_length=63)
    range: DateRange = DateRange(last=30)

    def resolve(self, now: datetime, zone: ZoneInfo) -> Self:
        """The same question with absolute dates: what is run, hashed and quoted."""
        return self.model_copy(update={"range": self.range.resolve(now, zone, None)})

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def hash(self) -> str:
        """Of a resolved document. 16 hex digits."""
        return hashlib.sha256(
            orjson.dumps(self.as_json(), option=orjson.OPT_SORT_KEYS)
        ).hexdigest()[:16]
