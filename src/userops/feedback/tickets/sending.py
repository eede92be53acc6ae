"""The one way by which an answer leaves: written with its message, sent after the transaction, once.

A channel registers a function of one `Message` in `SENDERS`; it raises `StoreFailed` when a later try may
help and another `UserOpsError` when not. Answers of other channels are read on the page of progress.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.module_loading import import_string

from userops.feedback.passing import after_commit
from userops.feedback.tickets.models import Message, Sending, Source, TicketEvent
from userops.notices import outbox

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
        after_commit(send_answers)


def send_due(now: datetime | None = None) -> int:
    """Send what is due; answers how many were tried."""
    rows = Sending.objects.select_related("message__ticket__product")
    return outbox.send_due(rows, lambda row, _cut_short: send(row.message), now)


def send(message: Message) -> None:
    """By the sender of its channel. Raises what that raises."""
    import_string(SENDERS[message.channel])(message)
