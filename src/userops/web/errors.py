"""Error pages in the frame's look; a fragment for htmx; the API's error body for programs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from userops.errors import UserOpsError
from userops.words import Words

_CODES = {400: "bad_request", 403: "not_allowed", 404: "not_found", 500: "server_failed"}


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
        500: (
            _("Something went wrong on our side"),
            _("It has been logged. Try again; if it stays, tell your administrator the time."),
        ),
    }[status]


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    title, hint = _texts(status)
    if request.path.startswith(("/api/", "/v1/")):
        with translation.override("zh-hans"):
            chinese = _texts(status)[0]
        with translation.override("en"):
            words = Words(zh=chinese, en=_texts(status)[0])
        body = UserOpsError(words, code=_CODES[status]).body(get_language() or "en")
        return JsonResponse(body, status=status)
    fragment = request.headers.get("HX-Request") == "true"
    template = "web/error_fragment.html" if fragment else "web/error.html"
    context = {"status": status, "title": title, "hint": hint, "code": _CODES[status]}
    return HttpResponse(render_to_string(template, context, request), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Asks nothing of the database: it may be what failed."""
    title, hint = _texts(500)
    context = {"status": 500, "title": title, "hint": hint, "code": _CODES[500]}
    return HttpResponse(render_to_string("web/error_bare.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return _answer(request, 403)
