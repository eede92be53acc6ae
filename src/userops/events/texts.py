"""Texts of one width as the matrix of their bytes, so that numpy can look at all of them at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa


def byte_rows(texts: pl.Series, width: int) -> npt.NDArray[np.uint8]:
    """One row of `width` bytes for each text or byte string. `texts` are all of that width in bytes, none is null."""
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.large_binary())
    _, offsets, signs = array.buffers()
    if signs is None:
        return np.empty((0, width), np.uint8)
    first = int(np.frombuffer(offsets, np.int64)[array.offset])
    return np.frombuffer(signs, np.uint8, len(texts) * width, first).reshape(-1, width)
