"""Outgoing hooks reach the public internet only, unless a setting allows more.

An address is checked where it is connected to, after its name is resolved, also when a server redirects:
a name that points into the house (DNS rebinding included) reaches nothing.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from urllib3.util import connection

from userops.errors import Refused
from userops.words import Words

_guarding: ContextVar[bool] = ContextVar("guarding", default=False)
_connect = connection.create_connection
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddress(Refused):
    code = "address_private"


def is_public(address: Address) -> bool:
    """Whether it is of the public internet, also when an IPv4 address is wrapped in an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def public_addresses(host: str, port: int) -> list[str]:
    """All addresses of a host. Raises `PrivateAddress` when one is not public, `OSError` when unknown."""
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    if not all(is_public(ipaddress.ip_address(each)) for each in addresses):
        raise PrivateAddress(
            Words(
                "不允许向本机、内网或链路本地地址发送通知。",
                "Notices are not sent to loopback, private or link-local addresses.",
            ),
            hint=Words(
                "如确需发往内网，请管理员设置 private_hooks = true。",
                "If it is meant, let an administrator set private_hooks = true.",
            ),
        )
    return addresses


@contextlib.contextmanager
def guarded(*, allow_private: bool) -> Iterator[None]:
    """Within the block, connections of this thread reach public addresses only."""
    token = _guarding.set(not allow_private)
    try:
        yield
    finally:
        _guarding.reset(token)


def _guarded_connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
    host, port = address
    if not _guarding.get() or (host, port) in _proxies():
        return _connect(address, *args, **kwargs)
    wrong: OSError | None = None
    for each in public_addresses(host, port):
        try:
            # to the address that was checked: the name is not asked again
            return _connect((each, port), *args, **kwargs)
        except OSError as failed:
            wrong = failed
    raise wrong or OSError("no address")


def _proxies() -> set[tuple[str, int]]:
    """The proxies that the operator of this machine has set: they stand in the house."""
    found = set()
    for address in getproxies().values():
        with contextlib.suppress(ValueError):
            parts = urlsplit(address)
            found.add((parts.hostname or "", parts.port or 80))
    return found


connection.create_connection = _guarded_connect
