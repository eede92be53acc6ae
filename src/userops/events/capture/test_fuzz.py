"""Whatever comes in: no door raises, and every message becomes records or exactly one refusal."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from userops.events import limits
from userops.events.capture import BY_PATH, CaptureRequest, Outcome, find_door
from userops.events.capture.conftest import NOW
from userops.events.capture.cors import preflight_headers
from userops.events.capture.door import PROBLEMS
from userops.events.fields import BY_NAME, NUMBER_FIELDS
from userops.events.records import Event

KEYS = st.sampled_from(
    [
        "type",
        "event",
        "user",
        "distinct_id",
        "userId",
        "anonymousId",
        "previousId",
        "messageId",
        "timestamp",
        "time",
        "sentAt",
        "sent_at",
        "uuid",
        "properties",
        "traits",
        "context",
        "$set",
        "$unset",
        "alias",
        "offset",
        "_flush_time",
        "identities",
        "login_id",
        "anonymous_id",
        "original_id",
        "groupId",
        "batch",
        "api_key",
        "token",
        "page",
        "amount",
        "revenue",
        "$os",
        "$lib",
        "library",
        "app",
        "version",
        "$current_url",
        "$is_login_id",
        "name",
    ]
)
ODD = st.sampled_from(
    [
        *(
            "track",
            "identify",
            "page",
            "alias",
            "group",
            "profile_set",
            "profile_unset",
            "$identify",
        ),
        *(
            "$create_alias",
            "$groupidentify",
            "track_signup",
            "track_id_bind",
            "2026-11-22T00:00:00Z",
        ),
        *("null", "\ud800", "a\0b", "018f4c8e-1b7a-7c3e-9d2f-3a5b6c7d8e9f", "x" * 9000, ""),
        *(2**70, -(2**70), float("nan"), float("inf"), NOW, NOW // 1000, 1e300, -1),
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | ODD
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=12,
)
MESSAGES = st.dictionaries(KEYS, VALUES, max_size=8) | VALUES
PATHS = st.sampled_from([*BY_PATH, "/array/wk/config.js", "/array/x"])
HEADERS = st.dictionaries(
    st.sampled_from(
        ["content-type", "content-encoding", "authorization", "x-write-key", "dry-run", "origin"]
    ),
    st.sampled_from(
        [
            *("application/json; charset=gbk", "application/x-ndjson", "gzip", "deflate", "zstd"),
            *("application/x-www-form-urlencoded", "Basic d2s6", "Basic *", "Bearer k", "true", ""),
        ]
    )
    | st.text(max_size=10),
)


def check(request: CaptureRequest) -> None:
    door = find_door(request.path)
    assert door is not None
    parsed = door.parse(request)
    assert isinstance(parsed.key, str)
    for refusal in parsed.refusals:
        assert refusal.code in limits.BY_CODE
        again = door.replay(refusal.raw, NOW)
        assert again.records or again.refusals or again.messages == 0
    assert len(parsed.refusals) <= parsed.messages
    if parsed.messages and not parsed.dry_run and parsed.problem is None:
        assert parsed.records or parsed.refusals
    for record in parsed.records:
        check_record(record)
    outcomes = [Outcome(stored=1), *(Outcome(problem=problem) for problem in PROBLEMS)]
    for outcome in outcomes:
        assert 200 <= door.answer(request, parsed, outcome).status < 600
    preflight_headers(request.headers)


def check_record(record: Any) -> None:
    assert record.distinct_id
    assert 0 <= record.ts <= NOW + limits.MAX_FUTURE_MS
    if not isinstance(record, Event):
        return
    assert 0 < len(record.event) <= limits.MAX_EVENT_NAME
    text = json.dumps(record.properties, allow_nan=False, ensure_ascii=False)
    text.encode("utf-8")
    assert "\\u0000" not in text
    for key, value in record.properties.items():
        if key in BY_NAME and key not in NUMBER_FIELDS:
            assert isinstance(value, str)


@settings(max_examples=400, deadline=None)
@given(
    PATHS, st.binary(max_size=60), st.sampled_from(["GET", "POST"]), HEADERS, st.text(max_size=40)
)
def test_any_bytes(
    path: str, body: bytes, method: str, headers: dict[str, str], query: str
) -> None:
    check(CaptureRequest(method, path, query, headers, body, NOW))


@settings(max_examples=250, deadline=None)
@given(PATHS, st.lists(MESSAGES, max_size=4), st.sampled_from(["plain", "batch", "gzip", "form"]))
def test_any_messages(path: str, messages: list[Any], wrapping: str) -> None:
    headers: dict[str, str] = {}
    value: Any = {"batch": messages, "sent_at": NOW} if wrapping == "batch" else messages
    body = json.dumps(value).encode()
    if wrapping == "gzip":
        body, headers = gzip.compress(body), {"content-encoding": "gzip"}
    if wrapping == "form":
        text = base64.urlsafe_b64encode(body)
        body, headers = b"data=" + text, {"content-type": "application/x-www-form-urlencoded"}
    check(CaptureRequest("POST", path, "", headers, body, NOW))


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["/v1/events", "/batch", "/v1/batch", "/sa"]),
    st.lists(st.tuples(st.booleans(), MESSAGES), min_size=1, max_size=6),
)
def test_good_messages_survive_any_neighbour(path: str, plan: list[tuple[bool, Any]]) -> None:
    good = {
        "type": "track",
        "event": "good",
        "user": "u1",
        "distinct_id": "u1",
        "userId": "u1",
        "time": NOW,
    }
    messages = [good if is_good else message for is_good, message in plan]
    value: Any = {"batch": messages} if path.endswith("batch") else messages
    request = CaptureRequest("POST", path, "", {}, json.dumps(value).encode(), NOW)
    door = find_door(path)
    assert door is not None
    parsed = door.parse(request)
    stored = [r for r in parsed.records if isinstance(r, Event) and r.event == "good"]
    assert len(stored) >= sum(is_good for is_good, _ in plan)
    assert parsed.messages == len(messages)
