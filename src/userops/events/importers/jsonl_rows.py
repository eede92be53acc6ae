"""Rows of a JSON-lines file: one object a line; inner objects become dotted columns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from userops.errors import Refused
from userops.events.importers.encoding import Utf8Stream
from userops.events.importers.formats import CountedFile, FileFormat, decompressed
from userops.events.importers.rows import Chunk, ReadingNotes, RefusedRow
from userops.events.limits import MAX_DEPTH
from userops.words import Words

_BLOCK = 1 << 20
_RAW_LIMIT = 4_000
MAX_LINE_BYTES = 16 * 2**20
"""A line is held in memory: a small compressed file must not unpack to one without end."""
MAX_ARRAY_BYTES = 256 * 2**20
"""So is a file that is one array."""


class JsonlRows:
    """Reads a JSON-lines file. A line that is not a JSON object is refused."""

    def __init__(self, path: Path, file_format: FileFormat) -> None:
        self._path = path
        self._encoding = file_format.encoding
        self.notes = ReadingNotes(encoding=file_format.encoding)

    def chunks(self, rows: int) -> Iterator[Chunk]:
        with CountedFile(self._path) as file:
            stream = Utf8Stream(decompressed(file), self._encoding)
            batch: list[tuple[int, dict[str, str]]] = []
            refused: list[RefusedRow] = []
            for number, line in enumerate(_lines(stream), start=1):
                if not line.strip():
                    continue
                parsed = parse_line(number, line)
                if isinstance(parsed, RefusedRow):
                    refused.append(parsed)
                else:
                    batch.append((number, parsed))
                if len(batch) >= rows:
                    self._note(stream, file)
                    yield _chunk(batch, refused)
                    batch, refused = [], []
            self._note(stream, file)
            if batch or refused:
                yield _chunk(batch, refused)

    def _note(self, stream: Utf8Stream, file: CountedFile) -> None:
        self.notes.encoding = stream.encoding
        self.notes.bad_bytes = stream.bad_bytes
        self.notes.suspect_characters = stream.suspect_characters
        self.notes.share_read = file.share_read


def _lines(stream: Utf8Stream) -> Iterator[bytes]:
    """The lines of the file; for one that is a single array of objects, its members."""
    rest = stream.read(_BLOCK)
    if rest.lstrip()[:1] == b"[" and _opens_array_of_objects(rest):
        content = rest + stream.read(MAX_ARRAY_BYTES)
        if len(content) > MAX_ARRAY_BYTES:
            raise _too_long(MAX_ARRAY_BYTES)
        yield from _members(content)
        return
    while block := stream.read(_BLOCK):
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
        if len(rest) > MAX_LINE_BYTES:
            raise _too_long(MAX_LINE_BYTES)
    yield from rest.split(b"\n")


def _too_long(limit: int) -> Refused:
    size = limit // 2**20
    return Refused(
        Words(
            f"JSON 数据过长：一行最多 {MAX_LINE_BYTES // 2**20} MiB，"
            f"单个数组最多 {MAX_ARRAY_BYTES // 2**20} MiB；此处超过 {size} MiB。",
            f"The JSON is too long: a line may have {MAX_LINE_BYTES // 2**20} MiB, a single array "
            f"{MAX_ARRAY_BYTES // 2**20} MiB; this has more than {size} MiB.",
        ),
        code="json_too_long",
        hint=Words("请改为每行一个对象。", "Write one object a line."),
    )


def _opens_array_of_objects(start: bytes) -> bool:
    """`[{` with any blanks between; a line such as `[1,2]` is a bad line of JSON lines."""
    return start.lstrip()[1:].lstrip()[:1] == b"{"


def _members(content: bytes) -> Iterator[bytes]:
    try:
        members = orjson.loads(content)
    except orjson.JSONDecodeError:
        # not one array after all: each line is judged by itself
        yield from content.split(b"\n")
        return
    for member in members:
        yield orjson.dumps(member)


def parse_line(number: int, line: bytes) -> dict[str, str] | RefusedRow:
    """The columns of one line, inner objects flattened, or why it is refused."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as wrong:
        raw = line.decode("utf-8", "replace")[:_RAW_LIMIT]
        return RefusedRow(number, "json_invalid", str(wrong), raw)
    if not isinstance(value, dict):
        raw = line.decode("utf-8", "replace")[:_RAW_LIMIT]
        return RefusedRow(number, "not_an_object", type(value).__name__, raw)
    flat: dict[str, str] = {}
    _flatten("", value, flat, 0)
    return flat or RefusedRow(number, "user_missing", "", line.decode("utf-8", "replace"))


def _flatten(prefix: str, value: dict[str, Any], flat: dict[str, str], depth: int) -> None:
    """`{"a": {"b": 1}}` → `a.b`; lists, and objects below the depth limit, stay JSON text."""
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, str):
            flat[name] = inner
        elif inner is None:
            continue
        elif isinstance(inner, dict) and depth + 1 < MAX_DEPTH:
            _flatten(f"{name}.", inner, flat, depth + 1)
        else:
            flat[name] = orjson.dumps(inner).decode()


def _chunk(batch: list[tuple[int, dict[str, str]]], refused: list[RefusedRow]) -> Chunk:
    names = dict.fromkeys(name for _, row in batch for name in row)
    table = pa.table(
        {name: pa.array([row.get(name) for _, row in batch], pa.string()) for name in names}
    )
    return Chunk(table, np.array([number for number, _ in batch], np.int64), tuple(refused))
