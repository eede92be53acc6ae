"""Error pages in the frame's look; a fragment for htmx; the API's error body for programs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import starmap

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from userops.errors import UserOpsError
from userops.words import Words

_CODES = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    500: "server_failed",
}


def _texts(status: int) -> tuple[str, str]:
    """Title, and what to do."""
    return {
        400: (_("This request is not understood"), _("Go back, reload the page and try again.")),
        403: (
            _("Your role does not permit this"),
            _("Ask an administrator of this workspace for access."),
        ),
        404: (
            _("There is nothing here"),
            _("The address is wrong, or what was here was removed, or it is not shared with you."),
        ),
        405: (
            _("This address does not take this method"),
            _("The methods that it takes are in the header “Allow”; /api/docs has them all."),
        ),
        500: (
            _("Something went wrong on our side"),
            _("It has been logged. Try again; if it stays, tell your administrator the time."),
        ),
    }[status]


def _by_a_program(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/v1/"))


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    title, hint = _texts(status)
    if _by_a_program(request):
        with translation.override("zh-hans"):
            chinese = _texts(status)
        with translation.override("en"):
            words, todo = starmap(Words, zip(chinese, _texts(status), strict=True))
        body = UserOpsError(words, code=_CODES[status], hint=todo).body(get_language() or "en")
        return JsonResponse(body, status=status)
    return _page(request, status=status, title=title, hint=hint, code=_CODES[status])


def _page(request: HttpRequest, **context: str | int) -> HttpResponse:
    fragment = request.headers.get("HX-Request") == "true"
    template = "web/error_fragment.html" if fragment else "web/error.html"
    html = render_to_string(template, context, request)
    return HttpResponse(html, status=int(context["status"]))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the database: it may be what failed."""
    title, hint = _texts(500)
    context = {"status": 500, "title": title, "hint": hint, "code": _CODES[500]}
    return HttpResponse(render_to_string("web/error_bare.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403)


class ShowErrors:
    """Turns a `UserOpsError` that a page raised, and a method that an address of programs does not take, into an
    answer that says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and _by_a_program(request):
            told = _answer(request, 405)
            told["Allow"] = answer["Allow"]
            return told
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, UserOpsError):
            return None
        language = get_language() or "en"
        if _by_a_program(request):
            return JsonResponse(exception.body(language), status=exception.status)
        return _page(
            request,
            status=exception.status,
            title=exception.words.text(language),
            hint=exception.hint.text(language) if exception.hint else "",
            code=exception.code,
        )
