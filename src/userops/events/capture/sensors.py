"""The 神策 (Sensors Analytics) door: `/sa`, `/sa.gif`, `/debug`.

A form with `data` (one message) or `data_list` (an array) in base64, gzip-compressed when `gzip=1`,
guarded by `crc` (Java's string hash of the base64 text); a GET with the same names; or plain JSON.
The write key is `?token=` (or `?key=`, or `?project=`) of the address. Wire format after the SDK
sources (`SensorsAnalyticsSDK` for Python, `sa-sdk-javascript`) and 神策's "数据接入 API" page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import numpy as np

from userops.events import limits
from userops.events.capture import body
from userops.events.capture.body import BodyError
from userops.events.capture.door import (
    ENCODING_INVALID,
    Answer,
    CaptureRequest,
    Door,
    Outcome,
    Parsed,
    retry_headers,
)
from userops.events.capture.messages import Envelope, read_messages, unreadable
from userops.events.capture.native import replay_with
from userops.events.capture.sensors_messages import NAME, read_one

PATHS = ("/sa", "/sa.gif", "/debug")
_PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
_encode = msgspec.json.Encoder().encode


def parse(request: CaptureRequest) -> Parsed:
    data = b""
    try:
        form = _fields(request)
        data = _payload(request, form)
        value = body.read_json(data, request.charset)
    except BodyError as wrong:
        return unreadable(_find_key(request, None), wrong, data or request.body)
    envelope = Envelope(request.received_ms, 0, len(data) > limits.MAX_RECORD_BYTES)
    dry_run = request.headers.get("dry-run", "").lower() == "true"
    return read_messages(_find_key(request, value), value, read_one, envelope, dry_run=dry_run)


def _fields(request: CaptureRequest) -> Mapping[str, str]:
    """`data`, `data_list`, `gzip`, `crc`, `ext`: from the form, else from the address."""
    if request.method == "GET" or "data" in request.params or "data_list" in request.params:
        return request.params
    plain = body.unpack(request)
    if plain.lstrip()[:1] in (b"{", b"["):
        return {"json": "1"}
    # beacons send the form as text/plain
    return body.read_form(plain)


def _payload(request: CaptureRequest, form: Mapping[str, str]) -> bytes:
    if "json" in form:
        return body.unpack(request)
    text = form.get("data_list") or form.get("data") or ""
    if not text:
        raise BodyError(ENCODING_INVALID, "neither data nor data_list")
    _check_crc(text, form)
    if form.get("gzip", "") not in ("", "0", "1"):
        # 9 and the like: encrypted by the SDK with a key that only 神策 holds
        raise BodyError(ENCODING_INVALID, f"gzip={form['gzip'][:20]}: encrypted data")
    if text.lstrip()[:1] in ("{", "["):
        return text.encode("utf-8", errors="replace")
    return body.unpack_magic(body.from_base64(text))


def _check_crc(text: str, form: Mapping[str, str]) -> None:
    given = form.get("crc") or dict(parse_qsl(form.get("ext", ""), errors="replace")).get("crc")
    if not given:
        return
    restored = text.replace(" ", "+")
    if given.strip() != str(java_hash(restored)):
        raise BodyError(ENCODING_INVALID, f"crc={given[:20]}")


def java_hash(text: str) -> int:
    """Java's `String.hashCode` of a text of ASCII characters, a signed 32-bit number."""
    codes = np.frombuffer(text.encode("ascii", errors="replace"), dtype=np.uint8)
    value = 0
    for start in range(0, len(codes), len(_POWERS)):
        block = codes[start : start + len(_POWERS)].astype(np.uint64)
        weights = _POWERS[-len(block) :]
        step = int((block * weights).sum()) & 0xFFFFFFFF
        value = (value * pow(31, len(block), 2**32) + step) & 0xFFFFFFFF
    return value - 2**32 if value >= 2**31 else value


# 31^4095 … 31^0, each modulo 2^32; a sum of 4,096 products with a byte stays below 2^64
_POWERS = np.array([pow(31, n, 2**32) for n in range(4095, -1, -1)], dtype=np.uint64)


def _find_key(request: CaptureRequest, value: Any) -> str:
    """`token` of the address, then `key`, then `project`; else the same names in the message."""
    first = value[0] if type(value) is list and value else value
    holders: list[Mapping[str, Any]] = [request.params]
    if type(first) is dict:
        holders.append(first)
    for holder in holders:
        for name in ("token", "key", "project"):
            found = holder.get(name)
            if type(found) is str and found and not (name == "project" and found == "default"):
                return found
    return ""


def replay(raw: str, received_ms: int) -> Parsed:
    return replay_with(read_one, raw, received_ms)


def answer(request: CaptureRequest, parsed: Parsed, outcome: Outcome) -> Answer:
    """200 once the messages are stored or quarantined: 神策's SDKs send again after anything else.

    `/debug` tells what is wrong instead. A pixel answers a GET.
    """
    problem = outcome.problem
    if problem is not None:
        told = {"code": problem.code, "message": problem.words.zh}
        return Answer(problem.status, _encode(told), headers=retry_headers(outcome))
    if request.page_of_path == "/debug":
        wrong = [{"code": r.code, "detail": r.detail, "raw": r.raw} for r in parsed.refusals]
        return Answer(400, _encode(wrong)) if wrong else Answer(200, b"{}")
    if request.method == "GET":
        return Answer(200, _PIXEL, "image/gif")
    return Answer(200, b"", "text/plain")


DOOR = Door(NAME, PATHS, parse, answer, replay, ("GET", "POST"))
