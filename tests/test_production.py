"""Production mode, by a real server behind a proxy that speaks HTTPS: headers, cookies, and a clean log."""

from __future__ import annotations

import base64
import http.client
import json
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from tests.processes import Server, run, run_json

SETTINGS = {"USEROPS_PRODUCTION": "1", "USEROPS_BEHIND_PROXY": "1"}
PASSWORD = "a-secret-password-4711"
HTTPS = {"X-Forwarded-Proto": "https"}


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


class Proxy:
    """Sends requests as a proxy on this machine does."""

    def __init__(self, server: Server) -> None:
        self.host = urllib.parse.urlsplit(server.url).netloc

    def __call__(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request(method, path, body, HTTPS if headers is None else headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))
        finally:
            connection.close()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What a server in production mode answered, and all that it logged."""
    data: Path = tmp_path_factory.mktemp("production") / "data"
    key = run_json("init", "--data", data, "--yes", "--password", PASSWORD)["write_key"]
    found: dict[str, Any] = {"key": key}
    found["deploy"] = run("manage", "--data", data, "check", "--deploy", extra=SETTINGS)
    with Server(data, SETTINGS) as server:
        ask = Proxy(server)
        found["token"] = server.token
        found["plain"] = ask("GET", "/accounts/login/", headers={})
        found["page"] = page = ask("GET", "/accounts/login/")
        found["login"] = _log_in(ask, page)
        found["wrong login"] = _log_in(ask, page, password=PASSWORD + "x")
        found["collected"] = [
            ask("POST", f"/v1/events?key={key}", '{"event": "x", "user": "u"}'),
            ask("POST", f"/v1/events?key={key}", "no json at all"),
            ask("POST", "/v1/events", "{", {**HTTPS, "Authorization": f"Bearer {key}x"}),
            ask("POST", "/v1/track", "{", {**HTTPS, "Authorization": _basic(key)}),
        ]
        found["api"] = [
            ask("POST", "/api/query", "{", {**HTTPS, "Authorization": f"Bearer {server.token}"}),
            ask("GET", f"/nowhere?token={server.token}"),
        ]
        found["check"] = run("check", "--data", data, extra=SETTINGS)
        found["log"] = server.stop()
    yield found


def _basic(key: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def _log_in(ask: Proxy, page: Answer, password: str = PASSWORD) -> Answer:
    cookie = SimpleCookie(page.headers["Set-Cookie"])["csrftoken"].value
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token is not None
    form = {"login": "admin@example.com", "password": password, "csrfmiddlewaretoken": token[1]}
    headers = {
        **HTTPS,
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={cookie}",
        "Referer": f"https://{ask.host}/accounts/login/",
    }
    return ask("POST", "/accounts/login/", urllib.parse.urlencode(form), headers)


def test_the_deployment_check_finds_nothing(told):
    assert "no issues" in told["deploy"]


def test_plain_http_is_sent_to_https(told):
    assert told["plain"].status == 301
    assert told["plain"].headers["Location"].startswith("https://")


def test_headers_are_secure(told):
    headers = told["page"].headers
    assert told["page"].status == 200
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy


def test_cookies_are_secure(told):
    assert told["login"].status == 302
    cookies = SimpleCookie()
    for line in told["login"].headers.get_all("Set-Cookie"):
        cookies.load(line)
    assert cookies["sessionid"]["secure"] and cookies["sessionid"]["httponly"]
    assert cookies["sessionid"]["samesite"] == "Lax"
    assert SimpleCookie(told["page"].headers["Set-Cookie"])["csrftoken"]["secure"]


def test_a_wrong_password_is_refused(told):
    assert told["wrong login"].status == 200


def test_the_command_line_reaches_the_server(told):
    assert "BAD" not in told["check"]


def test_nothing_secret_is_logged(told):
    stored, *refused = told["collected"]
    assert json.loads(stored.text)["stored"] == 1
    assert all(400 <= answer.status < 500 for answer in [*refused, *told["api"]])
    secrets = [PASSWORD, told["key"], told["token"], _basic(told["key"]).split()[1]]
    assert [secret for secret in secrets if secret in told["log"]] == []


def test_refused_requests_do_not_fill_the_log(told):
    assert "/v1/events" not in told["log"]
    assert len(told["log"].splitlines()) < 5
