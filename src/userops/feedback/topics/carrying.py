"""Growing topics as work that can be watched, cancelled, put aside by a stop, and begun anew after a kill."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from userops.events.tasks import stopping
from userops.feedback.topics.models import Growing
from userops.feedback.understanding.working import PROCESS, worker
from userops.text.problems import TooFewTexts
from userops.text.topics import Progress
from userops.words import Words

log = logging.getLogger("userops.topics")
State = Growing.State
FAILED = Words(
    "发现话题时出错，详情见服务器日志；原有话题不变，可以重新开始。",
    "Finding topics ended with an error (see the server's log); the topics are as they were. Start again.",
)


class Cancelled(Exception):  # noqa: N818
    """Somebody asked to stop; the topics stay as they were."""


class PutAside(Exception):  # noqa: N818
    """The server stops; the next start begins anew."""


Row = TypeVar("Row", bound=Growing)


def carry(row: Row, grow: Callable[[Row, Progress], None]) -> None:
    """Let `grow` find topics, told a share as it goes; nothing happens where this process does so already. It writes by
    `finish`. Too few texts, and what goes wrong, leave the reason in the row."""
    rows = type(row)._default_manager.filter(pk=row.pk)
    free = rows.exclude(state=State.RUNNING, worker__startswith=PROCESS)
    own = worker()
    if not free.update(state=State.RUNNING, share=0.0, worker=own):
        return
    row.worker = own
    try:
        grow(row, lambda share: _go_on(row, share))
    except TooFewTexts as few:
        _note(row, state=State.IDLE, problem=few.words.as_dict())
    except PutAside:
        _note(row, state=State.WAITING, worker="")
    except Cancelled:
        pass  # who cancelled has said so in the row
    except Exception:
        log.exception("topics of %s %s", row._meta.label, row.pk)
        _note(row, state=State.IDLE, problem=FAILED.as_dict())


def finish(row: Growing, /, **fields: object) -> None:
    """Write what was found; in the transaction of all that belongs to it. Raises `Cancelled`."""
    if not _note(row, state=State.IDLE, share=1.0, problem=None, **fields):
        raise Cancelled


def begin_again(model: type[Growing]) -> list[int]:
    """Growings on which nobody works any more, ready to begin anew: their keys."""
    rows = model._default_manager.exclude(state=State.IDLE)
    left = rows.exclude(worker__startswith=PROCESS)
    keys = list(left.values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(state=State.WAITING, share=0.0, worker="")
    return keys


def _go_on(row: Growing, share: float) -> None:
    if stopping.is_set():
        raise PutAside
    if not _note(row, share=share):
        raise Cancelled


def _note(row: Growing, /, **fields: object) -> bool:
    """Write where this worker still has the work; whether it has."""
    rows = type(row)._default_manager.filter(pk=row.pk, worker=row.worker)
    return bool(rows.update(**fields))
