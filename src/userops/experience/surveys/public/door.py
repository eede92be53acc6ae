"""The door that an app asks: which survey, if any, is this user to see now. It says no more than that."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from userops.errors import UserOpsError
from userops.events.models import WriteKey
from userops.events.store import current
from userops.experience.surveys.asking import ask
from userops.experience.surveys.public.limits import take

LONGEST = 400
_SCRIPT = Path(__file__).with_name("in-app.js")


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The module that an app loads."""
    answer = HttpResponse(_SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@csrf_exempt
@require_http_methods(["GET"])
def which(request: HttpRequest) -> HttpResponse:
    """`key`: a write key of the product; `user`: who is there; `event`: what they just did."""
    given = {name: request.GET.get(name, "")[:LONGEST] for name in ("key", "user", "event", "lang")}
    try:
        take(request)
        found = _asked(given)
    except UserOpsError as wrong:
        answer = JsonResponse(wrong.body(), status=wrong.status)
    else:
        answer = JsonResponse(found)
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Cache-Control"] = "no-store"
    return answer


def _asked(given: dict[str, str]) -> dict[str, str]:
    key = WriteKey.objects.select_related("product").filter(key=given["key"], revoked=None).first()
    if key is None or not given["user"]:
        return {}
    asked = ask(current(), key.product, given["user"], event=given["event"])
    if asked is None:
        return {}
    query = {"frame": "1", "t": asked.token, "lang": given["lang"]}
    place = reverse("survey_public:open", args=[asked.survey.key])
    return {"survey": asked.survey.key, "frame": f"{place}?{urlencode(query)}"}
