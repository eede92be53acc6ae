"""Turns a chunk of a file into events or profiles by a mapping, a column at a time."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from userops.events.fields import BY_NAME
from userops.events.importers.cleaning import PLACEHOLDER_IDS, json_fragment
from userops.events.importers.columns import typed_frame
from userops.events.importers.mapping import Mapping
from userops.events.importers.rows import Chunk, RefusedRow
from userops.events.importers.timeformats import Instants, to_utc
from userops.events.importers.uuids import are_uuids, uuid_bytes
from userops.events.limits import (
    MAX_DISTINCT_ID,
    MAX_EVENT_NAME,
    MAX_FUTURE_MS,
    MAX_RECORD_BYTES,
    MAX_TEXT,
    MIN_TIME_MS,
)
from userops.events.repeating import as_text, by_value, filled

REFUSED_SCHEMA = {"row": pl.Int64, "code": pl.String, "detail": pl.String, "raw": pl.String}
_ASIDE = ("code", "user_text", "time_text", "amount_text", "uuid_good")
"""Columns that only checks and refused rows need."""
_DECIMAL_ID = r"^(\d+)\.0+$"
# \uffe5 and \uff0c are the full-width yen sign and comma
_SIGN = "[\u00a5\uffe5$€£]?"
_AMOUNT_SIGNS = "[\u00a5\uffe5$€£,\uff0c\\s]"
_AMOUNT = (
    rf"^{_SIGN}\s*-?\s*{_SIGN}"
    r"(\d+|\d{1,3}([,\x{ff0c}]\d{3})+)?(\.\d+)?([eE][+-]?\d{1,2})?$"
)


@dataclass(frozen=True, slots=True)
class Converted:
    """One chunk after mapping.

    `accepted` has the columns row (Int64), distinct_id, props (JSON text), uuid (text or null) and,
    for events, event, ts (UTC ms, Int64), content (16 bytes: of the uuid where the file gives one,
    which `given` says, else `content_hashes`) and one column per mapped standard field.
    `refused` has the columns row, code, detail, raw (JSON text).
    `clean` holds all columns of all readable rows, trimmed, for the quality report. Of all but distinct_id,
    props and uuid, texts may be an Enum (`events/repeating.py`), in `clean` also instants a Datetime.
    """

    accepted: pl.DataFrame
    refused: pl.DataFrame
    clean: pl.DataFrame
    notes: Counter[str] = field(default_factory=Counter)


class Converter:
    """Applies a settled mapping. `now_ms` bounds the future; `timezone` is the product's, for a
    mapping that names none."""

    def __init__(self, mapping: Mapping, *, now_ms: int, timezone: str = "UTC") -> None:
        self._mapping = mapping
        self._now_ms = now_ms
        self._timezone = mapping.timezone or timezone

    def convert(self, chunk: Chunk) -> Converted:
        """Nothing is raised for bad rows: they come back as refused."""
        clean = typed_frame(chunk.table)
        notes: Counter[str] = Counter()
        frame = self._core(clean, notes).with_columns(row=pl.Series(chunk.rows))
        code = _first_code([*self._checks()])
        frame = frame.with_columns(code=code)
        bad = frame["code"].is_not_null()
        refused = _refused(frame.filter(bad), clean.filter(bad))
        kept, taken = (frame, clean) if not bad.any() else (frame.filter(~bad), clean.filter(~bad))
        kept = kept.drop(_ASIDE, strict=False)
        accepted = kept.with_columns(props=self._props(taken, notes))
        if not self._mapping.profile:
            accepted = accepted.with_columns(
                given=kept["uuid"].is_not_null(),
                content=self._identity(taken, kept),
                ts=pl.col("us") // 1000,
            )
        accepted, large = _without_large(accepted, taken)
        read_errors = _as_frame(chunk.refused)
        return Converted(
            accepted.drop("us", strict=False),
            pl.concat([refused, large, read_errors]).sort("row"),
            clean,
            notes,
        )

    def _core(self, clean: pl.DataFrame, notes: Counter[str]) -> pl.DataFrame:
        """The columns that checks look at."""
        mapping = self._mapping
        out: dict[str, pl.Series] = {}
        out["user_text"] = as_text(_column(clean, mapping.user))
        out["distinct_id"] = self._ids(out["user_text"], notes)
        if mapping.identities:
            out["anonymous"] = self._ids(as_text(_column(clean, mapping.anonymous)), notes)
        if mapping.time:
            out["time_text"] = _column(clean, mapping.time)
            instants = self._instants(out["time_text"])
            notes["time_shifted"] += instants.shifted
            notes["time_ambiguous"] += instants.ambiguous
            out["us"] = instants.us
        if not mapping.profile:
            out["event"] = self._events(clean, notes)
            for column, name in sorted(mapping.fields.items()):
                values = _column(clean, column)
                if BY_NAME[name].type == "number":
                    out[f"{name}_text"] = values
                    out[name] = by_value(values, _amounts)
                else:
                    out[name] = filled(_shortened(values, Counter()))
        out["uuid"] = as_text(_column(clean, mapping.uuid))
        if mapping.uuid:
            out["uuid_good"] = are_uuids(out["uuid"])
        return pl.DataFrame(out)

    def _instants(self, times: pl.Series) -> Instants:
        if times.dtype == pl.Datetime and self._mapping.time_format == "iso":
            return Instants(times.to_physical())
        return to_utc(as_text(times), self._mapping.time_format, self._timezone)

    def _ids(self, texts: pl.Series, notes: Counter[str]) -> pl.Series:
        if not self._mapping.whole_ids:
            return texts
        decimal = texts.str.contains(_DECIMAL_ID)
        notes["ids_made_whole"] += int(decimal.sum())
        return texts.str.replace(_DECIMAL_ID, "$1")

    def _events(self, clean: pl.DataFrame, notes: Counter[str]) -> pl.Series:
        mapping = self._mapping
        if not mapping.event:
            return pl.repeat(mapping.event_name, clean.height, eager=True)
        values = _column(clean, mapping.event)
        if not mapping.event_map:
            return values
        values = as_text(values)
        known = list(mapping.event_map)
        unknown = values.filter(~values.is_in(pl.Series(known).implode()).fill_null(True))
        for value, count in unknown.value_counts().iter_rows():
            notes[f"event_not_in_map:{value}"] += count
        return values.replace(known, list(mapping.event_map.values()))

    def _checks(self) -> Sequence[pl.Expr]:
        checks = _user_checks("distinct_id")
        if self._mapping.identities:
            checks += _user_checks("anonymous")
        if not self._mapping.profile:
            checks += _EVENT_CHECKS
        if self._mapping.time:
            latest = (self._now_ms + MAX_FUTURE_MS) * 1000
            checks += [
                *(
                    []
                    if self._mapping.profile
                    else [_code("time_missing", _text_null("time_text"))]
                ),
                _code("time_invalid", pl.col("us").is_null() & pl.col("time_text").is_not_null()),
                _code("time_too_old", pl.col("us") < MIN_TIME_MS * 1000),
                _code("time_in_future", pl.col("us") > latest),
            ]
        if self._mapping.uuid:
            checks.append(_code("uuid_invalid", ~pl.col("uuid_good")))
        if "amount" in self._mapping.fields.values() and not self._mapping.profile:
            wrong = pl.col("amount").is_null() & pl.col("amount_text").is_not_null()
            checks.append(_code("amount_invalid", wrong))
        return checks

    def _props(self, clean: pl.DataFrame, notes: Counter[str]) -> pl.Series:
        if self._mapping.identities:
            ids = self._ids(as_text(_column(clean, self._mapping.anonymous)), Counter())
            return pl.Series("props", "{" + json_fragment(ids.alias("anonymous_id"), False) + "}")
        names = [n for n in self._mapping.property_columns(clean.columns) if n in clean.columns]
        if not names:
            return pl.repeat("{}", clean.height, eager=True)
        numbers = set(self._mapping.number_columns or ())
        fragments: list[pl.Series] = []
        for name in names:
            values = _shortened(clean[name], notes)
            fragments.append(by_value(values, partial(json_fragment, number=name in numbers)))
        joined = pl.concat_str(fragments, separator=",", ignore_nulls=True)
        return clean.select(props=pl.concat_str(pl.lit("{"), joined, pl.lit("}"))).to_series()

    def _identity(self, clean: pl.DataFrame, kept: pl.DataFrame) -> pl.Series:
        """The bytes of the uuid where the file gives one, else the hash of what the row says."""
        given = kept["uuid"].is_not_null()
        if given.all():
            return uuid_bytes(kept["uuid"])
        content = self._content(clean.filter(~given), kept.filter(~given))
        return uuid_bytes(kept["uuid"]).scatter((~given).arg_true(), content)

    def _content(self, clean: pl.DataFrame, kept: pl.DataFrame) -> pl.Series:
        others = sorted(set(clean.columns) - {self._mapping.user, self._mapping.time})
        return content_hashes(clean.select(others), kept)


def content_hashes(columns: pl.DataFrame, core: pl.DataFrame) -> pl.Series:
    """BLAKE2b-128 of what each row says: event, user, time in microseconds, and every other column
    of the file by name, unset ones left out.

    It does not depend on the row's place, on the order of the columns, on which columns become
    properties, or on the machine. `core` has the columns event, distinct_id, us.
    """
    parts = [
        as_text(core["event"]),
        core["distinct_id"],
        core["us"].cast(pl.String),
        *(_named(columns[name]) for name in columns.columns),
    ]
    texts = core.select(t=pl.concat_str(parts, separator="\x1f", ignore_nulls=True)).to_series()
    digest = hashlib.blake2b
    return pl.Series(
        [digest(text.encode(), digest_size=16).digest() for text in texts.to_list()],
        dtype=pl.Binary,
    )


def _named(values: pl.Series) -> pl.Series:
    return by_value(values, lambda texts: f"{texts.name}\x1e" + texts)


def _shortened(values: pl.Series, notes: Counter[str]) -> pl.Series:
    long = by_value(values, lambda texts: texts.str.len_chars() > MAX_TEXT)
    if not long.any():
        return values
    notes["text_cut"] += int(long.sum())
    return by_value(values, lambda texts: texts.str.slice(0, MAX_TEXT))


def _column(clean: pl.DataFrame, name: str) -> pl.Series:
    if name in clean.columns:
        return clean[name]
    return pl.repeat(None, clean.height, dtype=pl.String, eager=True)


def _amounts(texts: pl.Series) -> pl.Series:
    """`1,234.50`, `¥12` and `-3` as numbers; null for anything else."""
    plain = texts.cast(pl.Float64, strict=False)
    wrong = plain.is_null() & texts.is_not_null()
    if wrong.any():
        money = texts.str.contains(_AMOUNT)
        bare = texts.str.replace_all(_AMOUNT_SIGNS, "").cast(pl.Float64, strict=False)
        plain = bare.zip_with(wrong & money, plain)
    finite = plain.is_finite().fill_null(False)
    return plain.zip_with(finite, pl.Series([None], dtype=pl.Float64))


def _code(code: str, wrong: pl.Expr) -> pl.Expr:
    return pl.when(wrong).then(pl.lit(code))


def _text_null(name: str) -> pl.Expr:
    return pl.col(name).is_null()


def _first_code(checks: Sequence[pl.Expr]) -> pl.Expr:
    return pl.coalesce(checks)


def _user_checks(name: str) -> list[pl.Expr]:
    nobody = pl.col(name).str.to_lowercase().is_in(pl.Series(PLACEHOLDER_IDS).implode())
    return [
        _code("user_missing", pl.col(name).is_null()),
        _code("user_not_a_person", nobody),
        _code("user_invalid", pl.col(name).str.len_chars() > MAX_DISTINCT_ID),
    ]


_EVENT_CHECKS: tuple[pl.Expr, ...] = (
    _code("event_missing", pl.col("event").is_null()),
    _code("event_invalid", pl.col("event").cast(pl.String).str.len_chars() > MAX_EVENT_NAME),
)
_DETAILS: dict[str, str] = {
    "user_not_a_person": "user_text",
    "user_invalid": "user_text",
    "event_invalid": "event",
    "time_invalid": "time_text",
    "time_too_old": "time_text",
    "time_in_future": "time_text",
    "uuid_invalid": "uuid",
    "amount_invalid": "amount_text",
}


def _refused(frame: pl.DataFrame, clean: pl.DataFrame) -> pl.DataFrame:
    """Refused rows with the value that was wrong and the whole row as JSON."""
    if frame.is_empty():
        return pl.DataFrame(schema=REFUSED_SCHEMA)
    detail = pl.lit("")
    if "anonymous" in frame.columns:
        both = pl.concat_str("user_text", "anonymous", separator=" / ", ignore_nulls=True)
        frame = frame.with_columns(user_text=both)
    for code, column in _DETAILS.items():
        if column in frame.columns:
            value = pl.lit(as_text(frame[column])).str.slice(0, 200)
            detail = pl.when(pl.col("code") == code).then(value).otherwise(detail)
    return frame.select("row", "code", detail=detail).with_columns(raw=_raw(clean))


def _raw(clean: pl.DataFrame) -> pl.Series:
    texts = pl.DataFrame([as_text(clean[name]) for name in clean.columns])
    return texts.select(raw=pl.struct(pl.all()).struct.json_encode()).to_series()


def _without_large(
    accepted: pl.DataFrame, clean: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    large = accepted["props"].str.len_bytes() > MAX_RECORD_BYTES
    if not large.any():
        return accepted, pl.DataFrame(schema=REFUSED_SCHEMA)
    detail = accepted["props"].str.len_bytes().cast(pl.String)
    frame = accepted.select("row", code=pl.lit("record_too_large"), detail=detail).filter(large)
    return accepted.filter(~large), frame.with_columns(raw=_raw(clean.filter(large)))


def _as_frame(rows: Sequence[RefusedRow]) -> pl.DataFrame:
    return pl.DataFrame(
        [(row.row, row.code, row.detail, row.raw) for row in rows],
        schema=REFUSED_SCHEMA,
        orient="row",
    )


__all__ = ["REFUSED_SCHEMA", "Converted", "Converter", "content_hashes"]
