"""What the user sees of his ticket, and what he may do: add words, take it up again, say how it was."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from userops.errors import UserOpsError
from userops.feedback.channels.arriving import LONGEST, sender_of
from userops.feedback.channels.public.policy import guarded, shown, speak
from userops.feedback.files.keeping import MOST_FILES, kept_uploads, uploads_of
from userops.feedback.files.recognising import ACCEPTED
from userops.feedback.files.serving import file_response
from userops.feedback.telling.actions import (
    CORRECTED_WITHIN,
    ending_of,
    rate,
    resume_news,
    stop_news,
)
from userops.feedback.telling.models import Rating, Told
from userops.feedback.telling.news import wants_no_news
from userops.feedback.telling.sending import NEWS
from userops.feedback.tickets.actions import File, Incoming, receive
from userops.feedback.tickets.family import top_of
from userops.feedback.tickets.models import Attachment, Message, Status, Ticket
from userops.workspace.forms import said

MOST_WORDS = 20
"""Messages of one user on one ticket within an hour."""
STEPS = (Status.NEW, Status.OPEN, Status.SOLVED)
_STEP = {
    Status.NEW: 0,
    Status.SPAM: 0,  # held back: it came in, and nobody has looked at it yet
    Status.OPEN: 1,
    Status.HANDED_OVER: 1,
    Status.WAITING: 1,
    Status.SOLVED: 2,
    Status.CLOSED: 2,
}


def own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of the ticket that the secret names. The secret is the permission."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, secret: str, *args: Any, **kwargs: Any) -> HttpResponse:
        found = Ticket.objects.select_related("product").filter(secret=secret).first()
        if found is None:
            raise Http404(secret)
        speak(request)
        return guarded(view(request, found, *args, **kwargs))

    return wrapped


@own_page
@require_GET
def progress(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    return _page(request, ticket)


def _page(request: HttpRequest, ticket: Ticket, status: int = 200, **more: Any) -> HttpResponse:
    top = top_of(ticket)
    ending = ending_of(top)
    rating = Rating.objects.filter(ending=ending).first() if ending else None
    reached = _STEP[Status(top.status)]
    names = (
        pgettext("progress", "Received"),
        _("Being handled"),
        _("Solved") if top.status != Status.CLOSED else _("Closed"),
    )
    context = {
        "title": f"#{ticket.number} {ticket.subject}",
        "ticket": ticket,
        "status": top.status,
        "steps": [(name, at <= reached, at == reached) for at, name in enumerate(names)],
        "messages_shown": messages_of(ticket, top),
        "news": list(Told.objects.filter(ticket=ticket, moment__in=NEWS)),
        "no_news": wants_no_news(ticket),
        "ending": ending,
        "rating": rating,
        "scores": list(enumerate(_score_names(), 1)),
        "correct_days": CORRECTED_WITHIN.days,
        "longest": LONGEST,
        "most_files": MOST_FILES,
        "accepted": ACCEPTED,
        "done": request.GET.get("done", ""),
        **more,
    }
    return shown(request, "feedback/telling/progress/page.html", context, status)


def messages_of(ticket: Ticket, top: Ticket) -> list[Message]:
    """The user's own words and answers to him; of a ticket that his was merged into, his own words only."""
    seen = Message.objects.exclude(direction=Message.Direction.NOTE)
    seen = seen.prefetch_related("attachments")
    own = list(seen.filter(ticket=ticket))
    if top.pk != ticket.pk:
        own += seen.filter(ticket=top, external_id__startswith=_own(ticket))
    return sorted(own, key=lambda each: (each.at, each.pk))


def _own(ticket: Ticket) -> str:
    return f"page:{ticket.pk}:"


def _score_names() -> tuple[str, ...]:
    return (_("Very bad"), _("Bad"), _("So-so"), _("Good"), _("Very good"))


@own_page
@require_POST
def say(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """More words; they take a ticket up again that waits or has ended."""
    text = request.POST.get("text", "")
    if _too_many(request, ticket):
        words = _("That was very much in a short time. Please come back in an hour.")
        return _page(request, ticket, 429, error=words, text=text)
    if not 0 < len(text.strip()) <= LONGEST:
        words = _("Please write something, at most %(n)s characters.") % {"n": f"{LONGEST:,}"}
        return _page(request, ticket, 400, error=words, text=text[:LONGEST])
    try:
        with kept_uploads(ticket.product, uploads_of(request)) as files:
            receive(ticket, Incoming(
                text, channel=ticket.channel, files=tuple(File.of(each) for each in files),
                external_id=f"{_own(ticket)}{secrets.token_urlsafe(9)}",
            ))  # fmt: skip
    except UserOpsError as wrong:
        return _page(request, ticket, wrong.status, error=said(wrong), text=text)
    return _back(request, ticket, "said")


def _too_many(request: HttpRequest, ticket: Ticket) -> bool:
    key = f"said:{ticket.pk}:{sender_of(request.META.get('REMOTE_ADDR', ''))}"
    cache.add(key, 0, 3600)
    return int(cache.incr(key)) > MOST_WORDS


@own_page
@require_POST
def rated(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    score = request.POST.get("score", "")
    try:
        rate(
            top_of(ticket),
            int(score) if score in "12345" and score else 0,
            request.POST.get("text", ""),
        )
    except UserOpsError as wrong:
        return _page(request, ticket, wrong.status, rating_error=said(wrong))
    return _back(request, ticket, "rated")


@own_page
def news(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """He wants no news of what he asked for, or (`do=again`) wants them. Programs that open links change nothing."""
    if request.method != "POST":
        return _page(request, ticket)
    if request.POST.get("do") == "again":
        resume_news(ticket)
    else:
        stop_news(ticket)
    # a mail program that did it for its reader follows no redirect (RFC 8058)
    by_program = "List-Unsubscribe" in request.POST
    return HttpResponse(status=200) if by_program else _back(request, ticket, "news")


def _back(request: HttpRequest, ticket: Ticket, done: str) -> HttpResponse:
    query = request.GET.copy()
    query["done"] = done
    address = reverse("feedback_public:progress", args=[ticket.secret])
    return redirect(f"{address}?{query.urlencode()}")


@csrf_exempt
@require_GET
def attachment(request: HttpRequest, secret: str, key: str) -> Any:
    """A file of the user's own ticket."""
    ticket = Ticket.objects.filter(secret=secret).first()
    if ticket is None:
        raise Http404(secret)
    seen = [each.pk for each in messages_of(ticket, top_of(ticket))]
    found = Attachment.objects.filter(message__in=seen, stored=key).first()
    if found is None:
        raise Http404(key)
    return file_response(ticket.product_id, key, name=found.name, media=found.media_type)
