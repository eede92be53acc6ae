from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from urllib.parse import quote

import pytest

from userops.events.capture import sensors
from userops.events.capture.conftest import NOW, Send, make_request
from userops.events.capture.door import KEY_UNKNOWN, Outcome
from userops.events.records import Alias, Event, Identify, ProfileChange

URL = "/sa?project=default&token=wk"
AT = 1_795_334_400_000
FORM = "application/x-www-form-urlencoded"


def view(**more: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "ViewProduct",
        "time": AT,
        "distinct_id": "u1",
        "lib": {"$lib": "iOS"},
        "properties": {},
        **more,
    }


def form(name: str, value: Any, *, packed: bool = True) -> bytes:
    data = json.dumps(value, ensure_ascii=False).encode()
    text = base64.b64encode(gzip.compress(data) if packed else data).decode()
    crc = sensors.java_hash(text)
    return f"{name}={quote(text)}&gzip={int(packed)}&crc={crc}".encode()


def test_an_event_fills_the_columns(send: Send) -> None:
    told = {
        "$os": "iOS",
        "$os_version": "17.2",
        "$model": "iPhone15,2",
        "$app_version": "1.4",
        "$province": "湖南",
        "$city": "长沙",
        "$country": "中国",
        "$screen_name": "HomeViewController",
        "$latest_utm_source": "wx",
        "$wifi": True,
        "商品": "苹果",
    }
    parsed = send(URL, form("data", view(properties=told)), content_type=FORM)
    assert (parsed.key, parsed.refusals) == ("wk", [])
    (event,) = parsed.records
    assert isinstance(event, Event)
    assert (event.event, event.distinct_id, event.ts) == ("ViewProduct", "u1", AT)
    assert event.properties == {
        "platform": "ios",
        "source": "sensors:iOS",
        "os": "iOS",
        "os_version": "17.2",
        "device": "iPhone15,2",
        "app_version": "1.4",
        "province": "湖南",
        "city": "长沙",
        "country": "中国",
        "page": "HomeViewController",
        "utm_source": "wx",
        "$wifi": True,
        "商品": "苹果",
    }


@pytest.mark.parametrize(
    ("url", "body", "method"),
    [
        (URL, form("data", view()), "POST"),
        (URL, form("data", view(), packed=False), "POST"),
        (URL, form("data_list", [view()]), "POST"),
        (URL, json.dumps([view()]).encode(), "POST"),
        (URL, gzip.compress(json.dumps(view()).encode(), mtime=0), "POST"),
        (f"/sa.gif?project=wk&{form('data', view(), packed=False).decode()}", b"", "GET"),
    ],
)
def test_every_wrapping(send: Send, url: str, body: bytes, method: str) -> None:
    parsed = send(url, body, method=method)
    assert parsed.refusals == []
    assert (parsed.key, parsed.records[0].distinct_id) == ("wk", "u1")


def test_crc() -> None:
    assert sensors.java_hash("hello") == 99162322
    assert sensors.java_hash("") == 0
    assert sensors.java_hash("polygenelubricants") == -2147483648
    slow = 0
    for code in b"A1+/=" * 3000:
        slow = (slow * 31 + code) & 0xFFFFFFFF
    assert sensors.java_hash("A1+/=" * 3000) == (slow - 2**32 if slow >= 2**31 else slow)


@pytest.mark.parametrize(
    "body",
    [
        form("data", view()).replace(b"crc=", b"crc=1"),
        b"data=" + quote(base64.b64encode(b"{}").decode()).encode() + b"&ext=crc%3D5",
        b"data=abc&gzip=9",
        b"data=%%%",
        b"other=1",
    ],
)
def test_what_cannot_be_unpacked(send: Send, body: bytes) -> None:
    parsed = send(URL, body, content_type=FORM)
    assert parsed.problem is not None
    assert parsed.problem.code == "encoding_invalid"


def test_signup_and_ids(send: Send) -> None:
    messages = [
        view(type="track_signup", event="$SignUp", original_id="a1"),
        view(login_id="u1", anonymous_id="a1"),
        view(properties={"$is_login_id": True}),
        view(
            type="track_id_bind",
            event="$BindID",
            identities={"$identity_login_id": "u1", "$identity_mobile": "138", "x": "1"},
        ),
        view(distinct_id=None, identities={"$identity_mobile": "138"}),
    ]
    parsed = send(URL, messages)
    assert parsed.refusals == []
    signup, event, both, _, marked, _, phone, other, bound, last = parsed.records
    assert signup == Identify(distinct_id="u1", anonymous_id="a1", ts=AT) == both
    assert isinstance(event, Event)
    assert event.event == "$SignUp"
    assert marked == Identify(distinct_id="u1", ts=AT)
    assert phone == Alias(distinct_id="u1", alias="$identity_mobile+138", ts=AT)
    assert other == Alias(distinct_id="u1", alias="x+1", ts=AT)
    assert isinstance(bound, Event)
    assert last.distinct_id == "$identity_mobile+138"


def test_profiles(send: Send) -> None:
    def profile(operation: str, properties: Any) -> dict[str, Any]:
        return {
            "type": f"profile_{operation}",
            "time": AT,
            "distinct_id": "u1",
            "properties": properties,
        }

    parsed = send(
        URL,
        [
            profile("set", {"vip": True}),
            profile("set_once", {"first": "x"}),
            profile("increment", {"n": 2}),
            profile("append", {"tags": ["a"]}),
            profile("unset", {"k": True}),
            profile("unset", ["k"]),
            profile("delete", {}),
            profile("set", {}),
            profile("increment", {"n": "2"}),
        ],
    )
    changed = [record for record in parsed.records if isinstance(record, ProfileChange)]
    assert [(change.operation, change.properties) for change in changed] == [
        ("set", {"vip": True}),
        ("set_once", {"first": "x"}),
        ("increment", {"n": 2}),
        ("append", {"tags": ["a"]}),
        ("unset", {"k": True}),
        ("unset", {"k": True}),
        ("delete", {}),
    ]
    assert [refusal.code for refusal in parsed.refusals] == ["profile_invalid"] * 2


@pytest.mark.parametrize("kind", ["item_set", "item_delete", "track_id_unbind", "x", None, 5])
def test_what_is_not_taken_says_so(send: Send, kind: object) -> None:
    (refusal,) = send(URL, view(type=kind)).refusals
    assert refusal.code == "type_unknown"


def test_resending_gives_the_same_uuid(send: Send) -> None:
    first, again, other = send(
        URL,
        [
            view(_track_id=7, _flush_time=NOW - 100),
            view(_track_id=7, _flush_time=NOW),
            view(_track_id=8),
        ],
    ).records
    assert isinstance(first, Event)
    assert isinstance(again, Event)
    assert isinstance(other, Event)
    assert first.uuid == again.uuid != other.uuid


def test_time(send: Send) -> None:
    assert send(URL, view(_flush_time=NOW - 3_600_000)).records[0].ts == AT + 3_600_000
    assert send(URL, view(time=AT // 1000)).records[0].ts == AT
    assert send(URL, view(time=None)).refusals[0].code == "time_missing"


@pytest.mark.parametrize(
    ("url", "more", "key"),
    [
        ("/sa?project=wk", {}, "wk"),
        ("/sa?key=wk", {}, "wk"),
        ("/sa?project=default", {}, ""),
        ("/sa", {"token": "wk"}, "wk"),
        ("/sa?token=wk", {"token": "other"}, "wk"),
    ],
)
def test_where_the_key_may_be(send: Send, url: str, more: dict[str, str], key: str) -> None:
    assert send(url, view(**more)).key == key


def test_answers() -> None:
    post = make_request(URL, [view(), {}])
    assert sensors.answer(post, sensors.parse(post), Outcome()).status == 200
    pixel = make_request("/sa.gif?" + form("data", view()).decode(), b"", method="GET")
    told = sensors.answer(pixel, sensors.parse(pixel), Outcome())
    assert (told.status, told.content_type, told.body[:6]) == (200, "image/gif", b"GIF89a")
    debug = make_request("/debug?token=wk", [view(), {}], dry_run="true")
    parsed = sensors.parse(debug)
    assert (parsed.dry_run, parsed.records) == (True, [])
    assert sensors.answer(debug, parsed, Outcome()).status == 400
    assert sensors.answer(post, parsed, Outcome(problem=KEY_UNKNOWN)).status == 401
