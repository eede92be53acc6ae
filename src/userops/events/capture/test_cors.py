from __future__ import annotations

import pytest

from userops.events.capture.cors import cors_headers, preflight_headers


def test_any_page_may_send_with_any_header() -> None:
    asked = {
        "origin": "https://shop.cn:8443",
        "access-control-request-headers": "content-type,x-posthog-session-id",
        "access-control-request-private-network": "true",
    }
    told = dict(preflight_headers(asked))
    assert told["Access-Control-Allow-Origin"] == "https://shop.cn:8443"
    assert told["Access-Control-Allow-Credentials"] == "true"
    assert told["Access-Control-Allow-Headers"] == "content-type,x-posthog-session-id"
    assert told["Access-Control-Allow-Methods"] == "GET, POST, OPTIONS"
    assert told["Access-Control-Allow-Private-Network"] == "true"
    assert dict(cors_headers({"origin": "null"}))["Access-Control-Allow-Origin"] == "null"


@pytest.mark.parametrize("origin", ["", "*", "https://a\r\nX: y", "javascript", "https://a/b c"])
def test_an_odd_origin_gets_nothing(origin: str) -> None:
    assert "Access-Control-Allow-Origin" not in dict(cors_headers({"origin": origin}))


def test_odd_header_names_are_not_mirrored() -> None:
    told = dict(preflight_headers({"access-control-request-headers": "a\r\nSet-Cookie: x"}))
    assert told["Access-Control-Allow-Headers"].startswith("Authorization")
