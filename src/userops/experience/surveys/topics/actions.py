"""Writes: growing the topics of open answers, and stopping that."""

from __future__ import annotations

from django.db import transaction

from userops.errors import Refused
from userops.experience.surveys.models import AnswerGrowing, Survey
from userops.experience.surveys.results.dataset import Wanted
from userops.experience.surveys.topics import tasks
from userops.experience.surveys.topics.growing import row_of
from userops.feedback.topics.carrying import State
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission


@transaction.atomic
def grow_topics(
    survey: Survey, wanted: Wanted, language: str, *, acting_user: User
) -> AnswerGrowing:
    """Find the topics of these answers anew in the background. Raises `Refused`."""
    check(acting_user, survey.product, Permission.RUN_SURVEYS)
    row = row_of(survey, wanted, language)
    if row.going_on:
        raise Refused(
            Words("正在发现话题。", "Topics are being found already."), code="topics_running"
        )
    row.state, row.share, row.worker, row.problem = State.WAITING, 0.0, "", None
    row.save()
    note(acting_user, "survey.topics_grown", product=survey.product, target=survey.name)
    transaction.on_commit(lambda: tasks.grow_answers(row.pk) and None)
    return row


def cancel_topics(survey: Survey, wanted: Wanted, _language: str, *, acting_user: User) -> None:
    """The topics stay as they were, whoever let them be grown."""
    check(acting_user, survey.product, Permission.RUN_SURVEYS)
    rows = AnswerGrowing.objects.filter(survey=survey, wanted=wanted.name)
    rows.update(state=State.IDLE, worker="")
    note(acting_user, "survey.topics_cancelled", product=survey.product, target=survey.name)
