"""Many uuids and hexadecimal texts at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
_HEX = np.frombuffer(b"".join(b"%02x" % n for n in range(256)), np.uint16)
"""Two digits at once."""
_GROUPS = ((0, 8), (9, 13), (14, 18), (19, 23), (24, 36))


def random_uuids(
    random: np.random.Generator, ms: npt.NDArray[np.int64], dated: npt.NDArray[np.bool_]
) -> Bytes:
    """Shape (n, 16): version 7 with its milliseconds where `dated`, as browsers send them, else 4."""
    made = np.frombuffer(random.bytes(len(ms) * 16), np.uint8).reshape(-1, 16).copy()
    stamp = ms.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    made[dated, :6] = stamp[dated]
    made[:, 6] = (made[:, 6] & 0x0F) | np.where(dated, 0x70, 0x40).astype(np.uint8)
    made[:, 8] = (made[:, 8] & 0x3F) | 0x80
    return made


def as_text(uuids: Bytes) -> pa.Array:
    """`xxxxxxxx-xxxx-…` of shape (n, 16)."""
    text = np.full((len(uuids), 36), ord("-"), np.uint8)
    digits = _HEX[uuids].view(np.uint8).reshape(len(uuids), 32)
    for hyphens, (begin, end) in enumerate(_GROUPS):
        text[:, begin:end] = digits[:, begin - hyphens : end - hyphens]
    ends = np.arange(len(uuids) + 1, dtype=np.int32) * 36
    return pa.StringArray.from_buffers(len(uuids), pa.py_buffer(ends), pa.py_buffer(text))


def uuids_of(numbers: npt.NDArray[np.int64], salt: int) -> Bytes:
    """The same uuid for the same number, shape (n, 16): a device's anonymous id, a person."""
    halves = np.empty((len(numbers), 2), np.uint64)
    halves[:, 0] = _mixed(numbers.astype(np.uint64) + np.uint64(salt))
    halves[:, 1] = _mixed(halves[:, 0])
    made = halves.view(np.uint8).reshape(-1, 16).copy()
    made[:, 6] = (made[:, 6] & 0x0F) | 0x40
    made[:, 8] = (made[:, 8] & 0x3F) | 0x80
    return made


def _mixed(x: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """SplitMix64: a bijection that looks random."""
    x = x * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
