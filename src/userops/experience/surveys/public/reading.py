"""A request of somebody who answers, as the actions take it: the visit, and the answer in the form's fields."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language_from_request

from userops.experience.surveys.answering import Visit
from userops.experience.surveys.invitations import found
from userops.experience.surveys.models import Survey, Way
from userops.experience.surveys.questions import UNSAID, Question


def survey_of(key: str) -> Survey:
    row = Survey.objects.select_related("product", "version").filter(key=key).first()
    if row is None:
        raise Http404(key)
    return row


def visit_of(request: HttpRequest, survey: Survey) -> Visit:
    """How somebody came: by the open link, or by one of their own (`t`), which knows its way."""
    given = request.POST if request.method == "POST" else request.GET
    # a mail program that says "no more" for its reader posts to the address that it was given (RFC 8058)
    invitation = found(survey, given.get("t") or request.GET.get("t", ""))
    way = invitation.way if invitation else Way.LINK
    return Visit(survey, way, language_of(request, survey, given.get("lang", "")), invitation)


def language_of(request: HttpRequest, survey: Survey, asked: str) -> str:
    """The language asked for, else the browser's, else the survey's first."""
    languages = survey.document.languages
    own = asked or get_language_from_request(request)
    wanted = "zh-hans" if own.lower().startswith("zh") else own[:2].lower()
    return wanted if wanted in languages else languages[0]


def given_answer(post: Any, question: Question) -> Any:
    """The fields of a question's form; None where nothing was given."""
    if question.kind in ("single", "multiple"):
        chosen = [each for each in post.getlist("c") if each != "other"]
        # who chooses “other” and writes nothing has answered all the same
        other = (post.get("o", "").strip() or UNSAID) if "other" in post.getlist("c") else ""
        return {"chosen": chosen, "other": other} if chosen or other else None
    if question.kind == "matrix":
        rows = {row.key: post.get(f"m_{row.key}", "") for row in question.rows}
        return {key: value for key, value in rows.items() if value} or None
    return post.get("a", "").strip() or None
