"""The quality report of one day of collecting: what the live doors took in and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import orjson
import polars as pl
import pyarrow as pa

from userops.events.batches import IMPORTS
from userops.events.engine import Engine
from userops.events.fields import FIELDS
from userops.events.models import Product, QuarantinedRow, UserId
from userops.events.models import QualityReport as StoredReport
from userops.events.quality.making import make_report
from userops.events.quality.profile import DataProfile
from userops.events.quality.report import QualityReport

_SQL = Path(__file__).parent / "sql" / "collected.sql"
_SLICE = timedelta(minutes=15)
"""Of a day that is read at once: bounds the memory."""
_REFUSED = {"row": pl.Int64, "code": pl.String, "detail": pl.String, "raw": pl.String}
_NO_ROWS = pl.DataFrame(schema=_REFUSED)


def make_daily_report(engine: Engine, product: Product, day: date) -> StoredReport | None:
    """Make and keep the report of a day in the product's time zone; None when nothing came in.

    Making it again replaces it: late rows of that day are then counted too.
    """
    start, end = _bounds(day, product.timezone)
    profile = DataProfile()
    for piece in _events(engine, product, start, end):
        profile += piece
    profile += _refusals(product, start, end)
    if not profile.rows:
        return None
    report = make_report(
        profile,
        stored=profile.accepted,
        # a resent event is answered at the door and leaves no row to count
        duplicates=0,
        repeated=0,
        timezone=product.timezone,
        encoding="utf-8",
    )
    kept, _ = StoredReport.objects.update_or_create(
        product=product,
        day=day,
        import_run=None,
        defaults={"report": msgspec.to_builtins(_with_sender_ids(report, product))},
    )
    return kept


def days_without_report(engine: Engine, product: Product, now: datetime) -> list[date]:
    """Days of the last week that are over, brought something in, and have no report yet."""
    today = now.astimezone(ZoneInfo(product.timezone)).date()
    made = set(
        StoredReport.objects.filter(product=product, import_run=None).values_list("day", flat=True)
    )
    past = [today - timedelta(days=back) for back in range(7, 0, -1)]
    return [day for day in past if day not in made and _has_rows(engine, product, day)]


def _has_rows(engine: Engine, product: Product, day: date) -> bool:
    start, end = _bounds(day, product.timezone)
    found = engine.value(
        "select count() from (select 1 from events where product = {product:UInt32}"
        " and received >= {start:DateTime64(3, 'UTC')} and received < {end:DateTime64(3, 'UTC')}"
        " and batch < {imports:UInt64} limit 1)",
        {"product": product.pk, "start": start, "end": end, "imports": IMPORTS},
    )
    rows = QuarantinedRow.objects.filter(product=product, import_run=None)
    return bool(found) or rows.filter(received__gte=start, received__lt=end).exists()


def _bounds(day: date, timezone: str) -> tuple[datetime, datetime]:
    zone = ZoneInfo(timezone)
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    return start, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _events(
    engine: Engine, product: Product, start: datetime, end: datetime
) -> Iterator[DataProfile]:
    sql = _SQL.read_text(encoding="utf-8")
    while start < end:
        until = min(start + _SLICE, end)
        table = engine.arrow(
            sql, {"product": product.pk, "start": start, "end": until, "imports": IMPORTS}
        )
        if table.num_rows:
            yield _profile(table, product.timezone)
        start = until


def _profile(table: pa.Table, timezone: str) -> DataProfile:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    standard = [field.name for field in FIELDS if (frame[field.name] != "").any()]
    columns = frame.select(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in standard
    )
    inner = _properties(frame["props"].to_list())
    return DataProfile.of(
        columns=pl.concat([columns, inner], how="horizontal") if inner.width else columns,
        accepted=frame.select("event", "distinct_id", "ts"),
        refused=_NO_ROWS,
        notes=Counter(),
        timezone=timezone,
    )


def _properties(props: list[str]) -> pl.DataFrame:
    """The keys of the JSON column as text columns; nested values stay JSON."""
    rows = [orjson.loads(text) for text in props]
    names = dict.fromkeys(f"props.{key}" for row in rows for key in row)
    return pl.DataFrame(
        {name: [_text(row.get(name.removeprefix("props."))) for row in rows] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return orjson.dumps(value).decode()


def _refusals(product: Product, start: datetime, end: datetime) -> DataProfile:
    rows = QuarantinedRow.objects.filter(
        product=product, import_run=None, received__gte=start, received__lt=end
    ).order_by("pk")
    values = rows.values_list("pk", "code", "detail", "raw").iterator(chunk_size=5_000)
    refused = pl.DataFrame(list(values), schema=_REFUSED, orient="row")
    return DataProfile.of(
        columns=pl.DataFrame(),
        accepted=pl.DataFrame(schema={"distinct_id": pl.String}),
        refused=refused,
        notes=Counter(),
        timezone=product.timezone,
    )


def _with_sender_ids(report: QualityReport, product: Product) -> QualityReport:
    """Events know users by number: show the ids that senders use."""
    uids = [int(uid) for uid, _ in report.top_users]
    rows = UserId.objects.filter(product=product, uid__in=uids)
    names = dict(rows.values_list("uid", "distinct_id"))
    top = tuple((names.get(int(uid), uid), count) for uid, count in report.top_users)
    return msgspec.structs.replace(report, top_users=top)
