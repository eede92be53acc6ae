"""Long lists come in pages."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from ninja import Field, Query, Schema

Item = TypeVar("Item")
MAX_LIMIT = 1_000
MAX_OFFSET = 1_000_000

Key = Annotated[int, Field(ge=1, le=2**53)]
"""An id of ours in an address."""

Number = Annotated[int, Field(ge=0, le=2**32 - 1)]
"""A user's dense number."""


class Page(Schema, Generic[Item]):
    """`total` counts all items, not only those of this page."""

    total: int
    items: list[Item]


class Paging(Schema):
    limit: int = Field(100, ge=1, le=MAX_LIMIT)
    offset: int = Field(0, ge=0, le=MAX_OFFSET)

    @property
    def slice(self) -> slice:
        return slice(self.offset, self.offset + self.limit)


Pages = Annotated[Paging, Query()]
