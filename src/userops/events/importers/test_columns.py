"""Columns kept as what is cheaper than text say what their texts say."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import polars as pl
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.events.importers.cleaning import clean_frame
from userops.events.importers.columns import plain, typed_frame
from userops.events.importers.uuids import are_uuids, uuid_bytes
from userops.events.quality.fieldstats import FieldStats
from userops.events.repeating import arrow_texts, as_text, by_value, filled

WORDS = ("", " ", "NA", "null", " a", "a", "a ", "北京", "12", "007", "1e3", "x" * 40, "\u3000b")
texts = st.lists(st.none() | st.sampled_from(WORDS) | st.text(max_size=6), max_size=60)
instants = st.lists(
    st.none() | st.datetimes(datetime(1905, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    max_size=20,
)


def every_way(values: list[str | None]) -> list[pa.ChunkedArray]:
    whole = pa.array(values, pa.string())
    half = len(values) // 2
    return [
        pa.chunked_array([whole]),
        pa.chunked_array([whole.slice(0, half), whole.slice(half)]),
        pa.chunked_array([whole.dictionary_encode()]),
        pa.chunked_array(
            [whole.slice(0, half).dictionary_encode(), whole.slice(half).dictionary_encode()]
        ),
    ]


@given(texts)
@settings(max_examples=60, deadline=None)
def test_texts_are_the_same_however_they_are_kept(values: list[str | None]) -> None:
    expected = clean_frame(pa.table({"c": pa.array(values, pa.string())}))["c"]
    stats = FieldStats.of(expected)
    for column in every_way(values):
        table = pa.table({"c": column})
        found = typed_frame(table)["c"]
        assert as_text(found).equals(expected)
        assert plain(table)["c"].to_pylist() == values
        assert as_text(filled(found)).equals(expected.fill_null(""))
        assert arrow_texts(found).to_pylist() == expected.to_list()
        doubled = by_value(found, lambda each: each + each)
        assert doubled.equals(expected + expected)
        assert told(FieldStats.of(found)) == told(stats)


@given(instants)
@settings(max_examples=40, deadline=None)
def test_instants_are_profiled_as_their_texts(values: list[datetime | None]) -> None:
    table = pa.table({"t": pa.array(values, pa.timestamp("us", "UTC"))})
    found, expected = typed_frame(table)["t"], clean_frame(plain(table))["t"]
    assert as_text(found).equals(expected)
    assert [None if each is None else f"{each:%Y-%m-%dT%H:%M:%S.%fZ}" for each in values] == (
        expected.to_list()
    )
    assert told(FieldStats.of(found)) == told(FieldStats.of(expected))


def told(stats: FieldStats) -> tuple[object, ...]:
    numbers = stats.numbers
    return (
        *(stats.name, stats.rows, stats.missing, stats.shortest, stats.longest, stats.shapes),
        *(stats.values.top(10), stats.values.exact, stats.distinct_count, stats.is_numeric),
        *(numbers.count, numbers.low, numbers.high, numbers.bins, numbers.negative),
    )


@given(st.lists(st.uuids(), max_size=8), st.sampled_from(["", "x", "mixed", "bare", "null"]))
@settings(max_examples=60, deadline=None)
def test_uuids_are_read_as_the_standard_library_reads_them(ids: list[UUID], odd: str) -> None:
    written: list[str | None] = [str(each) for each in ids]
    if written and odd == "mixed":
        written[0] = str(ids[0]).upper()
    if written and odd == "bare":
        written[0] = ids[0].hex
    if written and odd in ("x", "null"):
        written[0] = None if odd == "null" else str(ids[0])[:-1] + "x"
    column = pl.Series(written, dtype=pl.String)
    good = are_uuids(column)
    assert good.to_list() == [None if each is None else not each.endswith("x") for each in written]
    kept = column.filter(good.fill_null(True))
    assert uuid_bytes(kept).to_list() == [each and UUID(each).bytes for each in kept.to_list()]
