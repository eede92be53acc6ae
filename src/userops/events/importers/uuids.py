"""UUIDs of a column of text as their bytes, all at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from userops.events.texts import byte_rows

_UUID = r"(?i)^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$"
_WIDTH = 36
_DASHES = [8, 13, 18, 23]
_DIGITS = [place for place in range(_WIDTH) if place not in _DASHES]
_NONE = 255
_VALUES = np.full(256, _NONE, np.uint8)
_VALUES[[*b"0123456789abcdef"]] = range(16)
_VALUES[[*b"ABCDEF"]] = range(10, 16)


def are_uuids(texts: pl.Series) -> pl.Series:
    """Whether each text is one, with or without dashes; null where there is none."""
    if _usual(texts) is not None:
        return pl.repeat(True, len(texts), eager=True)
    return texts.str.contains(_UUID)


def uuid_bytes(texts: pl.Series) -> pl.Series:
    """16 bytes of each text that `are_uuids`; null where there is none."""
    if texts.null_count() == len(texts):
        return pl.repeat(None, len(texts), dtype=pl.Binary, eager=True)
    digits = _usual(texts)
    if digits is None:
        return texts.str.replace_all("-", "", literal=True).str.decode("hex")
    signs = np.ascontiguousarray(digits[:, 0::2] << 4 | digits[:, 1::2])
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), len(texts), [None, pa.py_buffer(signs)]
    )
    found = pl.from_arrow(fixed.cast(pa.binary()))
    assert isinstance(found, pl.Series)
    return found


def _usual(texts: pl.Series) -> npt.NDArray[np.uint8] | None:
    """The 32 digits of each text, where all of a column are UUIDs as they are mostly written."""
    if not len(texts) or texts.null_count() or (texts.str.len_bytes() != _WIDTH).any():
        return None
    signs = byte_rows(texts, _WIDTH)
    digits = _VALUES[signs[:, _DIGITS]]
    if (signs[:, _DASHES] != ord("-")).any() or (digits == _NONE).any():
        return None
    return digits
