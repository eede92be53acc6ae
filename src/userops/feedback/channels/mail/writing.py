"""A mail to a user, in the thread of his ticket, by the mailbox that it came by or the house's own."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from email.utils import formataddr
from typing import Any
from urllib.parse import unquote, urlparse

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from userops.errors import Refused
from userops.feedback.channels.actions import secrets_of
from userops.feedback.channels.mail.fetching import checked_place, failed
from userops.feedback.channels.mail.threading import mark, message_id
from userops.feedback.channels.models import Channel, Kind
from userops.feedback.files.keeping import path_of
from userops.feedback.tickets.models import Attachment, Message, Ticket
from userops.notices.mailing import hand_over
from userops.words import Words


class _Reaching(smtplib.SMTP):
    """Connects to the address that was checked; the certificate is asked of the name."""

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        return super()._get_socket(checked_place(host, port), port, timeout)  # type: ignore[misc]


class _ReachingEncrypted(smtplib.SMTP_SSL, _Reaching):
    pass


class _Backend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _ReachingEncrypted if self.use_ssl else _Reaching


def send_answer(message: Message) -> None:
    """An answer of a member (`SENDERS`). Raises what `send_mail` raises."""
    from userops.feedback.telling.following import progress_address

    ticket = message.ticket
    english = ticket.language.startswith("en")
    foot = "See how it goes on, or add something:" if english else "查看进展或补充说明："
    text = f"{message.text}\n\n--\n{foot}\n{progress_address(ticket)}"
    name = f"answer-{message.pk}"
    sent = send_mail(ticket, ticket.subject, text, name=name, files=message.attachments.all())
    Message.objects.filter(pk=message.pk, external_id="").update(external_id=sent)


def send_mail(
    ticket: Ticket,
    subject: str,
    text: str,
    *,
    name: str,
    automatic: bool = False,
    once: bool = False,
    stop: str = "",
    files: Iterable[Attachment] = (),
) -> str:
    """Send it now; the mail's id. `once`: rather not than twice (`hand_over`). `stop`: where the reader says that he
    wants no more of these. Raises `StoreFailed` when a later try may help, else another `UserOpsError`."""
    if not ticket.email:
        raise Refused(
            Words(
                "用户没有留下邮箱，只能在进展页查看回复。",
                "The user left no e-mail address: he reads the answer on his page of progress.",
            ),
            code="no_address",
            hint=Words(
                "请把进展页地址告诉用户，或在工单中补充邮箱。",
                "Give the user the address of his page, or ask for an e-mail address.",
            ),
        )
    channel = mailbox_of(ticket)
    sender = channel.options.get("address", "") if channel else settings.DEFAULT_FROM_EMAIL
    own = message_id(ticket, name, sender.rpartition("@")[2] or "userops")
    earlier = _thread(ticket)
    headers = {"Message-ID": own}
    if earlier:
        headers |= {"In-Reply-To": earlier[-1], "References": " ".join(earlier)}
    if automatic:  # RFC 3834: machines must not answer it
        headers |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if stop:
        headers |= one_click(stop)
    title = f"{' '.join(subject.split())[:180]} {mark(ticket)}"
    shown = formataddr((ticket.product.name, sender))
    mail = EmailMultiAlternatives(title, text, shown, [ticket.email], headers=headers)
    for each in files:
        path = path_of(ticket.product_id, each.stored)
        mail.attach(each.name, path.read_bytes(), each.media_type.partition(";")[0])
    hand_over(mail, connection_of(channel), once=once)
    return own


def one_click(address: str) -> dict[str, str]:
    """Headers by which a mail program leaves a list by itself (RFC 8058): it sends a POST there."""
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def mailbox_of(ticket: Ticket) -> Channel | None:
    """The mailbox it came by, else the product's first one; None: the house's mail server alone."""
    rows = Channel.objects.filter(product=ticket.product_id, kind=Kind.MAIL, active=True)
    return rows.filter(key=ticket.channel_key).first() or rows.order_by("pk").first()


def _thread(ticket: Ticket) -> list[str]:
    ids = ticket.messages.exclude(external_id="").values_list("external_id", flat=True)
    return [each for each in ids if each.startswith("<") and " " not in each][-10:]


def connection_of(channel: Channel | None) -> Any:
    """The channel's own server, else the house's. Raises `Refused` when there is none."""
    address = secrets_of(channel).get("smtp", "") if channel else ""
    if not address:
        if settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend"):
            raise Refused(
                Words("尚未设置发信服务器（mail_url）。", "No mail server is set (mail_url)."),
                code="mail_not_set_up",
                hint=Words(
                    "请在邮箱渠道中填写发信服务器，或请管理员设置 mail_url。",
                    "Give the mailbox a server for answers, or let an administrator set mail_url.",
                ),
            )
        return get_connection()
    parts = urlparse(address)
    encrypted = parts.scheme == "smtps"
    return _Backend(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if encrypted else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=encrypted,
        use_tls=not encrypted and bool(parts.username),
        timeout=30,
    )


def check_sending(channel: Channel) -> None:
    """Log in where its answers leave, sending nothing. Raises `StoreFailed`, `Refused`."""
    connection = connection_of(channel)
    try:
        connection.open()
    except OSError as wrong:  # SMTP's own errors are of this kind
        raise failed("发信服务器拒绝了请求", "The SMTP server refused", wrong) from None
    finally:
        connection.fail_silently = True
        connection.close()
