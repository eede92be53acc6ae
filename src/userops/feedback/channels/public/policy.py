"""How public pages may be shown: alone, or in a frame of the sites that a channel allows."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from userops.feedback.channels.models import Channel, Kind

LANGUAGES = ("zh-hans", "en")
THEMES = ("auto", "light", "dark")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that asks nothing of a session: a frame of another site has none. `view` gets the channel.

    No token against forged requests: whoever sends this form acts for nobody.
    """

    @csrf_exempt
    @xframe_options_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Channel.objects.select_related("product")
        channel = rows.filter(key=key, kind=Kind.FORM, active=True).first()
        if channel is None:
            raise Http404(key)
        speak(request)
        response = view(request, channel, *args, **kwargs)
        framed = embedded(request)
        ancestors = " ".join(channel.form.origins) or "*"
        return guarded(response, ancestors if framed else "'none'")

    return wrapped


def guarded(response: HttpResponse, ancestors: str = "'none'") -> HttpResponse:
    """With the policy of public pages, remembered by nobody, named to nobody."""
    response["Content-Security-Policy"] = POLICY.format(ancestors=ancestors)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, no_store=True, private=True)
    return response


def speak(request: HttpRequest) -> None:
    """Answer in the language that the address asks for, else in the reader's."""
    wanted = request.GET.get("language", "")
    if wanted in LANGUAGES:
        translation.activate(wanted)
        request.LANGUAGE_CODE = wanted


def embedded(request: HttpRequest) -> bool:
    return request.GET.get("embed") == "1"


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A public page in the frame of public pages."""
    theme = request.GET.get("theme", "")
    language = translation.get_language() or LANGUAGES[0]
    framing = {
        "embed": embedded(request),
        "theme": theme if theme in THEMES else THEMES[0],
        "language": language,
        "other_language": LANGUAGES[1 - LANGUAGES.index(language)],
    }
    return render(request, template, {**framing, **context}, status=status)
