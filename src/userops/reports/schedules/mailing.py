"""One mail with its files. A refusal is told apart from a failure after which nobody knows."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.encoders import encode_base64
from email.mime.base import MIMEBase

from django.core.mail import EmailMessage, get_connection

from userops.errors import StoreFailed, UserOpsError
from userops.notices.telling import mail_is_set_up
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    content: bytes
    media_type: str


class MailRefusedError(UserOpsError):
    """The server will not take this mail; a later try does not help."""

    code = "mail_refused"


class MailAmbiguousError(UserOpsError):
    """The connection broke while the mail was on its way: it may have arrived."""

    code = "mail_ambiguous"


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
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as wrong:
        raise _later(wrong) from None
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as wrong:
        codes = [code for code, _text in wrong.recipients.values()]
        raise _judged(min(codes), wrong) from None
    except smtplib.SMTPResponseException as wrong:
        raise _judged(wrong.smtp_code, wrong) from None
    except OSError as wrong:
        raise MailAmbiguousError(
            Words(
                "发送途中连接中断，邮件可能已送达；为避免重复，不再自动重发。",
                "The connection broke on the way: the mail may have arrived, and is not sent again by itself.",
            )
        ) from wrong
    finally:
        # what is said on leaving no longer matters
        connection.fail_silently = True
        connection.close()


def _part(file: Attached) -> MIMEBase:
    """Byte for byte: a text would arrive with other line ends than its hash knows."""
    part = MIMEBase(*file.media_type.partition(";")[0].split("/", 1))
    part.set_payload(file.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=file.name)
    return part


def _judged(code: int, wrong: Exception) -> UserOpsError:
    if 400 <= code < 500:
        return _later(wrong)
    return MailRefusedError(
        Words(
            f"邮件服务器拒收（{code}）。请核对地址与附件大小。",
            f"The mail server refused it ({code}): check the address and the size of the files.",
        )
    )


def _later(_wrong: Exception) -> StoreFailed:
    return StoreFailed(
        Words("邮件服务器暂时没有接受这封邮件。", "The mail server did not take the mail for now."),
        code="mail_failed",
    )
