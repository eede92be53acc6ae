from __future__ import annotations

import json
from uuid import UUID

import msgspec
import pytest

from userops.events import limits
from userops.events.capture import native
from userops.events.capture.conftest import NOW, Send, make_request
from userops.events.capture.door import KEY_UNKNOWN, RATE_LIMITED, Outcome
from userops.events.records import Alias, Event, Identify, ProfileChange

URL = "/v1/events?key=wk"
ID = "018f4c8e-1b7a-7c3e-9d2f-3a5b6c7d8e9f"
VIEW = {"event": "view", "user": "u1", "time": "2026-11-22T08:00:00+08:00", "uuid": ID}


def test_an_event_is_read_whole(send: Send) -> None:
    parsed = send(URL, {**VIEW, "properties": {"page": "/a", "价格": 9.5, "amount": "1,200.50"}})
    assert parsed.refusals == []
    assert parsed.key == "wk"
    assert parsed.records == [
        Event(
            event="view",
            distinct_id="u1",
            ts=1_795_305_600_000,
            uuid=UUID(ID),
            properties={"page": "/a", "价格": 9.5, "amount": 1200.5, "source": "native"},
        )
    ]


@pytest.mark.parametrize("body", [VIEW, [VIEW], {"batch": [VIEW]}])
def test_one_or_many(send: Send, body: object) -> None:
    assert len(send(URL, body).records) == 1


def test_lines_lose_only_the_broken_one(send: Send) -> None:
    lines = json.dumps(VIEW) + "\n{broken\n\n" + json.dumps({**VIEW, "user": 7}) + "\n"
    parsed = send(URL, lines.encode(), content_type="application/x-ndjson")
    assert [record.distinct_id for record in parsed.records] == ["u1", "7"]
    assert [refusal.code for refusal in parsed.refusals] == ["json_invalid"]
    assert parsed.messages == 3


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("/v1/events", {"authorization": "Bearer wk"}),
        ("/v1/events", {"x_write_key": "wk"}),
        ("/v1/events/?key=wk", {}),
    ],
)
def test_where_the_key_may_be(send: Send, url: str, headers: dict[str, str]) -> None:
    assert send(url, VIEW, **headers).key == "wk"


def test_a_bad_message_never_loses_its_neighbours(send: Send) -> None:
    bad = [
        ({"user": "u"}, "event_missing"),
        ({"event": " ", "user": "u"}, "event_invalid"),
        ({"event": "e" * 201, "user": "u"}, "event_invalid"),
        ({"event": 5, "user": "u"}, "event_invalid"),
        ({"event": "e"}, "user_missing"),
        ({"event": "e", "user": ""}, "user_missing"),
        ({"event": "e", "user": "x" * 401}, "user_invalid"),
        ({"event": "e", "user": ["a"]}, "user_invalid"),
        ({"event": "e", "user": True}, "user_invalid"),
        *(
            ({"event": "e", "user": nobody}, "user_not_a_person")
            for nobody in (
                0,
                "0",
                "null",
                "None",
                "undefined",
                "NaN",
                "anonymous",
                "[object Object]",
            )
        ),
        ({"event": "e", "user": "00000000-0000-0000-0000-000000000000"}, "user_not_a_person"),
        ({"event": "e", "user": "u", "time": "yesterday"}, "time_invalid"),
        ({"event": "e", "user": "u", "time": True}, "time_invalid"),
        ({"event": "e", "user": "u", "time": "2026-11-23T10:13:21Z"}, "time_in_future"),
        ({"event": "e", "user": "u", "time": "1969-12-31"}, "time_too_old"),
        ({"event": "e", "user": "u", "uuid": "x"}, "uuid_invalid"),
        ({"event": "e", "user": "u", "uuid": str(UUID(int=0))}, "uuid_invalid"),
        ({"event": "e", "user": "u", "properties": [1]}, "properties_invalid"),
        (
            {"event": "e", "user": "u", "properties": {str(n): n for n in range(501)}},
            "too_many_properties",
        ),
        (
            {"event": "e", "user": "u", "properties": {"a": {str(n): n for n in range(500)}}},
            "too_many_properties",
        ),
        ({"event": "e", "user": "u", "properties": {"": 1}}, "key_invalid"),
        ({"event": "e", "user": "u", "properties": {"k" * 201: 1}}, "key_invalid"),
        ({"event": "e", "user": "u", "properties": {"a": {"": 1}}}, "key_invalid"),
        (
            {"event": "e", "user": "u", "properties": {"a": [[[[[[[[1]]]]]]]]}},
            "too_deep",
        ),
        ({"event": "e", "user": "u", "properties": {"a": ["x" * 300_000]}}, "record_too_large"),
        ({"type": "wish", "user": "u"}, "type_unknown"),
        ({"type": "profile_increment", "user": "u", "properties": {"n": "1"}}, "profile_invalid"),
        ("text", "not_an_object"),
        (None, "not_an_object"),
    ]
    messages: list[object] = []
    for message, _ in bad:
        messages += [VIEW, message]
    parsed = send(URL, messages)
    assert len(parsed.records) == len(bad)
    assert [refusal.code for refusal in parsed.refusals] == [code for _, code in bad]
    assert {refusal.code for refusal in parsed.refusals} <= limits.BY_CODE.keys()
    for refusal, (message, code) in zip(parsed.refusals, bad, strict=True):
        if code != "record_too_large":
            assert json.loads(refusal.raw) == message


def test_the_edge_of_each_limit_is_allowed(send: Send) -> None:
    deep: object = 1
    for _ in range(limits.MAX_DEPTH - 1):
        deep = {"a": deep}
    at_the_edge = [
        {**VIEW, "event": "e" * limits.MAX_EVENT_NAME},
        {**VIEW, "user": "u" * limits.MAX_DISTINCT_ID},
        {**VIEW, "time": NOW + limits.MAX_FUTURE_MS},
        {**VIEW, "time": "1970-01-01T00:00:00Z"},
        {**VIEW, "properties": {str(n): n for n in range(limits.MAX_PROPERTIES)}},
        {**VIEW, "properties": {"k" * limits.MAX_KEY: 1}},
        {**VIEW, "properties": {"a": deep}},
    ]
    parsed = send(URL, at_the_edge)
    assert parsed.refusals == []
    assert len(parsed.records) == len(at_the_edge)


def test_long_texts_are_cut_and_the_event_says_so(send: Send) -> None:
    long = "字" * (limits.MAX_TEXT + 1)
    (event,) = send(URL, {**VIEW, "properties": {"a": long, "b": {"c": [long]}, "d": "x"}}).records
    assert isinstance(event, Event)
    assert len(event.properties["a"]) == limits.MAX_TEXT
    assert len(event.properties["b"]["c"][0]) == limits.MAX_TEXT
    assert event.properties["$truncated"] == ["a", "b"]


@pytest.mark.parametrize(
    "time",
    [
        1_795_305_600,
        1_795_305_600_000,
        1_795_305_600_000_000,
        1_795_305_600_000_000_000,
        1_795_305_600.0,
        "1795305600",
        "1795305600000",
        "2026-11-22T00:00:00Z",
        "2026-11-22t00:00:00z",
        "2026-11-22 00:00:00",
        "2026-11-22T08:00:00.000+0800",
        "2026-11-21T19:00:00-05:00",
        "2026-11-22T00:00:00.0000009Z",
        "20261122T000000Z",
        "2026-11-22",
    ],
)
def test_the_same_instant_in_many_forms(send: Send, time: object) -> None:
    (event,) = send(URL, {**VIEW, "time": time}).records
    assert event.ts == 1_795_305_600_000


def test_times_are_corrected_by_sent_at_beyond_the_networks_delay(send: Send) -> None:
    hour = 3_600_000
    batch = [{**VIEW, "time": NOW - 2 * hour}]
    (late,) = send(URL, {"batch": batch, "sent_at": NOW - hour}).records
    assert late.ts == NOW - hour
    (same,) = send(URL, {"batch": batch, "sent_at": NOW - 3_000}).records
    assert same.ts == NOW - 2 * hour


def test_without_a_uuid_the_content_gives_a_stable_one(send: Send) -> None:
    bare = {"event": "view", "user": "u1", "time": 1_795_305_600, "properties": {"a": 1, "b": 2}}
    turned = {"properties": {"b": 2, "a": 1}, "time": 1_795_305_600, "user": "u1", "event": "view"}
    first, second = send(URL, [bare, turned]).records
    (other,) = send(URL, {**bare, "properties": {"a": 1, "b": 3}}).records
    assert isinstance(first, Event)
    assert isinstance(second, Event)
    assert isinstance(other, Event)
    assert first.uuid == second.uuid != other.uuid


def test_without_time_and_uuid_each_sending_is_its_own(send: Send) -> None:
    first, second = send(URL, [{"event": "view", "user": "u1"}] * 2).records
    assert isinstance(first, Event)
    assert isinstance(second, Event)
    assert first.uuid != second.uuid
    assert first.ts == NOW


def test_columns_get_their_type(send: Send) -> None:
    props: dict[str, object] = {
        "page": 3,
        "channel": None,
        "city": "",
        "language": ["zh"],
        "platform": True,
    }
    props["amount"] = "a lot"
    (event,) = send(URL, {**VIEW, "properties": props}).records
    assert isinstance(event, Event)
    assert event.properties == {
        "page": "3",
        "language": '["zh"]',
        "platform": "true",
        "amount": "a lot",
        "source": "native",
    }


def test_unknown_keys_of_a_message_become_properties(send: Send) -> None:
    (event,) = send(URL, {**VIEW, "sku": "s1", "properties": {"n": 1}}).records
    assert isinstance(event, Event)
    assert event.properties == {"sku": "s1", "n": 1, "source": "native"}


def test_identity_and_profile(send: Send) -> None:
    said = [
        {"type": "identify", "user": "u1", "anonymous_id": "a1", "properties": {"vip": True}},
        {"type": "alias", "user": "u1", "alias": "m1"},
        {"type": "profile_set_once", "user": "u1", "properties": {"first": "x", "page": 7}},
        {"type": "profile_unset", "user": "u1", "properties": ["a", "b"]},
        {"type": "profile_increment", "user": "u1", "uuid": ID, "properties": {"n": 2}},
        {"type": "profile_append", "user": "u1", "properties": {"tags": "new"}},
        {"type": "profile_delete", "user": "u1"},
    ]
    parsed = send(URL, said)
    assert parsed.refusals == []
    kinds = [type(record) for record in parsed.records]
    assert kinds == [Identify, ProfileChange, Alias, *[ProfileChange] * 5]
    changes = [record for record in parsed.records if isinstance(record, ProfileChange)]
    assert [(change.operation, change.properties) for change in changes] == [
        ("set", {"vip": True}),
        ("set_once", {"first": "x", "page": 7}),
        ("unset", {"a": True, "b": True}),
        ("increment", {"n": 2}),
        ("append", {"tags": ["new"]}),
        ("delete", {}),
    ]
    (again,) = send(URL, said[4]).records
    assert isinstance(again, ProfileChange)
    assert again.uuid == changes[3].uuid


def test_broken_json_is_one_refusal(send: Send) -> None:
    for body in (b"", b"{", b"nonsense", b'{"a":1}{"b":2}'):
        parsed = send(URL, body)
        assert parsed.problem is not None
        assert parsed.problem.code == "json_invalid"
        assert [refusal.code for refusal in parsed.refusals] == ["json_invalid"]


def test_too_many_messages(send: Send) -> None:
    parsed = send(URL, [VIEW] * (limits.MAX_BATCH + 1))
    assert parsed.problem is not None
    assert parsed.problem.status == 413
    assert parsed.records == []


def test_answers() -> None:
    request = make_request(URL, [VIEW, {}])
    parsed = native.parse(request)
    told = native.answer(request, parsed, Outcome(stored=1))
    body = msgspec.json.decode(told.body)
    assert (told.status, body["stored"], body["refused"]) == (200, 1, 1)
    assert body["refusals"][0]["code"] == "event_missing"
    assert native.answer(request, native.parse(make_request(URL, {})), Outcome()).status == 400
    limited = native.answer(request, parsed, Outcome(problem=RATE_LIMITED, retry_after=3))
    assert (limited.status, limited.headers) == (429, (("Retry-After", "3"),))
    unknown = native.answer(request, parsed, Outcome(problem=KEY_UNKNOWN))
    assert msgspec.json.decode(unknown.body)["error"]["code"] == "write_key_unknown"


def test_replay_of_a_refusal(send: Send) -> None:
    (refusal,) = send(URL, {**VIEW, "time": "soon"}).refusals
    assert native.replay(refusal.raw, NOW).refusals[0].code == "time_invalid"
    assert len(native.replay(refusal.raw.replace("soon", "2026-11-22"), NOW).records) == 1
