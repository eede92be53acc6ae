from __future__ import annotations

from typing import Any

import pytest
from waitress.adjustments import Adjustments

from userops.web.body_size import ANSWERS, CALLS, FILES, LARGE, SLACK, SMALL, Parser

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


DOORS = [
    ("/f/fb_x", FILES),
    ("/f/fb_x/thanks/y", ANSWERS),
    ("/t/secret/say", FILES),
    ("/t/secret/rating", ANSWERS),
    ("/s/key", ANSWERS),
    ("/s/key/dismiss", ANSWERS),
    ("/s/key/stop", ANSWERS),
    ("/s/ask", ANSWERS),
    ("/r/fb_x", CALLS),
]


@pytest.mark.parametrize(("path", "limit"), DOORS)
def test_a_public_door_says_what_is_too_large(client: Any, db: None, path: str, limit: int) -> None:
    """By the length that is announced, whatever the path leads to; nothing of the body is read."""
    body = _NeverRead()
    answer = client.generic(
        "POST", path, b"", CONTENT_LENGTH=str(limit + 1), **{"wsgi.input": body}
    )
    assert answer.status_code == 413 and "内容过大" in answer.content.decode()
    answer = client.generic(
        "POST", path, b"", CONTENT_LENGTH=str(limit + 1), HTTP_X_REQUESTED_WITH="fetch"
    )
    assert answer.status_code == 413 and "files" in answer.json()["errors"]
    for said in ("x", "-1", "9" * 400):
        assert client.generic("POST", path, b"", CONTENT_LENGTH=said).status_code == 413
    assert client.generic("POST", path, b"", CONTENT_LENGTH="0").status_code < 413


@pytest.mark.parametrize(("path", "limit"), DOORS)
@pytest.mark.parametrize("chunked", [False, True])
def test_far_above_its_limit_a_public_door_hangs_up(path: str, limit: int, chunked: bool) -> None:
    parser = Parser(Adjustments(max_request_body_size=LARGE))
    hard = int(limit * SLACK)
    if not chunked:
        parser.received(
            f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {hard}\r\n\r\n".encode()
        )
        assert parser.error is not None and parser.error.code == 413
        return
    parser.received(
        f"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    piece = b"%x\r\n" % (hard // 4) + b"x" * (hard // 4) + b"\r\n"
    for _piece in range(5):
        if parser.error is None:
            parser.received(piece)
    parser.close()
    assert parser.error is not None and parser.error.code == 413


class _NeverRead:
    def read(self, *_sizes: int) -> bytes:
        raise AssertionError("nothing of the body is read")

    readline = read
