"""Columns of a file as cheaply as they can be worked on: texts that repeat as an `Enum` of the different ones,
instants as numbers, all others as text. What is asked of a text is then asked once for each different one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import compute


def as_text(values: pl.Series) -> pl.Series:
    """A column of a typed frame as the texts that it stands for."""
    if values.dtype == pl.String:
        return values
    if values.dtype == pl.Datetime:
        texts = pl.from_arrow(iso_texts(values.to_arrow()))
        assert isinstance(texts, pl.Series)
        return texts.alias(values.name)
    return values.cast(pl.String)


def by_value(values: pl.Series, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """What `change` makes of each text; where texts repeat it is given the different ones only. It must
    leave the unset unset."""
    if not isinstance(values.dtype, pl.Enum):
        return change(as_text(values))
    made = change(values.dtype.categories.alias(values.name))
    return made.gather(values.to_physical()).alias(values.name)


def filled(values: pl.Series) -> pl.Series:
    """A column of texts with an empty one where it is unset."""
    if not values.null_count():
        return values
    if not isinstance(values.dtype, pl.Enum):
        return as_text(values).fill_null("")
    different = values.dtype.categories
    codes = values.to_physical().cast(pl.UInt32).fill_null(len(different))
    return codes.cat.to(pl.Enum([*different, ""])).alias(values.name)


def arrow_texts(values: pl.Series) -> pa.Array:
    """A column of texts as the engine takes it: those that repeat once each."""
    if isinstance(values.dtype, pl.Enum):
        codes = values.to_physical().cast(pl.Int32).to_arrow()
        return pa.DictionaryArray.from_arrays(codes, arrow_texts(values.dtype.categories))
    return as_text(values).to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.string())


def counted(values: pl.Series) -> pl.DataFrame:
    """The columns value and count (Int64) of an Enum column: each text that is there once."""
    assert isinstance(values.dtype, pl.Enum)
    texts = values.dtype.categories
    codes = values.to_physical().drop_nulls().to_numpy()
    counts = np.bincount(codes, minlength=len(texts))
    frame = pl.DataFrame({"value": texts, "count": pl.Series(counts, dtype=pl.Int64)})
    return frame.filter(pl.col("count") > 0)


def iso_texts(times: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """`2026-01-31T23:59:59.123456Z`, from times in UTC. Casting writes the same with a space, far faster than
    by format; without the zone, which it would ask the time zone database for, ten times as fast."""
    texts = times.cast(pa.timestamp("us")).cast(pa.string())
    return compute.binary_join_element_wise(
        compute.binary_replace_slice(texts, 10, 11, "T"), "Z", ""
    )
