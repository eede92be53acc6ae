from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

import msgspec
import pytest

from userops.events.capture import segment
from userops.events.capture.conftest import NOW, Send, make_request
from userops.events.capture.door import RATE_LIMITED, Outcome
from userops.events.records import Alias, Event, Identify, ProfileChange

TIME = "2026-11-22T08:00:00.000Z"
AT = 1_795_334_400_000
BASIC = "Basic " + base64.b64encode(b"wk:").decode()


def test_track_fills_the_columns(send: Send) -> None:
    said = {
        "userId": "u1",
        "event": "Order Completed",
        "messageId": "ajs-123",
        "timestamp": TIME,
        "properties": {"revenue": 39.9, "currency": "CNY", "path": "/pay"},
        "context": {
            "app": {"name": "Shop", "version": "1.2"},
            "os": {"name": "iOS", "version": "17"},
            "device": {"model": "iPhone15,2", "type": "iOS"},
            "campaign": {"source": "wx", "medium": "cpc", "name": "1111"},
            "location": {"country": "CN", "city": "Shenzhen"},
            "locale": "zh-CN",
            "library": {"name": "analytics-ios", "version": "4"},
            "traits": {"vip": True},
        },
    }
    changed, event = send("/v1/track", said, authorization=BASIC).records
    assert isinstance(changed, ProfileChange)
    assert changed.properties == {"vip": True}
    assert isinstance(event, Event)
    assert (event.event, event.ts) == ("Order Completed", AT)
    context = event.properties.pop("context")
    assert context["app"]["name"] == "Shop"
    assert "traits" not in context
    assert event.properties == {
        "revenue": 39.9,
        "amount": 39.9,
        "currency": "CNY",
        "page": "/pay",
        "app_version": "1.2",
        "os": "iOS",
        "os_version": "17",
        "device": "iPhone15,2",
        "platform": "ios",
        "utm_source": "wx",
        "utm_medium": "cpc",
        "utm_campaign": "1111",
        "country": "CN",
        "city": "Shenzhen",
        "language": "zh-CN",
        "source": "segment:analytics-ios",
    }


@pytest.mark.parametrize(
    ("url", "headers", "more"),
    [
        ("/v1/track", {"authorization": BASIC}, {}),
        ("/v1/t", {}, {"writeKey": "wk"}),
        ("/v1/t?writeKey=wk", {}, {}),
        ("/v1/batch", {"authorization": "Bearer wk"}, {"type": "track"}),
    ],
)
def test_where_the_key_may_be(
    send: Send, url: str, headers: dict[str, str], more: dict[str, str]
) -> None:
    parsed = send(url, {"userId": "u1", "event": "x", **more}, **headers)
    assert (parsed.key, len(parsed.records)) == ("wk", 1)


def test_two_ids_are_one_person(send: Send) -> None:
    known, event = send(
        "/v1/track", {"userId": "u1", "anonymousId": "a1", "event": "x", "timestamp": TIME}
    ).records
    assert known == Identify(distinct_id="u1", anonymous_id="a1", ts=AT)
    assert event.distinct_id == "u1"
    (alone,) = send("/v1/track", {"anonymousId": "a1", "event": "x"}).records
    assert alone.distinct_id == "a1"


def test_pages_and_screens(send: Send) -> None:
    page, screen = send(
        "/v1/batch",
        {
            "batch": [
                {
                    "type": "page",
                    "userId": "u",
                    "name": "Cart",
                    "context": {"page": {"path": "/cart", "referrer": "https://r.cn/"}},
                },
                {"type": "screen", "userId": "u", "name": "Home"},
            ]
        },
    ).records
    assert isinstance(page, Event)
    assert isinstance(screen, Event)
    assert (page.event, page.properties["page"], page.properties["name"]) == (
        "$pageview",
        "/cart",
        "Cart",
    )
    assert page.properties["referrer"] == "https://r.cn/"
    assert (screen.event, screen.properties["page"]) == ("$screen", "Home")


def test_identify_group_alias(send: Send) -> None:
    batch: list[dict[str, Any]] = [
        {"type": "identify", "userId": "u1", "anonymousId": "a1", "traits": {"name": "陈"}},
        {"type": "identify", "userId": "u2"},
        {"type": "identify", "anonymousId": "a3", "traits": {"name": "x"}},
        {"type": "identify", "anonymousId": "a3"},
        {"type": "group", "userId": "u1", "groupId": "g", "traits": {"plan": "pro"}},
        {"type": "alias", "userId": "u1", "previousId": "old"},
        {"type": "wish", "userId": "u1"},
        {"type": "alias", "userId": "u1"},
    ]
    parsed = send("/v1/batch", {"batch": batch, "writeKey": "wk"})
    assert [refusal.code for refusal in parsed.refusals] == [
        "profile_invalid",
        "type_unknown",
        "user_missing",
    ]
    both, named, known, only, group, alias = parsed.records
    assert both == Identify(distinct_id="u1", anonymous_id="a1", ts=NOW)
    assert isinstance(named, ProfileChange)
    assert known == Identify(distinct_id="u2", ts=NOW)
    assert isinstance(only, ProfileChange)
    assert only.distinct_id == "a3"
    assert isinstance(group, ProfileChange)
    assert group.properties == {"$group": "g", "$group_properties": {"plan": "pro"}}
    assert alias == Alias(distinct_id="u1", alias="old", ts=NOW)


def test_message_ids(send: Send) -> None:
    said = {"type": "track", "userId": "u", "event": "x"}
    given = "018f4c8e-1b7a-7c3e-9d2f-3a5b6c7d8e9f"
    batch = [
        {**said, "messageId": given},
        {**said, "messageId": "ajs"},
        {**said, "messageId": "ajs"},
    ]
    events = send("/v1/batch", {"batch": batch}).records
    uuids = [record.uuid for record in events if isinstance(record, Event)]
    assert uuids[0] == UUID(given)
    assert uuids[1] == uuids[2]
    assert (
        send("/v1/batch", {"batch": [{**said, "messageId": 5}]}).refusals[0].code == "uuid_invalid"
    )


def test_sent_at_corrects_a_wrong_clock(send: Send) -> None:
    batch = [{"type": "track", "userId": "u", "event": "x", "timestamp": TIME}]
    body = {"batch": batch, "sentAt": "2026-11-22T09:13:20Z"}
    assert send("/v1/batch", body).records[0].ts == AT + 3_600_000


def test_a_batch_shares_its_context(send: Send) -> None:
    batch = [{"type": "track", "userId": "u", "event": "x"}]
    body = {"batch": batch, "context": {"app": {"version": "9"}}}
    (event,) = send("/v1/batch", body).records
    assert isinstance(event, Event)
    assert event.properties["app_version"] == "9"


def test_settings_for_analytics_js() -> None:
    request = make_request("/v1/projects/wk/settings", b"", method="GET")
    parsed = segment.parse(request)
    assert (parsed.key, parsed.messages) == ("wk", 0)
    told = msgspec.json.decode(segment.answer(request, parsed, Outcome()).body)
    assert told["integrations"] == {"Segment.io": {"apiKey": "wk"}}


def test_answers() -> None:
    good = make_request("/v1/track", {"userId": "u", "event": "x"})
    assert segment.answer(good, segment.parse(good), Outcome()).body == b'{"success":true}'
    bad = make_request("/v1/track", {"event": "x"})
    told = segment.answer(bad, segment.parse(bad), Outcome())
    assert (told.status, msgspec.json.decode(told.body)["code"]) == (400, "user_missing")
    told = segment.answer(good, segment.parse(good), Outcome(problem=RATE_LIMITED, retry_after=1))
    assert (told.status, told.headers) == (429, (("Retry-After", "1"),))
