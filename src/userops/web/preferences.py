"""Language, theme, colour of rises: one click, remembered in a cookie and in the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
LANGUAGES = ("zh-hans", "en")
RISE_COOKIE = "rise"
RISES = ("green", "red")
"""The colour of what rises: 红涨绿跌 is a habit of Chinese readers, the reverse of others."""
KNOWN = {"language": LANGUAGES, "theme": THEMES, "rise": RISES}
_YEAR = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """The reader's choice: their account's, else the cookie's, else the system's."""
    user = getattr(request, "user", None)
    choice = getattr(user, "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return choice if choice in THEMES else "auto"


def rise_of(request: HttpRequest) -> str:
    choice = request.COOKIES.get(RISE_COOKIE, "")
    return choice if choice in RISES else RISES[0]


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """`language`, `theme`, `rise`, any of them; back to `next`, or 204 for a script."""
    wanted = {
        name: request.POST[name] for name, known in KNOWN.items() if request.POST.get(name) in known
    }
    _remember(request, wanted)
    following = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(following, {request.get_host()}):
        following = "/"
    scripted = request.headers.get("X-Requested-With") == "fetch"
    response = HttpResponse(status=204) if scripted else redirect(following)
    cookies = {
        "language": settings.LANGUAGE_COOKIE_NAME,
        "theme": THEME_COOKIE,
        "rise": RISE_COOKIE,
    }
    for name, value in wanted.items():
        response.set_cookie(
            cookies[name], value, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


def _remember(request: HttpRequest, wanted: dict[str, str]) -> None:
    """What an account keeps; the rest stays with the browser."""
    user: Any = request.user
    kept = {name: value for name, value in wanted.items() if name in ("language", "theme")}
    if not user.is_authenticated or not kept:
        return
    for name, value in kept.items():
        setattr(user, name, value)
    user.save(update_fields=list(kept))


class MemberLanguage:
    """Uses the language of the member's account, so that it follows them to another browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = getattr(request.user, "language", "")
        if chosen in LANGUAGES and chosen != request.LANGUAGE_CODE:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        return self.get_response(request)
