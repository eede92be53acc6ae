"""One mail to a mail server: taken, refused for now, refused for good, or nobody knows."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail import EmailMessage, get_connection

from userops.errors import StoreFailed, UserOpsError
from userops.words import Words


class MailRefusedError(UserOpsError):
    """The server will not take this mail, or it cannot be sent at all; a later try does not help."""

    code = "mail_refused"


class MailAmbiguousError(UserOpsError):
    """The connection broke while the mail was on its way: it may have arrived."""

    code = "mail_ambiguous"


def hand_over(mail: EmailMessage, connection: Any = None, *, once: bool = True) -> None:
    """Give a mail to a server, the house's by default. `once`: rather not sent than sent twice; else one that may have
    arrived is sent again under its Message-ID, by which mail programs show it once.

    Raises `StoreFailed` when a later try may help, `MailRefusedError`, or, with `once`, `MailAmbiguousError`.
    """
    connection = connection or get_connection()
    try:
        connection.open()
    except OSError:  # SMTP's own errors are of this kind
        raise _later() from None
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as wrong:
        raise _judged(min(code for code, _text in wrong.recipients.values())) from None
    except smtplib.SMTPResponseException as wrong:
        raise _judged(wrong.smtp_code) from None
    except OSError as wrong:
        raise (_unknown() if once else _later()) from wrong
    except ValueError:  # an address or a header that cannot be sent
        raise MailRefusedError(
            Words(
                "收件地址不正确，邮件无法发送。", "The address is wrong: the mail cannot be sent."
            ),
            code="mail_address_invalid",
        ) from None
    finally:
        # what is said on leaving no longer matters
        connection.fail_silently = True
        connection.close()


def _judged(code: int) -> UserOpsError:
    if 400 <= code < 500:
        return _later()
    return MailRefusedError(
        Words(
            f"邮件服务器拒收（{code}）。请核对地址与附件大小。",
            f"The mail server refused it ({code}): check the address and the size of the files.",
        )
    )


def _later() -> StoreFailed:
    return StoreFailed(
        Words("邮件服务器暂时没有接受这封邮件。", "The mail server did not take the mail for now."),
        code="mail_failed",
        hint=Words(
            "稍后会自动重试；若一直如此，请检查发信服务器。",
            "It is tried again by itself; if it stays so, check the mail server.",
        ),
    )


def _unknown() -> MailAmbiguousError:
    return MailAmbiguousError(
        Words(
            "发送途中连接中断，邮件可能已送达；为避免重复，不再自动重发。",
            "The connection broke on the way: the mail may have arrived, and is not sent again by itself.",
        )
    )
