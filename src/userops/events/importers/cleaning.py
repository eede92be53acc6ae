"""What counts as "not set" in a file, and text made ready for JSON."""

from __future__ import annotations

import orjson
import polars as pl
import pyarrow as pa

from userops.events.capture.validate import NOBODY
from userops.events.texts import byte_rows

NULLS: tuple[str, ...] = (
    "",
    "NA",
    "N/A",
    "#N/A",
    "NULL",
    "Null",
    "null",
    "None",
    "\\N",
    "NaN",
    "nan",
)
"""Texts that mean "the file says nothing here", after trimming."""
_LONGEST_NULL = max(map(len, NULLS))

PLACEHOLDER_IDS: tuple[str, ...] = (*sorted(NOBODY), "-1", "[object object]")
"""User ids, in lower case, that stand for nobody: all their events would become one giant user."""

JSON_NUMBER = r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?$"
_MUST_ESCAPE = '["\\\\\x00-\x1f]'
_ESCAPES: dict[str, str] = {
    character: orjson.dumps(character).decode()[1:-1]
    for character in (*map(chr, range(32)), '"', "\\")
}


def clean_frame(table: pa.Table) -> pl.DataFrame:
    """The columns of a chunk trimmed, with every text of `NULLS` as null."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame.select(pl.all().cast(pl.String).map_batches(clean_texts, return_dtype=pl.String))


def clean_texts(texts: pl.Series) -> pl.Series:
    """Trimmed, with every text of `NULLS` as null."""
    if _are_clean(texts):
        return texts
    trimmed = texts.str.strip_chars()
    shortest = trimmed.str.len_bytes().min()
    if isinstance(shortest, int) and shortest > _LONGEST_NULL:
        return trimmed
    unset = trimmed.is_in(pl.Series(NULLS).implode())
    return trimmed.zip_with(~unset, pl.Series([None], dtype=pl.String))


def _are_clean(texts: pl.Series) -> bool:
    """Texts of one length, longer than those of `NULLS`, whose ends are visible signs of ASCII: codes mostly."""
    width = texts.head(1).str.len_bytes().item() if len(texts) else None
    if not width or width <= _LONGEST_NULL or texts.null_count():
        return False
    if (texts.str.len_bytes() != width).any():
        return False
    ends = byte_rows(texts, width)[:, [0, -1]]
    return bool(((ends > ord(" ")) & (ends < 127)).all())


def json_fragment(values: pl.Series, number: bool) -> pl.Series:
    """`"name":value` for each value, null where there is none. Numbers are written as they stand;
    in a number column a value that is no JSON number stays text."""
    key = orjson.dumps(values.name).decode() + ":"
    quoted = key + '"' + _escaped(values) + '"'
    if not number:
        return quoted
    fits = values.str.contains(JSON_NUMBER)
    if fits.all():
        return key + values
    return (key + values).zip_with(fits.fill_null(False), quoted)


def _escaped(values: pl.Series) -> pl.Series:
    if not values.str.contains(_MUST_ESCAPE).any():
        return values
    frame = values.to_frame("v")
    replaced = pl.col("v").str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    return frame.select(replaced).to_series()
