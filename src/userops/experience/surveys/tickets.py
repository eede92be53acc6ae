"""Open answers become tickets of the desk, once each, in the words of whoever answered."""

from __future__ import annotations

from typing import Any

from userops.audience.segments.hooks import names_of
from userops.experience.surveys.document import parse
from userops.experience.surveys.models import Response
from userops.experience.surveys.questions import said
from userops.feedback.tickets.actions import open_ticket
from userops.feedback.tickets.incoming import LONGEST_SUBJECT, Incoming
from userops.feedback.tickets.models import Source


def open_answers(response: Response) -> list[tuple[str, str]]:
    """Title of each text question that was answered, and the answer."""
    document = parse(response.version.document)
    language = response.language
    return [
        (said(question.title, language), str(response.answers[question.key]))
        for question in document.questions
        if question.kind == "text" and question.key in response.answers
    ]


def scores(response: Response) -> list[tuple[str, Any]]:
    """The scores beside it: whoever reads the ticket sees how it was meant."""
    document = parse(response.version.document)
    return [
        (question.kind.upper(), response.answers[question.key])
        for question in document.questions
        if question.kind in ("nps", "csat", "ces") and question.key in response.answers
    ]


def open_tickets(response: Response) -> int:
    """Hand the open answers to the desk; answers how many tickets that were."""
    survey = response.survey
    answers = open_answers(response)
    scored = " · ".join(f"{kind} {value}" for kind, value in scores(response))
    for title, text in answers:
        subject = f"{scored} · {title}" if scored else title
        open_ticket(survey.product, _incoming(response, subject, text), acting_user=None)
    return len(answers)


def _incoming(response: Response, subject: str, text: str) -> Incoming:
    return Incoming(
        text,
        subject=subject[:LONGEST_SUBJECT],
        channel=Source.SURVEY,
        channel_key=response.survey.key,
        distinct_id=_id_of(response),
        language=response.language,
        at=response.completed,
    )


def _id_of(response: Response) -> str:
    if response.person is None:
        return ""
    return names_of(response.survey.product_id, [response.person]).get(response.person, "")
