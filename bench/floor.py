"""The floor: reading the compressed bytes of the columns a question needs, and nothing else.

Plain `read` calls of one thread from the page cache, of the months that the question looks at, without
unpacking. The small parts of a small history keep all columns in one file, which is read whole. No answer
from the rows of `events` can be faster; an answer from rollups can.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.question import Question
from bench.sides.files import WHOLE

BLOCK = 1 << 20
Files = Mapping[str, Mapping[str, Sequence[tuple[str, int]]]]


def floor(question: Question, files: Files, times: int = 5) -> dict[str, Any]:
    """`ms` of the fastest reading, and the `bytes` read."""
    wanted = _wanted(question, files)
    _read(wanted)
    spent = []
    for _ in range(times):
        begun = time.perf_counter()
        _read(wanted)
        spent.append(time.perf_counter() - begun)
    return {"ms": min(spent) * 1000, "bytes": sum(size for _, size in wanted)}


def _wanted(question: Question, files: Files) -> list[tuple[str, int]]:
    first, last = f"{question.period.first:%Y%m}", f"{question.period.last:%Y%m}"
    return [
        (name, size)
        for month, columns in files.items()
        if first <= month <= last
        for column in (*question.columns, WHOLE)
        for name, size in columns.get(column, ())
    ]


def _read(files: Sequence[tuple[str, int]]) -> None:
    buffer = bytearray(BLOCK)
    for name, size in files:
        with Path(name).open("rb", buffering=0) as file:
            while size > 0 and (got := file.readinto(buffer)):
                size -= got
