"""What users are told leaves by the robot of their chat or by mail, once; what fails is tried again."""

from __future__ import annotations

from datetime import datetime

from userops.errors import UserOpsError
from userops.feedback.channels.mail.writing import send_mail
from userops.feedback.channels.robots.answering import speaks, tell
from userops.feedback.channels.robots.calling import Unsure
from userops.feedback.channels.robots.speaking import SILENT
from userops.feedback.telling.following import progress_address
from userops.feedback.telling.models import Moment, Told
from userops.notices import outbox

State = Told.State
NEWS = (Moment.SHIPPED,)
"""What is rather not said than said twice: a try that was cut short is not made again by itself."""


def send_due(now: datetime | None = None) -> int:
    """Send what is due; answers how many were tried."""
    rows = Told.objects.select_related("ticket__product")
    return outbox.send_due(rows, _send, now, given_up=_given_up)


def _given_up(wrong: UserOpsError) -> str:
    return State.PAGE if wrong.code == SILENT else State.FAILED


def _send(told: Told, cut_short: bool) -> None:
    ticket, name, news = told.ticket, f"told-{told.pk}", told.moment in NEWS
    if cut_short and news:
        raise Unsure
    if speaks(ticket):
        tell(ticket, told.subject, told.text, name=name)
    else:
        stop = f"{progress_address(ticket)}/news" if news else ""
        send_mail(ticket, told.subject, told.text, name=name, automatic=True, once=news, stop=stop)
