"""What leaves the house: claimed before it is sent, tried again later and later, given up with its reason.

For rows with `state`, `due`, `tries`, `error`, and perhaps `sent`, that were written in the transaction of their cause.
After a kill nobody knows how far a claimed one came: what sends it is told so, and sends it again under the same name,
or, where twice is worse than not at all, refuses.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model, Q, QuerySet

from userops.errors import StoreFailed, UserOpsError
from userops.events.tasks import stopping
from userops.words import Words

log = logging.getLogger("userops.outbox")
WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"
BACK_OFF = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 240))
"""Waits after the first, second, … failure; after the last one it is given up."""
LEASE = timedelta(minutes=10)
"""What another process claimed and did not end is taken up after this."""
ONE_TIME = 200
"""Messages of one run."""
_FIELDS = ("state", "tries", "due", "error", "sent")
_BROKEN = Words("内部错误，详情见服务器日志。", "Something broke; the server's log tells what.")
Send = Callable[[Any, bool], None]
"""Of a row, and whether an earlier try was cut short. Raises `StoreFailed` when a later try may help, another
`UserOpsError` when not."""


def send_due(
    rows: QuerySet[Any],
    send: Send,
    now: datetime | None = None,
    *,
    given_up: Callable[[UserOpsError], str] = lambda _wrong: FAILED,
) -> int:
    """Send what is due; answers how many were tried. Each is claimed first, so no two workers send it. `given_up`: the
    state of what was refused."""
    now = now or datetime.now(UTC)
    due = rows.filter(due__lte=now, state__in=[WAITING, SENDING]).order_by("due", "pk")
    tried = 0
    for key, state in due.values_list("pk", "state")[:ONE_TIME]:
        if stopping.is_set():
            break
        if claim(rows.model, key, state, now):
            _attempt(rows.get(pk=key), send, now, cut_short=state == SENDING, given_up=given_up)
            tried += 1
    return tried


def claim(model: type[Model], key: int, state: str, now: datetime) -> bool:
    """Make one this worker's own, until its lease ends."""
    mine = Q(pk=key, state=state, due__lte=now)
    return bool(model._default_manager.filter(mine).update(state=SENDING, due=now + LEASE))


def take_up(model: type[Model]) -> None:
    """When the server starts, which alone works on its data folder: what a kill cut short is due at once."""
    model._default_manager.filter(state=SENDING).update(due=datetime.now(UTC))


def _attempt(
    row: Any, send: Send, now: datetime, *, cut_short: bool, given_up: Callable[[UserOpsError], str]
) -> None:
    row.tries += 1
    try:
        send(row, cut_short)
    except UserOpsError as wrong:
        again = row.tries <= len(BACK_OFF) and isinstance(wrong, StoreFailed)
        row.state, row.error = WAITING if again else given_up(wrong), wrong.words.as_dict()
        row.due = now + BACK_OFF[row.tries - 1] if again else row.due
        log.warning("%s %s not sent (try %d): %s", row._meta.label, row.pk, row.tries, wrong.code)
    except Exception:
        # one that cannot be sent never holds up the others
        log.exception("%s %s not sent", row._meta.label, row.pk)
        row.state, row.error = FAILED, _BROKEN.as_dict()
    else:
        row.state, row.sent, row.error = SENT, datetime.now(UTC), None
    own = {field.name for field in row._meta.concrete_fields}
    row.save(update_fields=[name for name in _FIELDS if name in own])
