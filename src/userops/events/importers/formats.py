"""What kind of file it is: format, compression, and the few choices that reading needs."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal, cast

import msgspec
import zstandard

from userops.errors import Refused
from userops.events.importers.dialect import detect_dialect
from userops.events.importers.encoding import Utf8Stream, detect_encoding
from userops.words import Words

Kind = Literal["csv", "excel", "jsonl", "parquet"]
SAMPLE_BYTES = 1 << 19
_KIND_BY_SUFFIX: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_KIND_BY_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "excel"),
    (b"\xd0\xcf\x11\xe0", "excel"),
)


class FileFormat(msgspec.Struct, frozen=True, kw_only=True):
    """How to read a file. Everything can be overridden; `detect_format` fills it."""

    kind: Kind
    encoding: str = ""
    """CSV and JSONL: "" means that all is ASCII so far; decided at the first other byte."""
    delimiter: str = ","
    """CSV: " " stands for runs of spaces."""
    header: bool = True
    quotes: bool = True
    """CSV: whether `"` encloses values."""
    sheet: str = ""
    """Excel: "" is the first one."""
    columns: tuple[str, ...] = ()
    """Names in the order of the file; for JSONL those of the first rows."""
    confidence: float = 1.0
    """Of the encoding, from 0 to 1."""


@contextmanager
def damaged_file_refused(path: Path) -> Iterator[None]:
    """Turn the libraries' errors about a broken file into ours."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError, OSError) as wrong:
        if isinstance(wrong, FileNotFoundError):
            raise Refused(
                Words(f"没有文件 {path.name}。", f"There is no file {path.name}."),
                code="file_missing",
            ) from None
        raise Refused(
            Words(
                f"无法读取 {path.name}：文件损坏或不完整（{wrong}）。",
                f"Cannot read {path.name}: the file is damaged or incomplete ({wrong}).",
            ),
            code="file_damaged",
            hint=Words("请重新导出或重新传输该文件。", "Export or transfer the file again."),
        ) from None


class CountedFile(io.FileIO):
    """A file on disk whose reading position tells the progress, whatever decompresses it."""

    @property
    def share_read(self) -> float:
        """From 0 to 1."""
        size = Path(str(self.name)).stat().st_size
        return min(self.tell() / size, 1.0) if size else 1.0


def decompressed(file: CountedFile) -> BinaryIO:
    """The bytes of a plain, .gz or .zst file, told apart by their first bytes."""
    magic = file.read(4)
    file.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return cast("BinaryIO", gzip.GzipFile(fileobj=file, mode="rb"))
    if magic == b"\x28\xb5\x2f\xfd":
        reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        return cast("BinaryIO", reader)
    return cast("BinaryIO", file)


def detect_format(path: Path, known: FileFormat | None = None, **chosen: object) -> FileFormat:
    """Read the format off the file's first bytes.

    `chosen` are fields of `FileFormat` that the caller fixes (`encoding=`, `delimiter=`, `header=`,
    `sheet=`, `quotes=`). Raises `Refused` for a missing, empty or damaged file.
    """
    if known is not None:
        return known
    with damaged_file_refused(path), CountedFile(path) as file:
        sample = decompressed(file).read(SAMPLE_BYTES)
    if not sample.strip():
        raise Refused(Words(f"{path.name} 是空文件。", f"{path.name} is empty."), code="file_empty")
    kind = _kind(path, sample)
    given = {name: value for name, value in chosen.items() if value not in (None, "")}
    if kind == "csv":
        return _csv_format(sample, given)
    if kind == "jsonl" and not given.get("encoding"):
        guess = detect_encoding(sample)
        return FileFormat(kind=kind, encoding=guess.encoding, confidence=guess.confidence)
    named: dict[str, object] = {"kind": kind}
    named |= {name: given[name] for name in ("sheet", "header", "encoding") if name in given}
    return msgspec.convert(named, FileFormat)


def _kind(path: Path, sample: bytes) -> Kind:
    for magic, kind in _KIND_BY_MAGIC:
        if sample.startswith(magic):
            return kind
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in (".gz", ".zst")]
    named = _KIND_BY_SUFFIX.get(suffixes[-1]) if suffixes else None
    if named in ("csv", "jsonl"):
        return named
    opening = sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return "jsonl" if opening == b"{" else "csv"


def _csv_format(sample: bytes, given: dict[str, object]) -> FileFormat:
    encoding = str(given.get("encoding") or "")
    confidence = 1.0
    if not encoding:
        guess = detect_encoding(sample)
        encoding, confidence = guess.encoding, guess.confidence
    text = Utf8Stream(io.BytesIO(sample), encoding).read().decode("utf-8", "replace")
    if len(sample) == SAMPLE_BYTES and "\n" in text:
        text = text[: text.rindex("\n")]
    header = given.get("header")
    quotes = bool(given.get("quotes", True))
    dialect = detect_dialect(
        text,
        delimiter=str(given.get("delimiter") or ""),
        header=None if header is None else bool(header),
        quotes=quotes,
    )
    return FileFormat(
        kind="csv",
        encoding=encoding,
        delimiter=dialect.delimiter,
        header=dialect.header,
        quotes=quotes,
        columns=dialect.columns,
        confidence=confidence,
    )
