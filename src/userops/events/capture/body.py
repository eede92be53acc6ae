"""From the bytes of a body to JSON values: compression, base64, forms, character sets.

What comes out holds no NaN or infinity (they become null), no lone surrogates (U+FFFD) and no NUL
characters (removed), so nothing behind it has to look for them. Of a repeated key the last value
counts. Nothing grows past `limits.MAX_BODY_BYTES`, whatever was promised.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import io
import json
import math
import re
import zlib
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import zstandard

from userops.events import limits
from userops.events.capture.door import (
    BODY_TOO_LARGE,
    ENCODING_INVALID,
    JSON_INVALID,
    CaptureRequest,
    Problem,
)

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_AUTO = zlib.MAX_WBITS | 32
_RAW = -zlib.MAX_WBITS
_decode = msgspec.json.Decoder().decode
_NUL_ESCAPE = b"\\u0000"
_SURROGATE = re.compile("[\ud800-\udfff]")


class BodyError(Exception):
    """A body that cannot be read as a whole."""

    def __init__(self, problem: Problem, detail: str):
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


def unpack(request: CaptureRequest) -> bytes:
    """The body without its compression, named by a header or only shown by its first bytes."""
    if len(request.body) > limits.MAX_BODY_BYTES:
        raise BodyError(BODY_TOO_LARGE, f"{len(request.body)} bytes")
    data = request.body
    named = request.headers.get("content-encoding", "").lower()
    for encoding in reversed([part.strip() for part in named.split(",") if part.strip()]):
        data = _unpack_one(data, encoding)
    return unpack_magic(data)


def unpack_magic(data: bytes) -> bytes:
    """Unpack gzip or zstd data that is known by its first bytes; anything else stays as it is."""
    if data.startswith(GZIP_MAGIC):
        return _inflate(data, _AUTO)
    if data.startswith(ZSTD_MAGIC):
        return _unzstd(data)
    return data


def _unpack_one(data: bytes, encoding: str) -> bytes:
    if encoding in ("gzip", "x-gzip", "zstd"):
        # a proxy may have unpacked the body and left the header: then the magic is missing
        return unpack_magic(data)
    if encoding == "deflate":
        try:
            return _inflate(data, _AUTO)
        except BodyError as wrong:
            if wrong.problem is BODY_TOO_LARGE:
                raise
            return _inflate(data, _RAW)
    if encoding == "identity":
        return data
    raise BodyError(ENCODING_INVALID, f"content-encoding: {encoding[:40]}")


def _inflate(data: bytes, wbits: int) -> bytes:
    out = bytearray()
    while data:
        stream = zlib.decompressobj(wbits)
        try:
            out += stream.decompress(data, limits.MAX_BODY_BYTES + 1 - len(out))
        except zlib.error as wrong:
            raise BodyError(ENCODING_INVALID, str(wrong)) from None
        if len(out) > limits.MAX_BODY_BYTES:
            raise BodyError(BODY_TOO_LARGE, f"> {limits.MAX_BODY_BYTES} bytes")
        if not stream.eof:
            raise BodyError(ENCODING_INVALID, "the compressed data is cut short")
        data = stream.unused_data if stream.unused_data.startswith(GZIP_MAGIC) else b""
    return bytes(out)


def _unzstd(data: bytes) -> bytes:
    reader = zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(io.BytesIO(data))
    try:
        out = reader.read(limits.MAX_BODY_BYTES + 1)
    except zstandard.ZstdError as wrong:
        raise BodyError(ENCODING_INVALID, str(wrong)) from None
    if len(out) > limits.MAX_BODY_BYTES:
        raise BodyError(BODY_TOO_LARGE, f"> {limits.MAX_BODY_BYTES} bytes")
    return bytes(out)


def read_form(data: bytes) -> dict[str, str]:
    """An `application/x-www-form-urlencoded` body; of a repeated name the last value counts."""
    text = data.decode("utf-8", errors="replace")
    return dict(parse_qsl(text, keep_blank_values=True, errors="replace"))


def from_base64(text: str) -> bytes:
    """Base64 in either alphabet, with or without padding, with spaces for lost plus signs."""
    text = text.strip("\r\n\t").replace(" ", "+").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise BodyError(ENCODING_INVALID, f"base64: {wrong}") from None


def read_json(data: bytes, charset: str = "utf-8") -> Any:
    """The JSON value in `data`, made clean (see the module). Raises `BodyError`.

    The fast parser takes what is strictly valid. What it refuses is tried again leniently, so that
    one NaN or one broken character does not lose the good messages beside it.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    if charset not in ("utf-8", "utf8"):
        data = _to_utf8(data, charset)
    try:
        value = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_leniently(data)
    # the escape may also be a backslash and the text u0000: then cleaning changes nothing
    if _NUL_ESCAPE not in data:
        return value
    try:
        return clean(value)
    except RecursionError:
        raise BodyError(JSON_INVALID, "nested too deeply") from None


def _read_leniently(data: bytes) -> Any:
    try:
        return clean(json.loads(data.decode("utf-8", errors="replace")))
    except RecursionError:
        raise BodyError(JSON_INVALID, "nested too deeply") from None
    except ValueError as wrong:
        raise BodyError(JSON_INVALID, str(wrong)[:200]) from None


def _to_utf8(data: bytes, charset: str) -> bytes:
    try:
        return data.decode(charset, errors="replace").encode("utf-8", errors="replace")
    except (LookupError, ValueError, TypeError):
        raise BodyError(ENCODING_INVALID, f"charset: {charset[:40]}") from None


def clean(value: Any) -> Any:
    """The value with null for NaN and infinity, U+FFFD for lone surrogates, and without NUL."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def clean_text(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text.replace("\0", ""))
