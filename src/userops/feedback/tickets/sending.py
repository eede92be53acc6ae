"""The one way by which an answer leaves: written with its message, sent after the transaction, once.

A channel registers a function of one `Message` in `SENDERS`; it raises `StoreFailed` when a later try may
help and another `UserOpsError` when not. Answers of other channels are read on the page of progress.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from userops.errors import StoreFailed, UserOpsError
from userops.events.tasks import stopping
from userops.feedback.tickets.models import Message, Sending, Source, TicketEvent
from userops.notices.delivering import BACK_OFF, LEASE, ONE_TIME

log = logging.getLogger("userops.feedback")
State = Sending.State

_MAIL = "userops.feedback.channels.mail.writing.send_answer"
_ROBOT = "userops.feedback.channels.robots.answering.send_answer"
SENDERS: dict[str, str] = dict.fromkeys(
    [
        Source.MAIL,
        Source.FORM,
        Source.WIDGET,
        Source.API,
        Source.MANUAL,
        Source.IMPORT,
        Source.SURVEY,
    ],
    _MAIL,
)
"""Kind of channel → the function that sends. One line for each channel that can speak."""
SENDERS.update(dict.fromkeys([Source.WECOM, Source.DINGTALK, Source.FEISHU], _ROBOT))


def follow(event: TicketEvent) -> None:
    """An answer was written: it is due now, where its channel can speak."""
    message = event.message
    if event.kind != TicketEvent.Kind.ANSWERED or message is None:
        return
    sender = SENDERS.get(message.channel)
    # who left no address reads the answer on his page
    if sender and (sender != _MAIL or event.ticket.email):
        from userops.feedback.tickets.tasks import send_answers

        Sending.objects.create(message=message, due=datetime.now(UTC))
        transaction.on_commit(lambda: send_answers() and None)


def send_due(now: datetime | None = None) -> int:
    """Send what is due; answers how many were tried. Each is claimed first, so no two workers send it."""
    now = now or datetime.now(UTC)
    due = Sending.objects.filter(due__lte=now, state__in=[State.WAITING, State.SENDING])
    tried = 0
    for key in due.order_by("due", "pk").values_list("pk", flat=True)[:ONE_TIME]:
        if stopping.is_set():
            break
        if _claim(key, now):
            _attempt(Sending.objects.select_related("message__ticket__product").get(pk=key), now)
            tried += 1
    return tried


def _claim(key: int, now: datetime) -> bool:
    mine = Q(pk=key, due__lte=now, state__in=[State.WAITING, State.SENDING])
    return bool(Sending.objects.filter(mine).update(state=State.SENDING, due=now + LEASE))


def _attempt(sending: Sending, now: datetime) -> None:
    sending.tries += 1
    try:
        send(sending.message)
    except UserOpsError as wrong:
        sending.error = wrong.words.as_dict()
        again = sending.tries <= len(BACK_OFF) and isinstance(wrong, StoreFailed)
        sending.state = State.WAITING if again else State.FAILED
        sending.due = now + BACK_OFF[sending.tries - 1] if again else sending.due
        log.warning("answer %s not sent (try %d): %s", sending.pk, sending.tries, wrong.code)
    else:
        sending.state, sending.sent, sending.error = State.SENT, datetime.now(UTC), None
    sending.save(update_fields=["state", "tries", "due", "error", "sent"])


def send(message: Message) -> None:
    """By the sender of its channel. Raises what that raises."""
    import_string(SENDERS[message.channel])(message)
