"""The server: one process that owns the data folder, answers requests and does the background work."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from userops.config import Config
from userops.errors import ConfigError
from userops.events.folder import announced
from userops.loading import loading
from userops.words import Words

log = logging.getLogger("userops.server")
CONNECTIONS = 500
COLLECT = (20_000, 20, 20)
"""Objects made before the collector looks, and how often it looks before it looks at older ones."""
PROXY = {
    "trusted_proxy": "127.0.0.1",
    "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"},
    "clear_untrusted_proxy_headers": True,
}


def serve(config: Config, *, ready: Callable[[str], None] = lambda url: None) -> None:
    """Open the store and answer requests until a signal comes. `ready` gets the address."""
    from django.urls import get_resolver
    from waitress.server import create_server

    from userops.events import store
    from userops.web.arriving import Dispatcher
    from userops.web.body_size import LARGE, Channel
    from userops.web.tasks import background_work
    from userops.web.wsgi import application

    # every page's module now, not with the first request
    with loading():
        _ = get_resolver().url_patterns
    opened = store.current()
    if opened.rolled_back:
        log.warning("removed %d unacknowledged events of an unclean stop", opened.rolled_back)
    try:
        server = create_server(
            application,
            host=config.host,
            port=config.port,
            _dispatcher=Dispatcher(config.threads),
            # browsers open six each and keep them
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            # a file to import may be large; it goes to disk, not to memory; all else is small
            max_request_body_size=LARGE,
            channel_timeout=300,
            ident="UserOps",
            **(PROXY if config.behind_proxy else {}),
        )
    except (OSError, ValueError) as wrong:
        store.close_current()
        raise _cannot_listen(config, wrong) from None
    for listening in (server, *getattr(server, "map", {}).values()):
        listening.channel_class = Channel
    url = f"http://{_reachable(config.host)}:{_port(server)}"
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        with announced(config.data, url), background_work():
            _collect_seldom()
            ready(url)
            server.run()
    finally:
        server.close()
        store.close_current()
        log.info("stopped")


def _collect_seldom() -> None:
    """What is loaded now stays: looking for garbage among it, each time some hundred events were read, took a fifth
    of taking them in."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


def _cannot_listen(config: Config, wrong: Exception) -> ConfigError:
    place = f"{config.host}:{config.port}"
    return ConfigError(
        Words(f"无法监听 {place}：{wrong}。", f"Cannot listen on {place}: {wrong}."),
        code="address_unusable",
        hint=Words("用 --port 换一个端口。", "Choose another port with --port."),
    )


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _port(server: Any) -> int:
    return int(getattr(server, "effective_port", None) or server.effective_listen[0][1])


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104
