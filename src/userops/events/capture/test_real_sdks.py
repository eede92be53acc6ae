"""The real SDKs of PostHog, Segment and 神策 send to a small HTTP server; the doors read the bytes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

import pytest

from userops.events.capture import CaptureRequest, Outcome, Parsed, find_door
from userops.events.records import Alias, Event, Identify, ProfileChange, Record

posthog = pytest.importorskip("posthog")
segment = pytest.importorskip("segment.analytics.client")
sensors = pytest.importorskip("sensorsanalytics.sdk")

ID = "018f4c8e-1b7a-7c3e-9d2f-3a5b6c7d8e9f"
THEN = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
THEN_MS = 1_767_323_045_678


class Collector(ThreadingHTTPServer):
    """Answers as the doors do and keeps what they read."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.parsed: list[Parsed] = []
        self.requests: list[CaptureRequest] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def records(self) -> list[Record]:
        for parsed in self.parsed:
            assert parsed.refusals == []
        return [record for parsed in self.parsed for record in parsed.records]


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        request = CaptureRequest(self.command, path, query, headers, body, int(time.time() * 1000))
        door = find_door(path)
        if door is None:
            self.send_error(404)
            return
        parsed = door.parse(request)
        self.server.requests.append(request)
        self.server.parsed.append(parsed)
        answer = door.answer(request, parsed, Outcome(stored=len(parsed.records)))
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _posthog_client(collector: Collector, **options: Any) -> Any:
    failed: list[Any] = []
    client = posthog.Posthog(
        "wk",
        host=collector.url,
        on_error=lambda error, _items: failed.append(error),
        max_retries=0,
        flush_interval=0.05,
        **options,
    )
    client.failed = failed
    return client


def _say_all(client: Any) -> None:
    client.capture(
        "买",
        distinct_id="u1",
        properties={"价格": 9.5, "nan": float("nan")},
        timestamp=THEN,
        uuid=ID,
    )
    client.capture("view", distinct_id="u1", properties={"$set": {"seen": True}})
    client.set(distinct_id="u1", properties={"vip": True})
    client.set_once(distinct_id="u1", properties={"first": "x"})
    client.alias(previous_id="u1", distinct_id="m1")
    client.group_identify("company", "c1", {"size": 3}, distinct_id="u1")
    client.shutdown()


@pytest.mark.parametrize("packed", [False, True])
def test_posthog_python(collector: Collector, packed: bool) -> None:
    client = _posthog_client(collector, gzip=packed)
    _say_all(client)
    assert client.failed == []
    assert {parsed.key for parsed in collector.parsed} == {"wk"}
    bought, seen, viewed, vip, first, alias, group = collector.records
    assert isinstance(bought, Event)
    assert (bought.event, bought.ts, bought.uuid) == ("买", THEN_MS, UUID(ID))
    assert bought.properties["价格"] == 9.5
    assert bought.properties["nan"] is None
    assert bought.properties["source"] == "posthog:posthog-python"
    assert bought.properties["platform"] == "server"
    assert isinstance(seen, ProfileChange)
    assert isinstance(viewed, Event)
    assert abs(viewed.ts - time.time() * 1000) < 10_000
    assert isinstance(vip, ProfileChange)
    assert isinstance(first, ProfileChange)
    assert vip.properties["vip"] is True
    assert (first.operation, first.properties["first"]) == ("set_once", "x")
    assert isinstance(alias, Alias)
    assert (alias.distinct_id, alias.alias) == ("u1", "m1")
    assert isinstance(group, ProfileChange)
    assert group.properties["$group_company"] == "c1"


@pytest.mark.parametrize("compression", ["none", "gzip", "deflate"])
def test_posthog_python_capture_v1(collector: Collector, compression: str) -> None:
    client = _posthog_client(collector, capture_mode="v1", capture_compression=compression)
    _say_all(client)
    assert client.failed == []
    assert {request.page_of_path for request in collector.requests} == {"/i/v1/analytics/events"}
    assert {parsed.key for parsed in collector.parsed} == {"wk"}
    events = [record for record in collector.records if isinstance(record, Event)]
    assert [event.event for event in events] == ["买", "view"]
    assert events[0].uuid == UUID(ID)
    assert events[0].properties["source"] == "posthog:posthog-python"


def test_posthog_python_hears_of_a_refusal(collector: Collector) -> None:
    client = _posthog_client(collector)
    client.capture("view", distinct_id="undefined")
    client.shutdown()
    assert collector.parsed[0].refusals[0].code == "user_not_a_person"
    assert "user_not_a_person" in str(client.failed[0])


def test_posthog_python_flags(collector: Collector) -> None:
    client = _posthog_client(collector)
    assert client.get_all_flags("u1") == {}
    client.shutdown()
    assert collector.requests[0].page_of_path == "/flags"
    assert collector.parsed[0].key == "wk"


@pytest.mark.parametrize("packed", [False, True])
def test_segment_python(collector: Collector, packed: bool) -> None:
    failed: list[Any] = []
    client = segment.Client(
        "wk",
        host=collector.url,
        gzip=packed,
        upload_interval=0.05,
        max_retries=0,
        on_error=lambda error, _items: failed.append(error),
    )
    client.track("u1", "买", {"price": 9.5, "revenue": 12}, timestamp=THEN, message_id=ID)
    client.identify("u1", {"vip": True}, anonymous_id="a1")
    client.page("u1", "shop", "Cart", {"url": "https://shop.cn/cart?x=1"})
    client.screen("u1", "shop", "Home")
    client.group("u1", "g1", {"plan": "pro"})
    client.alias("old", "u1")
    client.track(anonymous_id="a2", event="odd", properties={"nan": float("nan")})
    client.shutdown()
    assert failed == []
    assert {parsed.key for parsed in collector.parsed} == {"wk"}
    bought, known, vip, page, screen, group, alias, odd = collector.records
    assert isinstance(bought, Event)
    assert (bought.event, bought.distinct_id, bought.uuid) == ("买", "u1", UUID(ID))
    assert bought.ts == THEN_MS
    assert bought.properties["amount"] == 12
    assert bought.properties["source"] == "segment:analytics-python"
    assert isinstance(known, Identify)
    assert (known.distinct_id, known.anonymous_id) == ("u1", "a1")
    assert isinstance(vip, ProfileChange)
    assert isinstance(page, Event)
    assert (page.event, page.properties["page"]) == ("$pageview", "/cart")
    assert isinstance(screen, Event)
    assert (screen.event, screen.properties["page"]) == ("$screen", "Home")
    assert isinstance(group, ProfileChange)
    assert isinstance(alias, Alias)
    assert (alias.distinct_id, alias.alias) == ("u1", "old")
    assert isinstance(odd, Event)
    assert odd.properties["nan"] is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning:sensorsanalytics")
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("DefaultConsumer", {}),
        ("BatchConsumer", {}),
        ("AsyncBatchConsumer", {"flush_max_time": 0.05}),
    ],
)
def test_sensors_python(collector: Collector, kind: str, options: dict[str, Any]) -> None:
    consumer = getattr(sensors, kind)(f"{collector.url}/sa?project=default&token=wk", **options)
    client = sensors.SensorsAnalytics(consumer)
    client.track(
        "u1", "Buy", {"$time": THEN_MS, "price": 9.5, "$app_version": "1", "$city": "长沙"}
    )
    client.track("u1", "View", {"day": THEN.date()}, is_login_id=True)
    client.track_signup("u1", "a1")
    client.profile_set("u1", {"vip": 1})
    client.profile_set_once("u1", {"first": "x"})
    client.profile_increment("u1", {"n": 2})
    client.profile_append("u1", {"tags": ["a"]})
    client.profile_unset("u1", ["k"], is_login_id=True)
    client.profile_delete("u1")
    client.bind(
        sensors.SensorsAnalyticsIdentity("$identity_login_id", "u1"),
        sensors.SensorsAnalyticsIdentity("$identity_mobile", "138"),
    )
    client.close()
    assert {parsed.key for parsed in collector.parsed} == {"wk"}
    records = collector.records
    bought, viewed, signup, bound = [one for one in records if isinstance(one, Event)]
    assert (bought.event, bought.ts, bought.properties["price"]) == ("Buy", THEN_MS, 9.5)
    assert (bought.properties["app_version"], bought.properties["city"]) == ("1", "长沙")
    assert bought.properties["source"] == "sensors:python"
    assert viewed.properties["day"] == "2026-01-02"
    assert (signup.event, bound.event) == ("$SignUp", "$BindID")
    known = [(one.distinct_id, one.anonymous_id) for one in records if isinstance(one, Identify)]
    assert set(known) == {("u1", None), ("u1", "a1")}
    (alias,) = [one for one in records if isinstance(one, Alias)]
    assert (alias.distinct_id, alias.alias) == ("u1", "$identity_mobile+138")
    changes = [(c.operation, c.properties) for c in records if isinstance(c, ProfileChange)]
    assert changes == [
        ("set", {"vip": 1}),
        ("set_once", {"first": "x"}),
        ("increment", {"n": 2}),
        ("append", {"tags": ["a"]}),
        ("unset", {"k": True}),
        ("delete", {}),
    ]


def test_sensors_python_debug(collector: Collector, capsys: pytest.CaptureFixture[str]) -> None:
    consumer = sensors.DebugConsumer(f"{collector.url}/sa?token=wk", write_data=False)
    client = sensors.SensorsAnalytics(consumer)
    client.track("u1", "Buy", {})
    assert collector.parsed[0].dry_run
    assert collector.parsed[0].key == "wk"
    with pytest.raises(sensors.SensorsAnalyticsDebugException):
        client.track("undefined", "Buy", {})
    assert "user_not_a_person" in capsys.readouterr().out


def test_sensors_python_items_are_refused_with_a_reason(collector: Collector) -> None:
    consumer = sensors.DefaultConsumer(f"{collector.url}/sa?token=wk")
    sensors.SensorsAnalytics(consumer).item_set("book", "1", {"name": "x"})
    (refusal,) = collector.parsed[0].refusals
    assert refusal.code == "type_unknown"
    assert "item" in refusal.detail
