"""Hooks reach the public internet only: addresses, names, redirects; unless the setting allows it."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from userops.errors import StoreFailed
from userops.notices.guard import PrivateAddress, guarded, is_public, public_addresses
from userops.notices.services import send

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "2002:a00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_the_house(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "localhost", "[::1]"])
def test_other_spellings_are_resolved_first(host):
    with pytest.raises((PrivateAddress, OSError)):
        public_addresses(host, 80)


def test_one_private_address_among_several_refuses_the_name(monkeypatch):
    answers = [(0, 0, 0, "", ("8.8.8.8", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answers)
    with pytest.raises(PrivateAddress):
        public_addresses("two-faces.example", 80)


def test_a_name_that_resolves_into_the_house_reaches_nothing(hook, monkeypatch):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", hook.port))]
    )
    with pytest.raises(PrivateAddress):
        send(f"json://innocent.example:{hook.port}/x", "t", "b")
    assert hook.received == []


def test_refused_without_the_setting_and_sent_with_it(hook, set_config):
    with pytest.raises(PrivateAddress) as refused:
        send(hook.address, "标题", "正文")
    assert "private_hooks" in refused.value.hint.zh and hook.received == []
    set_config(private_hooks=True)
    send(hook.address, "标题", "正文")
    (got,) = hook.received
    assert (got["title"], got["message"]) == ("标题", "正文")


def test_a_redirect_into_the_house_is_not_followed(hook, set_config, monkeypatch):
    """The first server is allowed here as if it were public; what it points at is not."""
    from userops.notices import guard

    inside = ipaddress.ip_address("127.0.0.2")
    monkeypatch.setattr(guard, "is_public", lambda address: address != inside)
    hook.answers, hook.redirect = [307], f"http://127.0.0.2:{hook.port}/inside"
    with pytest.raises((PrivateAddress, StoreFailed)):
        send(hook.address, "t", "b")
    assert [each["path"] for each in hook.received] == ["/secret-token-of-the-robot"]


def test_the_guard_holds_for_its_block_only(hook):
    from urllib3.util.connection import create_connection

    with guarded(allow_private=False), pytest.raises(PrivateAddress):
        create_connection(("127.0.0.1", hook.port))
    create_connection(("127.0.0.1", hook.port)).close()
