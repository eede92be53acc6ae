"""From a profile to its report."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

import msgspec

from userops.events.quality.coverage import drops, gaps
from userops.events.quality.fieldstats import FieldStats, finite
from userops.events.quality.findings import find
from userops.events.quality.profile import DataProfile
from userops.events.quality.report import (
    FieldReport,
    QualityReport,
    RefusedExample,
    RefusedReason,
    TimeReport,
)

TOP = 10


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
