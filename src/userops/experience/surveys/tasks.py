"""Background work of surveys: mails that are due, triggered rounds, facts, tickets, closing dates."""

from __future__ import annotations

import logging
import uuid
from datetime import UTC, datetime

from huey import crontab

from userops.errors import UserOpsError
from userops.events import store
from userops.events.tasks import queue
from userops.experience.surveys.inviting import deliver_due, send_round
from userops.experience.surveys.models import Invitation, Response, Survey, Way
from userops.experience.surveys.satisfaction import refresh_all
from userops.experience.surveys.tickets import open_tickets
from userops.notices.outbox import take_up

log = logging.getLogger("userops.experience")


@queue.task()
def deliver() -> None:
    deliver_due()


@queue.task()
def after_completion(response: str) -> None:
    """What follows from a complete answer and may take its time."""
    row = Response.objects.select_related("survey__product", "version").get(pk=uuid.UUID(response))
    open_tickets(row)


@queue.periodic_task(crontab(minute="*"))
def deliver_again() -> None:
    """Mails whose time has come again, and those whose sending a crash cut short."""
    deliver_due()


@queue.periodic_task(crontab(minute="*/10"))
def invite_after_events() -> None:
    """Rounds of surveys that follow an event."""
    rows = Survey.objects.filter(state=Survey.State.RUNNING).exclude(trigger_event="")
    for survey in rows.select_related("product", "segment", "version"):
        if Way.MAIL in survey.ways:
            try:
                send_round(store.current(), survey)
            except UserOpsError:
                log.exception("survey %s was not sent", survey.pk)


@queue.periodic_task(crontab(minute="5-59/10"))
def close_and_refresh() -> None:
    """Surveys whose last moment has passed are closed; facts follow the answers."""
    over = Survey.objects.filter(state=Survey.State.RUNNING, closes__lte=datetime.now(UTC))
    over.update(state=Survey.State.CLOSED)
    refresh_all(store.current())


def resume() -> None:
    """When the server starts: what a kill left is taken up at once."""
    take_up(Invitation)
    deliver()
