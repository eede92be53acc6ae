"""The data-quality report: figures, and the findings that a person should look at."""

from __future__ import annotations

from datetime import date

import msgspec

from userops.words import Words


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something to look at. `code` is stable; `zh` and `en` are the sentence."""

    code: str
    level: str
    """`info`, `notice` or `warning`."""
    zh: str
    en: str
    field: str = ""

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)


class RefusedExample(msgspec.Struct, frozen=True, kw_only=True):
    row: int
    detail: str
    raw: str


class RefusedReason(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    count: int
    examples: tuple[RefusedExample, ...] = ()


class FieldReport(msgspec.Struct, frozen=True, kw_only=True):
    """One column. `low` … `outliers` are null unless nearly all values are numbers."""

    name: str
    rows: int
    missing: int
    distinct: int
    distinct_exact: bool
    shortest: int | None
    longest: int
    top: tuple[tuple[str, int], ...]
    shapes: tuple[tuple[str, int], ...]
    numeric: bool
    low: float | None = None
    high: float | None = None
    mean: float | None = None
    median: float | None = None
    negative: int = 0
    zero: int = 0
    outliers: int = 0


class TimeReport(msgspec.Struct, frozen=True, kw_only=True):
    """`first` and `last` are ISO 8601 in UTC; days are those of `timezone`."""

    timezone: str
    first: str | None = None
    last: str | None = None
    days: tuple[tuple[date, int], ...] = ()
    gaps: tuple[tuple[date, date], ...] = ()
    drops: tuple[tuple[date, int, float], ...] = ()
    """Day, events, events expected."""


class QualityReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came in, what was kept, and how it looks. JSON form: `to_json`, `from_json`."""

    rows: int
    stored: int
    refused: int
    duplicates: int
    repeated: int
    """Rows that say in every column what another row of the same file says."""
    reasons: tuple[RefusedReason, ...]
    fields: tuple[FieldReport, ...]
    users: int
    users_exact: bool
    top_users: tuple[tuple[str, int], ...]
    events: tuple[tuple[str, int], ...]
    time: TimeReport
    findings: tuple[Finding, ...] = ()
    notes: dict[str, int] = {}
    encoding: str = ""
    bad_bytes: int = 0
    suspect_characters: int = 0

    def to_json(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, text: bytes | str) -> QualityReport:
        return msgspec.json.decode(text, type=cls)

    def field(self, name: str) -> FieldReport:
        """The report of one column. Raises `KeyError`."""
        return {each.name: each for each in self.fields}[name]
