"""Answers as they come in, one question at a time, each kept at once: what somebody began is not lost.

No member acts here but whoever answers. A survey takes answers while it runs; those of an anonymous one are
written without the person, the address, or more of the time than the day.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from userops.errors import NotFound, Refused
from userops.experience.surveys import invitations
from userops.experience.surveys.carrying import carried
from userops.experience.surveys.document import Document, parse
from userops.experience.surveys.models import (
    Invitation,
    OptOut,
    Quota,
    Response,
    Step,
    Survey,
    Version,
)
from userops.experience.surveys.questions import END
from userops.experience.surveys.recording import day_of, record
from userops.experience.surveys.standing import is_full
from userops.words import Words

State = Response.State


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who has come: how, in which language, and by which link of their own, if any."""

    survey: Survey
    way: str
    language: str
    invitation: Invitation | None = None

    @property
    def person(self) -> int | None:
        return self.invitation.person if self.invitation else None


def closed_reason(survey: Survey, now: datetime | None = None) -> str:
    """Why nobody can answer now: `not_running`, `not_open`, `full`; empty while it takes answers."""
    now = now or datetime.now(UTC)
    if survey.state != Survey.State.RUNNING or survey.version is None:
        return "not_running"
    if (survey.opens and now < survey.opens) or (survey.closes and now >= survey.closes):
        return "not_open"
    return "full" if is_full(survey) else ""


def closed_to(visit: Visit) -> str:
    """Why this visitor cannot begin: as above, and `other_way` where the open link is not a way of asking. Its
    address stands in every mail, and would let anybody answer as often as they like."""
    reason = closed_reason(visit.survey)
    open_link = visit.invitation is None and visit.way not in visit.survey.ways
    return reason or ("other_way" if open_link else "")


def shown(visit: Visit) -> None:
    """The first question has been seen."""
    record(visit.survey, Step.SHOWN, visit.way, person=visit.person)


def dismissed(visit: Visit) -> None:
    """It was closed without an answer: nothing of this is an answer."""
    record(visit.survey, Step.DISMISSED, visit.way, person=visit.person)


@transaction.atomic
def opt_out(invitation: Invitation) -> None:
    """Its person is not asked any more, by any survey of the product."""
    OptOut.objects.get_or_create(product=invitation.survey.product, person=invitation.person)


def find(survey: Survey, key: str) -> Response | None:
    """The response of a browser that began one."""
    try:
        return Response.objects.select_related("version").get(survey=survey, pk=uuid.UUID(key))
    except (ValueError, Response.DoesNotExist):
        return None


def begun_by(visit: Visit) -> Response | None:
    """What the person of a link has begun already; of an anonymous survey nobody can tell."""
    if visit.invitation is None or visit.survey.anonymous or not visit.invitation.used:
        return None
    rows = Response.objects.filter(survey=visit.survey, person=visit.person, way=visit.way)
    return rows.select_related("version").order_by("-started").first()


@transaction.atomic
def answer(visit: Visit, response: Response | None, key: str, given: Any) -> Response:
    """Take the answer to one question; None skips it. Begins a response with the first one.

    Raises `Refused` for an answer that does not fit, where the survey is closed, and for a link that was used.
    """
    reason = closed_reason(visit.survey) if response else closed_to(visit)
    if reason and not (reason == "full" and response is not None):
        raise Refused(
            Words("问卷已不再接受回答。", "The survey takes no more answers."),
            code="survey_closed",
            reason=reason,
        )
    document = _document(visit, response)
    question = document.get(key)
    if question is None:
        raise NotFound(
            Words("没有这个问题。", "There is no such question."), code="question_unknown"
        )
    value = None if given in (None, "", {}, []) else question.check(given)
    if value is None and question.required:
        raise Refused(
            Words("这个问题需要回答。", "This question needs an answer."), code="answer_missing"
        )
    row = response or _begin(visit)
    row = Response.objects.select_for_update().get(pk=row.pk)
    if row.state != State.STARTED:
        raise Refused(Words("答卷已经提交。", "The answers are in already."), code="response_done")
    answers = {each: kept for each, kept in row.answers.items() if each != key}
    row.answers = answers if value is None else {**answers, key: value}
    row.save(update_fields=["answers"])
    _maybe_finish(visit, row, document, key)
    return row


def _document(visit: Visit, response: Response | None) -> Document:
    version = response.version if response else visit.survey.version
    assert version is not None, "a survey that takes answers was published"
    return parse(version.document)


def _begin(visit: Visit) -> Response:
    survey, now = visit.survey, datetime.now(UTC)
    if visit.invitation is not None and not invitations.use(visit.invitation):
        raise Refused(
            Words("这个链接已经用过。", "This link has been used already."),
            code="invitation_used",
            hint=Words("请在当时作答的浏览器里继续。", "Go on in the browser where you began."),
        )
    assert isinstance(survey.version, Version)
    person = None if survey.anonymous else visit.person
    row = Response.objects.create(
        survey=survey, version=survey.version, anonymous=survey.anonymous, person=person,
        way=visit.way, language=visit.language, started=_moment(survey, now),
        carried=carried(survey, visit.person),
    )  # fmt: skip
    if survey.anonymous:
        _out_of_order(row)
    record(survey, Step.STARTED, visit.way, person=visit.person, now=now)
    return row


def _out_of_order(row: Response) -> None:
    """SQLite numbers rows as they come: held against the log of who was shown it, that order would name people."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            statement = "update surveys_response set rowid = %s where id = %s"
            cursor.execute(statement, [secrets.randbits(62), row.pk.hex])


def _moment(survey: Survey, now: datetime) -> datetime:
    """Now; of an anonymous survey no more than the day."""
    if not survey.anonymous:
        return now
    return datetime.combine(day_of(survey.product, now), time(12), tzinfo=UTC)


def _maybe_finish(visit: Visit, row: Response, document: Document, key: str) -> None:
    """After the last question of its path: complete; in a full cell of a quota: let go with thanks."""
    survey = visit.survey
    if _over_quota(survey, document, row.answers, key):
        _end(survey, row, document, State.OVER_QUOTA)
        return
    if document.next_of(key, row.answers) == END and key in document.path(row.answers):
        _end(survey, row, document, State.COMPLETED)
        _fill(survey, document, row.answers)
        record(survey, Step.COMPLETED, row.way, person=visit.person)
        _tell(survey, row)


def _end(survey: Survey, row: Response, document: Document, state: str) -> None:
    row.answers, row.state = document.kept(row.answers), state
    row.completed = _moment(survey, datetime.now(UTC))
    row.save(update_fields=["answers", "state", "completed"])


def _over_quota(survey: Survey, document: Document, answers: Mapping[str, Any], key: str) -> bool:
    full = survey.quotas.filter(question=key, filled__gte=F("most"))
    return any(_hits(document, answers, quota) for quota in full)


def _fill(survey: Survey, document: Document, answers: Mapping[str, Any]) -> None:
    hit = [quota.pk for quota in survey.quotas.all() if _hits(document, answers, quota)]
    Quota.objects.filter(pk__in=hit).update(filled=F("filled") + 1)


def _hits(document: Document, answers: Mapping[str, Any], quota: Quota) -> bool:
    """Whether an answer counts for a quota."""
    question, answer = document.get(quota.question), answers.get(quota.question)
    return question is not None and answer is not None and question.matches(answer, quota.value)


def _tell(survey: Survey, row: Response) -> None:
    from userops.experience.surveys.tasks import after_completion

    if survey.to_tickets:
        key = str(row.pk)
        transaction.on_commit(lambda: after_completion(key) and None)
