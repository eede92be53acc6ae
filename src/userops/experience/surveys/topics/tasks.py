"""Background work: topics of open answers are grown."""

from __future__ import annotations

from userops.events.tasks import queue
from userops.experience.surveys.models import AnswerGrowing
from userops.experience.surveys.topics.growing import grow_now
from userops.feedback.topics.carrying import State, begin_again
from userops.feedback.understanding.working import load_library


@queue.task()
def grow_answers(key: int) -> None:
    rows = AnswerGrowing.objects.filter(pk=key, state=State.WAITING)
    found = rows.select_related("survey__product", "survey__version").first()
    if found is not None:
        load_library()
        grow_now(found)


def resume() -> None:
    """When the server starts: what a stop or a kill left begins anew."""
    for key in begin_again(AnswerGrowing):
        grow_answers(key)
