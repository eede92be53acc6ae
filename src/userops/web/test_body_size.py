from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments

from userops.web.body_size import LARGE, SMALL, Parser

LOGGED_IN = "Cookie: sessionid=x\r\n"


@pytest.mark.parametrize(
    ("head", "length", "taken"),
    [
        ("POST /v1/events HTTP/1.1", SMALL - 1, True),
        ("POST /v1/events HTTP/1.1", SMALL, False),
        ("POST /p/shop/imports/upload HTTP/1.1", SMALL, False),
        (f"POST /p/shop/imports/upload HTTP/1.1\r\n{LOGGED_IN}", SMALL, True),
        (f"POST /p/shop/imports/upload HTTP/1.1\r\n{LOGGED_IN}", LARGE, False),
        ("POST /api/products/shop/imports HTTP/1.1\r\nAuthorization: Bearer uo_1", SMALL, True),
        (f"PUT /p/shop/imports/upload HTTP/1.1\r\n{LOGGED_IN}", SMALL, False),
        (f"POST /accounts/login/ HTTP/1.1\r\n{LOGGED_IN}", SMALL, False),
        (f"POST /p/../imports/upload/x HTTP/1.1\r\n{LOGGED_IN}", SMALL, False),
    ],
)
def test_only_uploads_of_members_may_be_large(head: str, length: int, taken: bool) -> None:
    parser = Parser(Adjustments(max_request_body_size=LARGE))
    text = f"{head.strip()}\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"
    parser.received(text.encode())
    assert (parser.error is None) is taken
    assert taken or parser.error.code == 413


def test_a_body_in_pieces_is_limited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("userops.web.body_size.SMALL", 1_000)
    parser = Parser(Adjustments(max_request_body_size=LARGE + 1))
    parser.received(b"POST /v1/events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    parser.received(b"400\r\n" + b"x" * 1_024 + b"\r\n")
    assert parser.error is not None
