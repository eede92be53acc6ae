"""The page of a survey: one question after the other, each answer kept at once; with and without scripts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from userops.errors import NotFound, UserOpsError
from userops.experience.surveys import answering
from userops.experience.surveys.answering import Visit
from userops.experience.surveys.document import Document, parse
from userops.experience.surveys.invitations import is_used
from userops.experience.surveys.models import Response
from userops.experience.surveys.public.limits import take
from userops.experience.surveys.public.reading import given_answer, survey_of, visit_of
from userops.experience.surveys.public.showing import shown
from userops.experience.surveys.questions import END, said
from userops.workspace.forms import said as error_said

FRAMED = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors *"
)
"""A survey may stand in a frame of the app that asks."""
TEMPLATE = "experience/surveys/public/page.html"
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A page for everybody: no session, no cookie, no log-in, so there is no token of a session to ask for."""

    @csrf_exempt
    @xframe_options_exempt
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            take(request)
        except UserOpsError as wrong:
            return HttpResponse(error_said(wrong), status=wrong.status, content_type="text/plain")
        answer = view(request, *args, **kwargs)
        answer["Content-Security-Policy"] = FRAMED
        answer["Referrer-Policy"] = "no-referrer"
        answer["Cache-Control"] = "no-store"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return wrapped


@public
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, key: str) -> HttpResponse:
    """The first question, or where its person has been; POST takes an answer."""
    visit = visit_of(request, survey_of(key))
    if request.method == "POST":
        return _answered(request, visit)
    begun = answering.begun_by(visit)
    if begun is not None:
        return _at(request, visit, begun, "")
    if visit.invitation is not None and is_used(visit.invitation):
        return _said(request, visit, "used")
    if answering.closed_to(visit):
        return _said(request, visit, "closed")
    if request.method == "GET":
        answering.shown(visit)
    document = visit.survey.document
    return _asked(request, visit, document, None, document.questions[0].key)


@public
@require_http_methods(["GET", "HEAD"])
def going_on(request: HttpRequest, key: str, response: uuid.UUID) -> HttpResponse:
    """The next question of a response, or the one named by `at`."""
    visit = visit_of(request, survey_of(key))
    row = answering.find(visit.survey, str(response))
    if row is None:
        return _said(request, visit, "closed")
    return _at(request, visit, row, request.GET.get("at", ""))


@public
@require_POST
def dismiss(request: HttpRequest, key: str) -> HttpResponse:
    """It was closed without an answer."""
    answering.dismissed(visit_of(request, survey_of(key)))
    return HttpResponse(status=204)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """No more surveys for the person of this link. Programs that open links only see the question."""
    visit = visit_of(request, survey_of(key))
    if visit.invitation is None:
        return _said(request, visit, "closed")
    if request.method == "POST":
        answering.opt_out(visit.invitation)
        return _said(request, visit, "stopped")
    return _said(request, visit, "stop")


def _answered(request: HttpRequest, visit: Visit) -> HttpResponse:
    post = request.POST
    row = answering.find(visit.survey, post.get("r", ""))
    key = post.get("q", "")
    document = _document(visit, row)
    question = document.get(key)
    given = None
    try:
        if question is None:
            raise _unknown()
        given = given_answer(post, question) if post.get("do") != "skip" else None
        row = answering.answer(visit, row, key, given)
    except UserOpsError as wrong:
        if question is None or wrong.data.get("reason") or wrong.code == "invitation_used":
            return _said(request, visit, "used" if wrong.code == "invitation_used" else "closed")
        return _asked(request, visit, document, row, key, wrong, given)
    return HttpResponseRedirect(_address(request, visit, row, document.next_of(key, row.answers)))


def _unknown() -> NotFound:
    from userops.words import Words

    return NotFound(Words("没有这个问题。", "There is no such question."), code="question_unknown")


def _address(request: HttpRequest, visit: Visit, row: Response, at: str) -> str:
    """Where the next question is asked: the address carries what the next request needs to know."""
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query["lang"] = visit.language
    if at != END:
        query["at"] = at
    # of an anonymous survey no address, as logs on the way keep it, holds both the link and the answer
    for name in ("frame",) if visit.survey.anonymous else ("t", "frame"):
        if request.POST.get(name):
            query[name] = request.POST[name]
    place = reverse("survey_public:going_on", args=[visit.survey.key, row.pk])
    return f"{place}?{query.urlencode()}"


def _at(request: HttpRequest, visit: Visit, row: Response, at: str) -> HttpResponse:
    if row.state != Response.State.STARTED:
        return _said(request, visit, "thanks" if row.state == "completed" else "over")
    reason = answering.closed_reason(visit.survey)
    if reason and reason != "full":
        return _said(request, visit, "closed")
    document = parse(row.version.document)
    path = document.path(row.answers)
    waiting = next((key for key in path if key not in row.answers), path[-1])
    return _asked(request, visit, document, row, at if at in path else waiting)


def _document(visit: Visit, row: Response | None) -> Document:
    return parse(row.version.document) if row else visit.survey.document


def _asked(
    request: HttpRequest, visit: Visit, document: Document, row: Response | None, key: str,
    wrong: UserOpsError | None = None, typed: Any = None,
) -> HttpResponse:  # fmt: skip
    answers = row.answers if row else {}
    if wrong is not None and typed is not None:
        answers = {**answers, key: typed}
    given = request.GET.get("a", "")
    if row is None and given.isdecimal():  # chosen in the mail; kept only when it is sent from here
        answers = {key: int(given)}
    seed = str(row.pk) if row else request.GET.get("t", "")
    context = {
        "question": shown(document, key, answers, visit.language, seed),
        "response": row,
        "intro": said(document.intro, visit.language) if row is None else "",
        "wrong": getattr(wrong, "expected", None) or (wrong and wrong.words),
    }
    with override(visit.language):
        return _page(request, visit, context, status=wrong.status if wrong else 200)


def _said(request: HttpRequest, visit: Visit, what: str) -> HttpResponse:
    """A page without a question: thanks, closed, used, over, stop, stopped."""
    document = visit.survey.document
    context = {"what": what, "thanks": said(document.thanks, visit.language)}
    with override(visit.language):
        return _page(request, visit, context)


def _page(
    request: HttpRequest, visit: Visit, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    languages = visit.survey.document.languages
    begun = context.get("response") is not None
    named = visit.invitation is not None and not (begun and visit.survey.anonymous)
    common = {
        "survey": visit.survey,
        "language": visit.language,
        "other_languages": [each for each in languages if each != visit.language],
        "token": given.get("t", "") if named else "",
        "frame": given.get("frame") == "1",
        "has_person": visit.invitation is not None,
    }
    return render(request, TEMPLATE, common | context, status=status)
