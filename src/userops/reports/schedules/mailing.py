"""One mail with its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.encoders import encode_base64
from email.mime.base import MIMEBase

from django.core.mail import EmailMessage

from userops.errors import StoreFailed
from userops.notices.mailing import hand_over
from userops.notices.telling import mail_is_set_up
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    content: bytes
    media_type: str


def send(to: str, subject: str, body: str, files: Sequence[Attached], *, name: str) -> None:
    """`name` is the same at every try: a mail program shows a mail that came twice once.

    Raises `StoreFailed` when a later try may help, `MailRefusedError`, or `MailAmbiguousError`.
    """
    if not mail_is_set_up():
        raise StoreFailed(
            Words(
                "尚未设置邮件服务器（mail_url），邮件没有发出。",
                "No mail server is set (mail_url): the mail was not sent.",
            ),
            code="mail_not_set_up",
        )
    mail = EmailMessage(
        " ".join(subject.split()), body, to=[to], headers={"Message-ID": f"<{name}@userops>"}
    )
    for each in files:
        mail.attach(_part(each))
    hand_over(mail)


def _part(file: Attached) -> MIMEBase:
    """Byte for byte: a text would arrive with other line ends than its hash knows."""
    part = MIMEBase(*file.media_type.partition(";")[0].split("/", 1))
    part.set_payload(file.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part
