from __future__ import annotations

import threading
import time
from types import SimpleNamespace

from waitress.adjustments import Adjustments

from userops.analyses.remembering import ARRIVED
from userops.web.arriving import Dispatcher, Task
from userops.web.body_size import Parser

REQUEST = b"POST /api/query HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"


class Waiting:
    """A channel with one request, which takes as long as it is let."""

    def __init__(self, path: str) -> None:
        self.requests = [SimpleNamespace(path=path)]
        self.begun, self.go = threading.Event(), threading.Event()

    def service(self) -> None:
        self.begun.set()
        self.go.wait(10)

    def cancel(self) -> None:
        pass


def test_events_do_not_wait_for_those_who_ask() -> None:
    dispatcher = Dispatcher(1)
    asking, page, events = Waiting("/api/query"), Waiting("/p/shop/"), Waiting("/v1/events")
    try:
        for each in (asking, page, events):
            dispatcher.add_task(each)
        assert asking.begun.wait(5)
        assert events.begun.wait(5)
        assert not page.begun.is_set()
    finally:
        for each in (asking, page, events):
            each.go.set()
        assert page.begun.wait(5)
        dispatcher.shutdown()


def test_a_request_has_arrived_when_all_of_it_is_there() -> None:
    parser = Parser(Adjustments())
    feed(parser, REQUEST[:-1])
    assert parser.arrived is None
    before = time.monotonic()
    feed(parser, REQUEST[-1:])
    assert parser.arrived is not None
    assert before <= parser.arrived <= time.monotonic()
    server = SimpleNamespace(
        server_name="x", effective_port=80, adj=SimpleNamespace(ident="", url_prefix="")
    )
    channel = SimpleNamespace(
        server=server, addr=("127.0.0.1", 1), check_client_disconnected=lambda: False
    )
    assert Task(channel, parser).get_environment()[ARRIVED] == parser.arrived


def test_a_request_that_cannot_be_read_is_answered() -> None:
    """Letters that stand in an address as they are: no server takes them, and who sent them is told."""
    parser = Parser(Adjustments())
    feed(parser, "GET /p/商店 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert parser.error is not None and not hasattr(parser, "path")
    dispatcher, unread = Dispatcher(1), Waiting("/")
    unread.requests = [parser]
    try:
        dispatcher.add_task(unread)
        assert unread.begun.wait(5)
    finally:
        unread.go.set()
        dispatcher.shutdown()


def feed(parser: Parser, data: bytes) -> None:
    """As a channel does it: head and body are taken one after the other."""
    while data:
        data = data[parser.received(data) :]
