"""The data-quality report: figures of a profile, with the findings a person should look at."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime

import msgspec

from userops.events.quality.coverage import drops, gaps
from userops.events.quality.fieldstats import FieldStats, finite
from userops.events.quality.profile import DataProfile
from userops.words import Words

TOP = 10


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


def make_report(
    profile: DataProfile,
    *,
    stored: int,
    duplicates: int,
    repeated: int,
    timezone: str,
    encoding: str = "",
    bad_bytes: int = 0,
    suspect_characters: int = 0,
    codes: Collection[str] = (),
) -> QualityReport:
    """Freeze a profile. The counts are those of the store, after it knew what it had already.
    `codes` are columns of ids and times: their digits measure nothing."""
    from userops.events.quality.findings import find

    plain = QualityReport(
        rows=profile.rows,
        stored=stored,
        refused=profile.refused.total(),
        duplicates=duplicates,
        repeated=repeated,
        reasons=_reasons(profile),
        fields=tuple(
            _field_report(stats, numeric=stats.is_numeric and stats.name not in codes)
            for stats in profile.fields.values()
        ),
        users=profile.users.distinct_count,
        users_exact=profile.users.values.exact,
        top_users=profile.users.values.top(TOP),
        events=tuple(_most(profile.events.items())),
        time=_time_report(profile, timezone),
        notes=dict(profile.notes),
        encoding=encoding,
        bad_bytes=bad_bytes,
        suspect_characters=suspect_characters,
    )
    return msgspec.structs.replace(plain, findings=find(plain, profile))


def _reasons(profile: DataProfile) -> tuple[RefusedReason, ...]:
    return tuple(
        RefusedReason(
            code=code,
            count=count,
            examples=tuple(
                RefusedExample(row=each.row, detail=each.detail, raw=each.raw)
                for each in profile.examples.get(code, ())
            ),
        )
        for code, count in _most(profile.refused.items())
    )


def _field_report(stats: FieldStats, *, numeric: bool) -> FieldReport:
    plain = FieldReport(
        name=stats.name,
        rows=stats.rows,
        missing=stats.missing,
        distinct=stats.distinct_count,
        distinct_exact=stats.values.exact,
        shortest=stats.shortest,
        longest=stats.longest,
        top=stats.values.top(TOP),
        shapes=tuple(_most(stats.shapes.items()))[:TOP],
        numeric=numeric,
    )
    if not numeric:
        return plain
    numbers = stats.numbers
    return msgspec.structs.replace(
        plain,
        low=finite(numbers.low),
        high=finite(numbers.high),
        mean=finite(numbers.mean),
        median=finite(numbers.quantile(0.5)),
        negative=numbers.negative,
        zero=numbers.zero,
        outliers=numbers.outliers(),
    )


def _time_report(profile: DataProfile, timezone: str) -> TimeReport:
    time = profile.time
    return TimeReport(
        timezone=timezone,
        first=_instant(time.first),
        last=_instant(time.last),
        days=tuple(sorted(time.days.items())),
        gaps=gaps(time.days),
        drops=tuple((drop.day, drop.count, drop.expected) for drop in drops(time.days)),
    )


def _instant(ms: int | None) -> str | None:
    if ms is None:
        return None
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


def _most(counts: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(counts, key=lambda item: (-item[1], item[0]))
