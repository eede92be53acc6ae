from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
import pytest

from userops.events.capture import posthog
from userops.events.capture.conftest import NOW, Send, make_request
from userops.events.capture.door import KEY_UNKNOWN, Outcome
from userops.events.records import Alias, Event, Identify, ProfileChange

ID = "018f4c8e-1b7a-7c3e-9d2f-3a5b6c7d8e9f"
TIME = "2026-11-22T08:00:00.000Z"
AT = 1_795_334_400_000


def view(**more: Any) -> dict[str, Any]:
    props = {"token": "phc", "distinct_id": "u1", "$lib": "web", **more.pop("properties", {})}
    return {"event": "view", "uuid": ID, "timestamp": TIME, "properties": props, **more}


def test_a_web_event_fills_the_columns(send: Send) -> None:
    told = {
        "$os": "Mac OS X",
        "$os_version": "10.15.7",
        "$browser": "Chrome",
        "$device_type": "Desktop",
        "$current_url": "https://shop.cn/cart?x=1#y",
        "$pathname": "/cart",
        "$session_id": "s1",
        "$referrer": "https://ref.cn/",
        "$geoip_country_name": "China",
        "$geoip_subdivision_1_name": "Guangdong",
        "$geoip_city_name": "Shenzhen",
        "$browser_language": "zh-CN",
        "utm_source": "wx",
        "price": 3,
        "$insert_id": "abc",
    }
    (event,) = send("/e/?ip=0", view(properties=told)).records
    assert isinstance(event, Event)
    assert (event.event, event.distinct_id, event.ts, event.uuid) == ("view", "u1", AT, UUID(ID))
    assert event.properties == {
        "platform": "web",
        "source": "posthog:web",
        "os": "Mac OS X",
        "os_version": "10.15.7",
        "browser": "Chrome",
        "page": "/cart",
        "session": "s1",
        "referrer": "https://ref.cn/",
        "country": "China",
        "province": "Guangdong",
        "city": "Shenzhen",
        "language": "zh-CN",
        "utm_source": "wx",
        "price": 3,
        "$lib": "web",
        "$device_type": "Desktop",
        "$current_url": "https://shop.cn/cart?x=1#y",
    }


def test_an_own_property_wins_over_a_preset(send: Send) -> None:
    told = {"page": "mine", "$pathname": "/cart", "$referrer": "$direct"}
    (event,) = send("/e/", view(properties=told)).records
    assert isinstance(event, Event)
    assert event.properties["page"] == "mine"
    assert event.properties["$pathname"] == "/cart"
    assert "referrer" not in event.properties


@pytest.mark.parametrize(
    ("url", "body", "headers"),
    [
        ("/e/", json.dumps(view()).encode(), {}),
        ("/e/?compression=gzip-js", gzip.compress(json.dumps([view()]).encode(), mtime=0), {}),
        ("/e", gzip.compress(json.dumps(view()).encode(), mtime=0), {"content_type": "text/plain"}),
        (
            "/capture/?compression=base64",
            b"data=" + quote(base64.b64encode(json.dumps(view()).encode())).encode(),
            {"content_type": "application/x-www-form-urlencoded"},
        ),
        ("/track/?compression=base64", base64.b64encode(json.dumps([view()]).encode()), {}),
        ("/i/v0/e/", b"data=" + quote(json.dumps(view())).encode(), {}),
        (
            "/batch/",
            json.dumps({"api_key": "phc", "batch": [view()]}).encode(),
            {"content_type": "application/json"},
        ),
    ],
)
def test_every_wrapping(send: Send, url: str, body: bytes, headers: dict[str, str]) -> None:
    parsed = send(url, body, **headers)
    assert parsed.refusals == []
    assert parsed.key == "phc"
    assert parsed.records[0].distinct_id == "u1"


def test_a_pixel(send: Send) -> None:
    data = quote(base64.b64encode(json.dumps(view()).encode()))
    assert send(f"/e/?data={data}", b"", method="GET").records[0].distinct_id == "u1"


@pytest.mark.parametrize(
    ("more", "sent_at", "expected"),
    [
        ({}, None, AT),
        ({}, NOW - 3_600_000, AT + 3_600_000),
        ({}, "2026-11-22T09:13:20Z", AT + 3_600_000),
        ({}, "nonsense", AT),
        ({"properties": {"$ignore_sent_at": True}}, NOW - 3_600_000, AT),
        ({"timestamp": None, "offset": 5_000}, NOW - 3_600_000, NOW - 5_000),
        ({"timestamp": None}, None, NOW),
    ],
)
def test_time(send: Send, more: dict[str, Any], sent_at: object, expected: int) -> None:
    body = {"api_key": "phc", "sent_at": sent_at, "batch": [view(**more)]}
    (event,) = send("/batch/", body).records
    assert event.ts == expected


def test_sent_at_of_the_address(send: Send) -> None:
    (event,) = send(f"/e/?_={NOW - 3_600_000}", [view()]).records
    assert event.ts == AT + 3_600_000


def test_identify_merges_sets_and_is_an_event(send: Send) -> None:
    said = view(
        event="$identify",
        properties={"distinct_id": "u1", "$anon_distinct_id": "a1"},
        **{"$set": {"vip": True}, "$set_once": {"first": "x"}},
    )
    known, changed, once, event = send("/e/", said).records
    assert known == Identify(distinct_id="u1", anonymous_id="a1", ts=AT)
    assert isinstance(changed, ProfileChange)
    assert isinstance(once, ProfileChange)
    assert (changed.operation, changed.properties) == ("set", {"vip": True})
    assert (once.operation, once.properties) == ("set_once", {"first": "x"})
    assert isinstance(event, Event)
    assert event.event == "$identify"


def test_special_events(send: Send) -> None:
    batch = [
        {"event": "$create_alias", "distinct_id": "u1", "properties": {"alias": "m1"}},
        {"event": "$set", "distinct_id": "u1", "$set": {"a": 1}, "$unset": ["b"]},
        {
            "event": "$groupidentify",
            "distinct_id": "u1",
            "properties": {"$group_type": "company", "$group_key": "c", "$group_set": {"n": 1}},
        },
        {"event": "$merge_dangerously", "distinct_id": "u1", "properties": {"alias": "m1"}},
        {"event": "$snapshot", "distinct_id": "u1"},
        {"event": "$set", "distinct_id": "u1"},
        {"event": "$identify", "distinct_id": "u1", "properties": {"$anon_distinct_id": "null"}},
        {"event": "buy", "distinct_id": "u1", "properties": {"$set": {"last": 1}}},
    ]
    parsed = send("/batch", {"api_key": "phc", "batch": batch})
    assert [refusal.code for refusal in parsed.refusals] == [
        "identity_conflict",
        "type_unknown",
        "profile_invalid",
        "user_not_a_person",
    ]
    alias, changed, unset, group, last, bought = parsed.records
    assert alias == Alias(distinct_id="u1", alias="m1", ts=NOW)
    assert isinstance(changed, ProfileChange)
    assert isinstance(unset, ProfileChange)
    assert unset.properties == {"b": True}
    assert isinstance(group, ProfileChange)
    assert group.properties == {"$group_company": "c", "$group_company_properties": {"n": 1}}
    assert isinstance(last, ProfileChange)
    assert isinstance(bought, Event)
    assert "$set" not in bought.properties


def test_resending_gives_the_same_uuid(send: Send) -> None:
    bare = view(uuid=None)
    first = send("/e/", {**bare, "sent_at": "2026-11-22T10:13:19Z"}).records[0]
    again = send("/e/", {**bare, "sent_at": "2026-11-22T10:13:21Z"}, now=NOW + 2_000).records[0]
    assert isinstance(first, Event)
    assert isinstance(again, Event)
    assert first.uuid == again.uuid


@pytest.mark.parametrize(
    ("url", "body", "method"),
    [
        ("/flags/?v=2", {"token": "phc", "distinct_id": "u1"}, "POST"),
        ("/decide/?v=3", {"api_key": "phc"}, "POST"),
        (
            "/flags/?v=2&config=true&compression=base64",
            b"data=" + base64.b64encode(b'{"token":"phc"}'),
            "POST",
        ),
        ("/array/phc/config", b"", "GET"),
        ("/array/phc/config.js", b"", "GET"),
    ],
)
def test_settings_say_no_to_what_is_not_there(url: str, body: Any, method: str) -> None:
    request = make_request(url, body, method=method)
    parsed = posthog.parse(request)
    assert (parsed.key, parsed.messages) == ("phc", 0)
    told = posthog.answer(request, parsed, Outcome())
    assert told.status == 200
    if url.endswith(".js"):
        assert told.content_type == "application/javascript"
        assert b'_POSTHOG_REMOTE_CONFIG["phc"]' in told.body
        return
    settings = msgspec.json.decode(told.body)
    assert settings.get("featureFlags", {}) == {}
    if "config" in url:
        assert settings["sessionRecording"] is False
    if "flags" in url:
        assert settings["flags"] == {}


def test_a_script_cannot_be_broken_out_of() -> None:
    request = make_request('/array/"</script>/config.js', b"", method="GET")
    told = posthog.answer(request, posthog.parse(request), Outcome())
    assert b"<" not in told.body


def test_answers() -> None:
    good = make_request("/e/", view())
    assert posthog.answer(good, posthog.parse(good), Outcome()).body == b'{"status":"Ok"}'
    beacon = make_request("/e/?beacon=1", view())
    assert posthog.answer(beacon, posthog.parse(beacon), Outcome()).status == 204
    bad = make_request("/e/", {"event": "x"})
    told = posthog.answer(bad, posthog.parse(bad), Outcome())
    assert (told.status, msgspec.json.decode(told.body)["code"]) == (400, "user_missing")
    told = posthog.answer(good, posthog.parse(good), Outcome(problem=KEY_UNKNOWN))
    assert told.status == 401
