"""Reads new mails of a mailbox by IMAP: each once, in order, in a transaction of its own.

Nothing is marked, moved or deleted there. A mail that cannot be taken in is put aside as a file and the next
ones go on.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlparse

from userops.config import current
from userops.errors import Refused, StoreFailed, UserOpsError
from userops.events.tasks import stopping
from userops.feedback.channels.actions import secrets_of
from userops.feedback.channels.mail.aside.keeping import put_aside
from userops.feedback.channels.mail.taking import take_mail
from userops.feedback.channels.models import AsideMail, Channel
from userops.notices.guard import public_addresses
from userops.words import Words

log = logging.getLogger("userops.feedback")
LARGEST = 25 * 2**20
ONE_TIME = 200
"""Mails of one run."""
FIRST = timedelta(days=1)
"""How far back a mailbox is read when it is new."""
TIMEOUT = 30


def checked_place(host: str, port: int) -> str:
    """The address to connect to: of the public internet, unless a setting allows more. Raises `PrivateAddress`."""
    return host if current().private_hooks else public_addresses(host, port)[0]


class _Connecting:
    """Connects to the address that was checked; the certificate is asked of the name."""

    host: str
    port: int

    def _create_socket(self, timeout: float | None) -> socket.socket:
        place = checked_place(self.host, self.port)
        return self._wrapped(socket.create_connection((place, self.port), timeout or TIMEOUT))

    def _wrapped(self, plain: socket.socket) -> socket.socket:
        return plain


class _Plain(_Connecting, imaplib.IMAP4):
    pass


class _Encrypted(_Connecting, imaplib.IMAP4):
    def _wrapped(self, plain: socket.socket) -> socket.socket:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)


@contextlib.contextmanager
def mailbox(channel: Channel) -> Iterator[imaplib.IMAP4]:
    """Logged in, with its folder open for reading. Raises `StoreFailed`, `Refused`."""
    parts = urlparse(secrets_of(channel).get("imap", ""))
    encrypted = parts.scheme == "imaps"
    try:
        port = parts.port or (993 if encrypted else 143)
        opened = (_Encrypted if encrypted else _Plain)(parts.hostname or "localhost", port, TIMEOUT)
    except (OSError, imaplib.IMAP4.error) as wrong:
        raise failed("无法连接收信服务器", "Cannot reach the IMAP server", wrong) from None
    try:
        if not encrypted and "STARTTLS" in opened.capabilities:
            opened.starttls(ssl.create_default_context())
        elif not encrypted and not current().private_hooks:
            raise failed("收信服务器不加密", "The IMAP server does not encrypt", None)
        opened.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        status, _data = opened.select(f'"{folder}"', readonly=True)
        if status != "OK":
            raise failed(f"没有邮件夹 {folder}", f"There is no folder {folder}", None)
        yield opened
    except (OSError, imaplib.IMAP4.error) as wrong:
        raise failed("收信服务器拒绝了请求", "The IMAP server refused", wrong) from None
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            opened.logout()


def failed(zh: str, en: str, wrong: Exception | None) -> StoreFailed:
    said = "" if wrong is None else (wrong.args or ("",))[-1]
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    detail = " ".join(words.split()).rstrip(".")[:200]
    return StoreFailed(
        Words(f"{zh}（{detail}）。", f"{en} ({detail}).") if detail else Words(f"{zh}。", f"{en}."),
        code="mailbox_failed",
        hint=Words("请检查地址、用户名与密码。", "Check the address, the user and the password."),
    )


def fetch(channel: Channel) -> int:
    """Take in what is new; answers how many mails were read. Notes on the channel what went wrong."""
    try:
        count = _fetched(channel)
    except UserOpsError as wrong:
        Channel.objects.filter(pk=channel.pk).update(problem=wrong.words.as_dict())
        log.warning("mailbox %s: %s", channel.pk, wrong.code)
        return 0
    Channel.objects.filter(pk=channel.pk).update(problem=None, used=datetime.now(UTC))
    return count


def _fetched(channel: Channel) -> int:
    with mailbox(channel) as opened:
        validity = _number(opened.response("UIDVALIDITY")[1])
        seen = dict(channel.options.get("seen", {}))
        last = int(seen.get("uid", 0)) if seen.get("validity") == validity else 0
        numbers = _new(opened, last)[:ONE_TIME]
        for uid in numbers:
            if stopping.is_set():
                break
            _one(channel, opened, uid)
            _remember(channel, validity, uid)
        if not numbers and not last:
            _remember(channel, validity, max(_number(opened.response("UIDNEXT")[1]) - 1, 0))
    return len(numbers)


def _new(opened: imaplib.IMAP4, last: int) -> list[int]:
    if last:
        status, data = opened.uid("search", f"UID {last + 1}:*")
    else:
        since = datetime.now(UTC) - FIRST
        status, data = opened.uid("search", f"SINCE {since:%d-%b-%Y}")
    if status != "OK":
        raise failed("无法查找邮件", "Mails cannot be searched", None)
    # `n:*` also answers the last mail when it is older than n
    return sorted(int(each) for each in (data[0] or b"").split() if int(each) > last)


def _one(channel: Channel, opened: imaplib.IMAP4, uid: int) -> None:
    status, data = opened.uid("fetch", str(uid), "(RFC822.SIZE)")
    size = _number(re.findall(rb"RFC822\.SIZE (\d+)", b" ".join(_bytes(data))))
    limit = f"<0.{LARGEST}>" if size > LARGEST else ""
    status, data = opened.uid("fetch", str(uid), f"(BODY.PEEK[]{limit})")
    raw = next((each[1] for each in data or [] if isinstance(each, tuple)), b"")
    if status != "OK" or not raw:
        return  # it was deleted there in the meantime
    try:
        take_mail(channel, raw)
    except UserOpsError as wrong:
        log.warning("mail %s of mailbox %s put aside: %s", uid, channel.pk, wrong.code)
        put_aside(channel, raw, AsideMail.Reason.UNREADABLE, wrong.words.text(current().language))
    except Exception:
        log.exception("mail %s of mailbox %s", uid, channel.pk)
        put_aside(channel, raw, AsideMail.Reason.UNKNOWN)


def _remember(channel: Channel, validity: int, uid: int) -> None:
    channel.options = {**channel.options, "seen": {"validity": validity, "uid": uid}}
    Channel.objects.filter(pk=channel.pk).update(options=channel.options)


def _number(found: Any) -> int:
    digits = re.search(rb"\d+", b" ".join(_bytes(found)))
    return int(digits[0]) if digits else 0


def _bytes(found: Any) -> list[bytes]:
    return [each for each in found or [] if isinstance(each, bytes)]


def checked_address(address: str, schemes: tuple[str, ...]) -> str:
    """`imaps://user:password@host/INBOX` or `smtps://…`. Raises `Refused`; the address is never repeated."""
    try:
        parts = urlparse(address.strip())
        good = parts.scheme in schemes and parts.hostname and (parts.port or 1)
    except ValueError:
        good = False
    if not good or len(address) > 1_000 or re.search(r"[\s\x00]", address.strip()):
        form = f"{schemes[0]}://user:password@host"
        raise Refused(
            Words(
                f"地址应形如 {form}，填写的内容不是。",
                f"The address reads like {form}; this one does not.",
            ),
            code="mail_address_invalid",
            hint=Words(
                f"以 {'、'.join(f'{each}://' for each in schemes)} 开头，不含空格；"
                "用户名与密码中的特殊字符写成百分号编码，如 @ 写作 %40。",
                f"Begin with {' or '.join(f'{each}://' for each in schemes)}, without blanks; write special "
                "characters of user and password in percent encoding, such as %40 for @.",
            ),
        )
    return address.strip()
