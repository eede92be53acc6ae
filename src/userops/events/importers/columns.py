"""The columns of a chunk, cleaned: as text, or as what is cheaper to work on (`events/repeating.py`)."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from userops.events.importers.cleaning import clean_texts
from userops.events.repeating import iso_texts

INSTANT = pa.timestamp("us", "UTC")
_SAMPLE = 2_000
"""Values that show whether a column repeats itself."""


def typed_frame(table: pa.Table) -> pl.DataFrame:
    """The columns of a chunk cleaned as `cleaning.clean_frame` does it. Types: String, Enum, Datetime (UTC, us)."""
    return pl.DataFrame(
        [
            _typed(name, column.combine_chunks())
            for name, column in zip(
                table.column_names, table.unify_dictionaries().columns, strict=True
            )
        ]
    )


def _typed(name: str, column: pa.Array) -> pl.Series:
    # what has no rows, or too many texts for one array, stays chunked
    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    if pa.types.is_timestamp(column.type):
        return _series(name, column)
    if pa.types.is_string(column.type):
        sample = column.slice(0, _SAMPLE)
        if len(sample.unique()) * 2 > len(sample):
            return clean_texts(_series(name, column))
        column = column.dictionary_encode()
    return _coded(name, column)


def _coded(name: str, column: pa.DictionaryArray) -> pl.Series:
    """Cleaned values may be equal or unset: the different ones that are left are the categories."""
    values = clean_texts(_series(name, column.dictionary))
    codes = _series(name, column.indices).cast(pl.UInt32)
    different = values.drop_nulls().unique(maintain_order=True)
    kind = pl.Enum(different)
    if len(different) < len(values):
        codes = values.cast(kind).to_physical().cast(pl.UInt32).gather(codes)
    return codes.cat.to(kind).alias(name)


def _series(name: str, column: pa.Array) -> pl.Series:
    found = pl.from_arrow(column)
    assert isinstance(found, pl.Series)
    return found.alias(name)


def plain(table: pa.Table) -> pa.Table:
    """All columns of a chunk as text."""
    return pa.table(
        {
            name: _plain(column)
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return iso_texts(column) if pa.types.is_timestamp(column.type) else column.cast(pa.string())
