"""Send what is due to members and robots (`outbox.py`)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.mail import EmailMessage

from userops import config
from userops.notices import outbox
from userops.notices.mailing import hand_over
from userops.notices.models import Delivery
from userops.notices.sealing import unseal
from userops.notices.services import send
from userops.notices.telling import absolute
from userops.words import Words
from userops.workspace.models import User

KEPT = timedelta(days=180)


def deliver_due(now: datetime | None = None) -> int:
    """Answers how many were tried."""
    rows = Delivery.objects.select_related("channel", "user", "product")
    return outbox.send_due(rows, _send, now)


def _send(delivery: Delivery, _cut_short: bool) -> None:
    """Raises `StoreFailed` when a later try may help, another `UserOpsError` when not."""
    if delivery.channel is not None:
        title, body = _texts(delivery, delivery.channel.language)
        send(unseal(delivery.channel.address), title, body)
    elif delivery.user is not None:
        mail(delivery, delivery.user)


def _texts(delivery: Delivery, language: str) -> tuple[str, str]:
    title = Words(**delivery.title).text(language)
    body = Words(**delivery.body).text(language)
    link = f"\n{absolute(delivery.link)}" if delivery.link else ""
    return f"[{delivery.product.name}] {title}", f"{body}{link}"


def mail(delivery: Delivery, user: User) -> None:
    """One mail, in the reader's language. Raises `StoreFailed`, `MailRefusedError`."""
    title, body = _texts(delivery, user.language or config.current().language)
    subject = " ".join(title.split())
    # the same name at every try: a mail program shows a message that came twice once
    headers = {"Message-ID": f"<notice-{delivery.pk}-{delivery.created:%Y%m%d%H%M%S%f}@userops>"}
    hand_over(EmailMessage(subject, body, to=[user.email], headers=headers), once=False)
