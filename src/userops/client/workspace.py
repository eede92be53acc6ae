"""What the Python door offers, whatever it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from userops.errors import NotFound
from userops.words import Words

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from userops.client.desk import Desk


@dataclass(frozen=True)
class QueryResult:
    """An answer. `json` is what the API answers; `table` the same figures as rows."""

    json: dict[str, Any]
    table: pa.Table

    @property
    def result(self) -> dict[str, Any]:
        figures: dict[str, Any] = self.json["result"]
        return figures

    @property
    def definition(self) -> dict[str, str]:
        words: dict[str, str] = self.json["definition"]
        return words

    def arrow(self) -> pa.Table:
        return self.table

    def pandas(self) -> pd.DataFrame:
        return self.table.to_pandas()


@dataclass(frozen=True)
class SqlResult:
    """An answer to SQL. `more`: there are rows beyond the limit."""

    table: pa.Table
    more: bool

    def arrow(self) -> pa.Table:
        return self.table

    def pandas(self) -> pd.DataFrame:
        return self.table.to_pandas()


class Workspace(Protocol):
    """Something that answers query documents and SQL. `desk`: deadlines and rules of feedback tickets."""

    @property
    def desk(self) -> Desk: ...

    def query(self, document: Mapping[str, Any]) -> QueryResult:
        """Answer a document. Raises `DocumentError` and the other `UserOpsError`s."""
        ...

    def people(
        self,
        document: Mapping[str, Any],
        selection: Mapping[str, Any],
        *,
        limit: int = 100,
        offset: int = 0,
    ) -> dict[str, Any]:
        """Who is behind one number of an answer: `total`, and `people` with their `uid` and the `id` that
        was sent. `selection` names the number; the reference of each analysis says how."""
        ...

    def explain(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Where a document would be answered from: `source` (rollup, events, both), `reason` in both
        languages, and how many days are read from where."""
        ...

    def sql(
        self, text: str, *, product: str | None = None, limit: int = 1_000, **parameters: Any
    ) -> SqlResult:
        """Ask read-only SQL; `parameters` are the values of its `{name:Type}`.

        `product` may be left out where there is only one. Raises `UserOpsError`s.
        """
        ...

    def tags(self, product: str) -> list[dict[str, Any]]:
        """The tags of a product with their counts. Raises `UserOpsError`s."""
        ...

    def tag(self, product: str, name: str, values: Mapping[str, str]) -> dict[str, Any]:
        """Give users, by their ids, the values of a tag; answers `people` and `refused` rows by reason."""
        ...

    def feedback_channels(self, product: str) -> list[dict[str, Any]]:
        """The doors by which users' words come in, without their secrets. Raises `UserOpsError`s."""
        ...

    def segments(self, *, product: str | None = None) -> list[dict[str, Any]]:
        """The segments of a product, with their sizes at the last refresh."""
        ...

    def count_segment(
        self,
        document: Mapping[str, Any],
        *,
        quick: bool = False,
        day: date | None = None,
        product: str | None = None,
    ) -> dict[str, Any]:
        """How many users a segment document means: `size`, `everyone`, `share`; `quick`: where many events
        would be read, estimated of `asked` users, with the 95% `interval` (both None where it is exact);
        `day`: as of its end, where `past` says what is known of it."""
        ...

    def reports(self, *, product: str | None = None) -> list[dict[str, Any]]:
        """The reports of a product, the newest period first."""
        ...

    def report(
        self, number: int, *, product: str | None = None, version: int | None = None
    ) -> dict[str, Any]:
        """One version (default: the newest) with its figures, their rows, and its sentences."""
        ...

    def report_file(
        self,
        number: int,
        format: str = "docx",  # noqa: A002
        *,
        language: str = "zh",
        product: str | None = None,
        version: int | None = None,
    ) -> bytes:
        """A version as `docx`, `pptx`, `xlsx`, `pdf` or `html`, in `zh` or `en`."""
        ...

    def build_report(
        self,
        kind: str,
        period: str,
        *,
        product: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Make a report over a period (`2026-09`) and wait for its figures: its line, as in `reports`."""
        ...

    def pain_points(self, *, product: str | None = None) -> list[dict[str, Any]]:
        """The pain points of a product with terms, verdict and figures, the highest score first."""
        ...

    def understanding(self, *, product: str | None = None) -> dict[str, Any]:
        """How right the desk is about tickets: figures of the models, of keywords, of agreement."""
        ...

    def reading(self, ticket: int, *, product: str | None = None) -> dict[str, Any]:
        """What was read in a ticket, what is suggested, and what members decided."""
        ...

    def correct(self, ticket: int, *, product: str | None = None, **right: Any) -> dict[str, Any]:
        """Correct or confirm a reading: `category` (its key), `sentiment`, `severity`, `complaint`."""
        ...

    def topics(self, *, product: str | None = None) -> dict[str, Any]:
        """How topics were grown, and `items`: each with quality, trend by day, newness and burst."""
        ...

    def topic(self, key: int, *, product: str | None = None, limit: int = 100) -> dict[str, Any]:
        """One topic with its quotes and its tickets, those nearest to its middle first."""
        ...

    def close(self) -> None: ...


def only_one(slugs: list[str]) -> str:
    """The one product there is. Raises `NotFound` when that is not clear."""
    if len(slugs) == 1:
        return slugs[0]
    known = ", ".join(sorted(slugs)) or "—"
    raise NotFound(
        Words(f"请指明产品。已有产品：{known}。", f"Name the product. Products: {known}."),
        code="product_not_named",
    )
