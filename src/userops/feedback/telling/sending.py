"""What users are told leaves by the robot of their chat or by mail, once; what fails is tried again."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db.models import Q

from userops.errors import StoreFailed, UserOpsError
from userops.events.tasks import stopping
from userops.feedback.channels.mail.writing import send_mail
from userops.feedback.channels.robots.answering import speaks, tell
from userops.feedback.channels.robots.calling import Unsure
from userops.feedback.channels.robots.speaking import SILENT
from userops.feedback.telling.following import progress_address
from userops.feedback.telling.models import Moment, Told
from userops.notices.delivering import BACK_OFF, LEASE, ONE_TIME

log = logging.getLogger("userops.feedback")
State = Told.State
NEWS = (Moment.SHIPPED,)
"""What is rather not said than said twice: a try that a stop of the server cut short is not made again by itself."""


def send_due(now: datetime | None = None) -> int:
    """Send what is due; answers how many were tried. Each is claimed first, so no two workers send it."""
    now = now or datetime.now(UTC)
    due = Q(due__lte=now, state__in=[State.WAITING, State.SENDING])
    tried = 0
    rows = Told.objects.filter(due).order_by("due", "pk").values_list("pk", "state")
    for key, state in rows[:ONE_TIME]:
        if stopping.is_set():
            break
        mine = Told.objects.filter(due, pk=key, state=state)
        if mine.update(state=State.SENDING, due=now + LEASE):
            told = Told.objects.select_related("ticket__product").get(pk=key)
            _attempt(told, now, cut_short=state == State.SENDING)
            tried += 1
    return tried


def _attempt(told: Told, now: datetime, *, cut_short: bool) -> None:
    told.tries += 1
    try:
        if cut_short and told.moment in NEWS:
            raise Unsure
        _send(told)
    except UserOpsError as wrong:
        again = told.tries <= len(BACK_OFF) and isinstance(wrong, StoreFailed)
        told.error = wrong.words.as_dict()
        told.state = State.WAITING if again else State.FAILED
        if wrong.code == SILENT:
            told.state = State.PAGE
        told.due = now + BACK_OFF[told.tries - 1] if again else told.due
        log.warning("user not told %s (try %d): %s", told.pk, told.tries, wrong.code)
    else:
        told.state, told.sent, told.error = State.SENT, datetime.now(UTC), None
    told.save(update_fields=["state", "tries", "due", "error", "sent"])


def _send(told: Told) -> None:
    ticket, name = told.ticket, f"told-{told.pk}"
    if speaks(ticket):
        tell(ticket, told.subject, told.text, name=name)
    else:
        stop = f"{progress_address(ticket)}/news" if told.moment in NEWS else ""
        send_mail(ticket, told.subject, told.text, name=name, automatic=True, stop=stop)
