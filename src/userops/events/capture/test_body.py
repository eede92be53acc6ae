from __future__ import annotations

import gzip
import json
import zlib

import pytest
import zstandard

from userops.events import limits
from userops.events.capture import body
from userops.events.capture.body import BodyError, read_json
from userops.events.capture.conftest import Send, make_request
from userops.events.records import Event

URL = "/v1/events?key=wk"
VIEW = {"event": "看", "user": "u1", "time": "2026-11-22"}
DATA = json.dumps(VIEW, ensure_ascii=False).encode()


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (DATA, ""),
        (DATA, "identity"),
        (gzip.compress(DATA, mtime=0), "gzip"),
        (gzip.compress(DATA, mtime=0), ""),
        (DATA, "gzip"),
        (gzip.compress(DATA[:9], mtime=0) + gzip.compress(DATA[9:], mtime=0), "gzip"),
        (zlib.compress(DATA), "deflate"),
        (_raw_deflate(DATA), "deflate"),
        (zstandard.compress(DATA), "zstd"),
        (zlib.compress(gzip.compress(DATA, mtime=0)), "gzip, deflate"),
        (b"\xef\xbb\xbf" + DATA, ""),
    ],
)
def test_every_packing(send: Send, packed: bytes, encoding: str) -> None:
    parsed = send(URL, packed, content_encoding=encoding)
    assert parsed.refusals == []
    assert parsed.records[0].event == "看"  # type: ignore[union-attr]


def test_charset(send: Send) -> None:
    parsed = send(
        URL,
        json.dumps(VIEW, ensure_ascii=False).encode("gbk"),
        content_type='application/json; charset="GBK"',
    )
    assert parsed.records[0].event == "看"  # type: ignore[union-attr]
    wrong = send(URL, DATA, content_type="application/json; charset=klingon")
    assert wrong.problem is not None
    assert wrong.problem.code == "encoding_invalid"


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, zstandard.compress])
def test_a_bomb_is_stopped(send: Send, pack: object) -> None:
    bomb = pack(b"[" + b" " * (limits.MAX_BODY_BYTES + 10) + b"]")  # type: ignore[operator]
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate"}.get(pack, "zstd")  # type: ignore[call-overload]
    parsed = send(URL, bomb, content_encoding=encoding)
    assert parsed.problem is not None
    assert parsed.problem.status == 413


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (gzip.compress(DATA, mtime=0)[:-9], "gzip"),
        (b"\x1f\x8bxx", "gzip"),
        (b"xx", "deflate"),
        (DATA, "br"),
    ],
)
def test_what_cannot_be_unpacked(send: Send, data: bytes, encoding: str) -> None:
    parsed = send(URL, data, content_encoding=encoding)
    assert parsed.problem is not None
    assert parsed.problem.code == "encoding_invalid"
    assert len(parsed.refusals) == 1


def test_one_odd_value_never_loses_the_rest(send: Send) -> None:
    text = (
        '[{"event":"a","user":"u","properties":{"n":NaN,"i":-Infinity,"s":"\\ud83d","z":"a\\u0000b"}},'
        '{"event":"b","user":"u","properties":{"big":123456789012345678901234567890,"x":1,"x":2}}]'
    )
    first, second = send(URL, text.encode()).records
    assert isinstance(first, Event)
    assert isinstance(second, Event)
    assert first.properties == {"n": None, "i": None, "s": "\ufffd", "z": "ab", "source": "native"}
    assert second.properties["big"] == "123456789012345678901234567890"
    assert second.properties["x"] == 2


def test_broken_utf8_costs_one_character_only(send: Send) -> None:
    data = json.dumps([VIEW, VIEW], ensure_ascii=False).encode().replace("看".encode(), b"\xff", 1)
    assert [record.event for record in send(URL, data).records] == ["\ufffd", "看"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 900 + "NaN", '{"a":' * 5000, "9" * 5000, '["\\u0000' + "[" * 950]
)
def test_hostile_json_is_refused_calmly(text: str) -> None:
    with pytest.raises(BodyError):
        read_json(text.encode() + b"!")


def test_base64_as_browsers_mangle_it() -> None:
    assert body.from_base64("Pz8/Pj4 ") == body.from_base64("Pz8_Pj4-") == b"???>>>"
    with pytest.raises(BodyError):
        body.from_base64("a*b")


def test_form_and_params() -> None:
    request = make_request("/sa?token=a%20b&x=1&x=2", b"")
    assert request.params == {"token": "a b", "x": "2"}
    assert body.read_form(b"data=%E7%9C%8B+1") == {"data": "看 1"}
