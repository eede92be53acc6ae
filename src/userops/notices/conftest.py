"""A real HTTP server that robots' messages go to, and a real SMTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from userops import config


@dataclass
class Hook:
    """What arrived; `answers` are the status codes of the next requests, then 200; `says` is the body of each."""

    port: int
    received: list[dict[str, Any]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    redirect: str = ""
    says: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/secret-token-of-the-robot"


@pytest.fixture
def hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            found.received.append({"path": self.path, **json.loads(self.rfile.read(size))})
            said = json.dumps(found.says).encode() if found.says else b""
            self.send_response(found.answers.pop(0) if found.answers else 200)
            self.send_header("Content-Length", str(len(said)))
            if found.redirect:
                self.send_header("Location", found.redirect)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Hook(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


ROBOTS = {
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
    + "ab12-" * 7: "wecombot.NotifyWeComBot",
    "https://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 16: "dingtalk.NotifyDingTalk",
    "https://open.feishu.cn/open-apis/bot/v2/hook/" + "a1b2-" * 6: "feishu.NotifyFeishu",
}
"""Addresses as people copy them, and the plugin of `apprise` that speaks to each."""


@pytest.fixture
def robots(hook: Hook, set_config: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses of 企业微信, 钉钉 and 飞书 whose messages `hook` takes, as their plugins send them."""
    set_config(private_hooks=True, public_url="https://ops.example.com")
    for plugin in ROBOTS.values():
        name = f"apprise.plugins.{plugin}.notify_url"
        end = plugin.partition(".")[0] + "/{key}{token}"
        # each plugin fills in one of both
        url = f"http://127.0.0.1:{hook.port}/{end}".replace(
            "{key}" if "wecom" not in plugin else "{token}", ""
        )
        monkeypatch.setattr(name, url)
    return list(ROBOTS)


@pytest.fixture
def set_config(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Other settings for one test."""

    def change(**wanted: Any) -> None:
        changed = replace(config.current(), **wanted)
        for module in ("services", "telling"):
            monkeypatch.setattr(f"userops.notices.{module}.current", lambda: changed)

    return change


@pytest.fixture
def smtp(settings: Any) -> Iterator[list[Any]]:
    """The envelopes that a real SMTP server on this machine took; Django is told to send there."""
    from aiosmtpd.controller import Controller

    class Keeper:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            if refuse:
                return refuse.pop(0)
            taken.append(envelope)
            return "250 OK"

    refuse: list[str] = []
    taken: list[Any] = []
    controller = Controller(Keeper(), hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    taken_with_refusals = Taken(taken, refuse)
    yield taken_with_refusals
    controller.stop()


class Taken(list[Any]):
    """The envelopes; `refuse` holds the next answers of the server."""

    def __init__(self, taken: list[Any], refuse: list[str]):
        super().__init__()
        self.taken, self.refuse = taken, refuse


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
