"""Send what is due. What fails is tried again, later and later, and given up with its reason."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import Q

from userops import config
from userops.errors import StoreFailed, UserOpsError
from userops.events.tasks import stopping
from userops.notices.models import Delivery
from userops.notices.sealing import unseal
from userops.notices.services import send
from userops.notices.telling import absolute
from userops.words import Words
from userops.workspace.models import User

log = logging.getLogger("userops.notices")
State = Delivery.State

BACK_OFF = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 240))
"""Waits after the first, second, … failure; after the last one it is given up."""
LEASE = timedelta(minutes=10)
"""A message whose sending was cut short by a crash is sent again after this."""
ONE_TIME = 200
"""Messages of one run."""
KEPT = timedelta(days=180)


def deliver_due(now: datetime | None = None) -> int:
    """Send what is due; answers how many were tried. Each is claimed first, so no two workers send it."""
    now = now or datetime.now(UTC)
    due = Delivery.objects.filter(due__lte=now, state__in=[State.WAITING, State.SENDING])
    tried = 0
    for key in due.order_by("due", "pk").values_list("pk", flat=True)[:ONE_TIME]:
        if stopping.is_set():
            break
        if claim(key, now):
            attempt(Delivery.objects.select_related("channel", "user", "product").get(pk=key), now)
            tried += 1
    return tried


def claim(key: int, now: datetime) -> bool:
    """Make a message this worker's own, until its lease ends."""
    mine = Q(pk=key, due__lte=now, state__in=[State.WAITING, State.SENDING])
    return bool(Delivery.objects.filter(mine).update(state=State.SENDING, due=now + LEASE))


def attempt(delivery: Delivery, now: datetime) -> None:
    """Send a claimed message; note how it went."""
    delivery.tries += 1
    try:
        _send(delivery)
    except UserOpsError as wrong:
        _failed(delivery, wrong, now)
    else:
        delivery.state, delivery.sent, delivery.error = State.SENT, datetime.now(UTC), None
    delivery.save(update_fields=["state", "tries", "due", "error", "sent"])


def _failed(delivery: Delivery, wrong: UserOpsError, now: datetime) -> None:
    delivery.error = wrong.words.as_dict()
    again = delivery.tries <= len(BACK_OFF) and isinstance(wrong, StoreFailed)
    if again:
        delivery.state = State.WAITING
        delivery.due = now + BACK_OFF[delivery.tries - 1]
    else:
        delivery.state = State.FAILED
    log.warning("notice %s not sent (try %d): %s", delivery.pk, delivery.tries, wrong.code)


def _send(delivery: Delivery) -> None:
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
    """One mail, in the reader's language. Raises `StoreFailed`."""
    title, body = _texts(delivery, user.language or config.current().language)
    subject = " ".join(title.split())
    # the same name at every try: a mail program shows a message that came twice once
    headers = {"Message-ID": f"<notice-{delivery.pk}-{delivery.created:%Y%m%d%H%M%S%f}@userops>"}
    try:
        EmailMessage(subject, body, to=[user.email], headers=headers).send()
    except OSError:  # SMTP's own errors are of this kind
        raise StoreFailed(
            Words("邮件服务器没有接受这封邮件。", "The mail server did not take the message."),
            code="mail_failed",
        ) from None
