"""The address that a platform calls: `/r/<key>`. Whatever comes, it is answered; nothing of it is shown again."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from userops.errors import UserOpsError
from userops.feedback.channels.models import Channel
from userops.feedback.channels.robots.hearing import Call, CallRefused, Heard
from userops.feedback.channels.robots.kinds import PLATFORMS, settings_of
from userops.feedback.channels.robots.pictures import fetch_later
from userops.feedback.channels.robots.taking import take_word

LARGEST = 2**20


@csrf_exempt
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, key: str) -> HttpResponse:
    """No session and no token of ours: the platform signs."""
    rows = Channel.objects.select_related("product")
    channel = rows.filter(key=key, kind__in=list(PLATFORMS), active=True).first()
    if channel is None:
        raise Http404(key)
    try:
        answer = _answered(channel, _call_of(request))
    except UserOpsError as wrong:
        if isinstance(wrong, CallRefused) and channel.problem != wrong.words.as_dict():
            Channel.objects.filter(pk=channel.pk).update(problem=wrong.words.as_dict())
        answer = JsonResponse({"error": wrong.code}, status=wrong.status)
    answer["Cache-Control"] = "no-store"
    return answer


def _call_of(request: HttpRequest) -> Call:
    return Call(
        method=request.method or "",
        query={name: str(value) for name, value in request.GET.items()},
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.read(LARGEST + 1),
        now=datetime.now(UTC),
    )


def _answered(channel: Channel, made: Call) -> HttpResponse:
    if len(made.body) > LARGEST:
        return JsonResponse({"error": "body_too_large"}, status=413)
    found = PLATFORMS[channel.kind].hear(made, settings_of(channel))
    Channel.objects.filter(pk=channel.pk).update(problem=None, used=made.now)
    if isinstance(found, Heard):
        message = take_word(channel, found)
        if message is not None and found.pictures:
            fetch_later(channel, message, found.pictures)
        found = found.reply
    return HttpResponse(found.text, content_type=f"{found.media}; charset=utf-8")
