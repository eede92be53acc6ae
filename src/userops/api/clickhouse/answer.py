"""Answers as ClickHouse gives them: compressed pieces, errors with their number, also in mid-stream."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Iterator
from typing import Protocol

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from userops.errors import NotAllowed, NotFound, UserOpsError
from userops.events.engine import Engine, QueryCancelled
from userops.events.store import ProductFacts
from userops.sql.asking import Ask, asked
from userops.sql.problems import NotPermitted

_STATUS = {
    194: 401, 516: 403, 497: 403, 164: 403, 81: 404, 60: 404, 46: 404, 47: 404, 48: 501, 159: 408, 160: 408, 202: 503,
    241: 500, 394: 500, 396: 500, 307: 500, 158: 500, 1002: 500,
}  # fmt: skip
"""HTTP status of an error's number, as ClickHouse chooses it; 400 for those that are not here."""

_KNOWN: tuple[tuple[type[UserOpsError] | str, int, str], ...] = (
    ("sql_parameter_missing", 456, "UNKNOWN_QUERY_PARAMETER"),
    ("sql_parameter_invalid", 457, "BAD_QUERY_PARAMETER"),
    (NotPermitted, 497, "ACCESS_DENIED"),
    (NotAllowed, 497, "ACCESS_DENIED"),
    (NotFound, 81, "UNKNOWN_DATABASE"),
    (QueryCancelled, 394, "QUERY_WAS_CANCELLED"),
    ("sql_invalid", 62, "SYNTAX_ERROR"),
)


def numbered(wrong: UserOpsError) -> tuple[int, str]:
    """The number and name that ClickHouse has for an error."""
    given = wrong.data.get("engine_code")
    if isinstance(given, int) and given:
        return given, str(wrong.data.get("engine_name") or "ERROR")
    for what, number, name in _KNOWN:
        if wrong.code == what or (isinstance(what, type) and isinstance(wrong, what)):
            return number, name
    return 1002, "UNKNOWN_EXCEPTION"


def text_of(wrong: UserOpsError) -> str:
    number, name = numbered(wrong)
    return f"Code: {number}. DB::Exception: {wrong} ({name})\n"


def refusal(wrong: UserOpsError) -> HttpResponse:
    """An error before anything was sent."""
    number, _name = numbered(wrong)
    response = HttpResponse(
        text_of(wrong), status=_STATUS.get(number, 400), content_type="text/plain; charset=UTF-8"
    )
    response["X-ClickHouse-Exception-Code"] = str(number)
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
    return response


class _Compressor(Protocol):
    def compress(self, piece: bytes) -> bytes: ...
    def flush(self) -> bytes: ...


class _Plain:
    def compress(self, piece: bytes) -> bytes:
        return piece

    def flush(self) -> bytes:
        return b""


class _Lz4:
    def __init__(self) -> None:
        import lz4.frame

        self._frame = lz4.frame.LZ4FrameCompressor()
        self._head: bytes = self._frame.begin()

    def compress(self, piece: bytes) -> bytes:
        head, self._head = self._head, b""
        return head + bytes(self._frame.compress(piece))

    def flush(self) -> bytes:
        return self._head + bytes(self._frame.flush())


def _compressor(encoding: str) -> _Compressor:
    if encoding == "gzip":
        return zlib.compressobj(1, zlib.DEFLATED, 31)
    if encoding == "zstd":
        import zstandard

        found: _Compressor = zstandard.ZstdCompressor(level=1).compressobj()
        return found
    return _Lz4() if encoding == "lz4" else _Plain()


def reply(ask: Ask, facts: ProductFacts, engine: Engine, encoding: str) -> HttpResponseBase:
    """The answer, sent while it is made. Raises what goes wrong before the first piece."""
    tag = secrets.token_hex(8)
    pieces = _pieces(ask, facts, engine, encoding, tag)
    format_ = next(pieces).decode()
    response = StreamingHttpResponse(pieces, content_type=_media_type(format_))
    response["X-ClickHouse-Format"] = format_
    response["X-ClickHouse-Timezone"] = "UTC"
    response["X-ClickHouse-Exception-Tag"] = tag
    if ask.query_id:
        response["X-ClickHouse-Query-Id"] = ask.query_id.split(":", 1)[-1]
    if encoding:
        response["Content-Encoding"] = encoding
    return response


def _pieces(
    ask: Ask, facts: ProductFacts, engine: Engine, encoding: str, tag: str
) -> Iterator[bytes]:
    """First the name of the format, when the first piece is there; then the pieces."""
    compressor, begun = _compressor(encoding), False
    try:
        with asked(ask, facts, engine) as answer:
            first = next(answer.pieces, None)
            begun = True
            yield answer.format.encode()
            if first is not None:
                yield compressor.compress(first)
            for piece in answer.pieces:
                yield compressor.compress(piece)
    except UserOpsError as wrong:
        if not begun:
            raise
        yield compressor.compress(_mark(text_of(wrong), tag))
    yield compressor.flush()


def _mark(text: str, tag: str) -> bytes:
    """An error in mid-stream, as clients look for it."""
    said = text.strip().encode()
    head, foot = f"\r\n__exception__\r\n{tag}\r\n".encode(), f"{tag}\r\n__exception__\r\n".encode()
    return head + said + f"\n{len(said)} ".encode() + foot


def _media_type(format_: str) -> str:
    if format_.startswith(("JSON", "NDJSON")):
        return "application/json; charset=UTF-8"
    if format_.startswith("CSV"):
        return "text/csv; charset=UTF-8"
    if format_.startswith(("TabSeparated", "TSV")):
        return "text/tab-separated-values; charset=UTF-8"
    return "application/octet-stream"
