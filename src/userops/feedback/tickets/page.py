"""One ticket: what was said, who speaks, and how it is answered and changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.events import store
from userops.events.models import Product
from userops.evidence.linking import links_of
from userops.feedback.files.keeping import MOST_FILES, kept_uploads, uploads_of
from userops.feedback.files.recognising import ACCEPTED
from userops.feedback.files.serving import file_response
from userops.feedback.inbox.choices import menus
from userops.feedback.inbox.models import Macro
from userops.feedback.inbox.replying import filled
from userops.feedback.panels import panels_of
from userops.feedback.sorting.models import Team
from userops.feedback.tickets import actions
from userops.feedback.tickets.actions.joining import RELATED, thing
from userops.feedback.tickets.actions.speaking import newest_said
from userops.feedback.tickets.doing import VERBS, WRITTEN
from userops.feedback.tickets.duplicates import duplicates_of, same_speaker
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.incoming import File
from userops.feedback.tickets.models import Attachment, Message, Ticket, TicketEvent
from userops.feedback.tickets.narrating import told
from userops.feedback.tickets.reading import numbered
from userops.feedback.tickets.speaker import contacts_of, speaker_of
from userops.feedback.tickets.telling import mentionable
from userops.feedback.tickets.watching import watch, watchers
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission

HANDLE = Permission.HANDLE_TICKETS


def ticket_of(product: Product, number: int) -> Ticket:
    rows = Ticket.objects.select_related("owner", "team", "category", "merged_into")
    found = get_object_or_404(rows, product=product, number=number)
    found.product = product
    return found


@product_page(HANDLE)
def one(request: MemberRequest, product: Product, number: int) -> HttpResponse:
    """The page; scripts ask for what was said alone."""
    ticket = ticket_of(product, number)
    if request.htmx:
        context = {"ticket": ticket, **_said(ticket)}
        return render(request, "feedback/tickets/one.html#said", context)
    return _page(request, ticket)


def _page(request: MemberRequest, ticket: Ticket, verb: str = "answer") -> HttpResponse:
    """With what was being written, where it was refused."""
    watch(ticket, request.user)
    fields, newest = _fields(ticket), newest_said(ticket)
    macros = list(Macro.objects.filter(product=ticket.product))
    context = {
        "ticket": ticket,
        "verb": verb,
        "draft": request.POST.get("text", ""),
        "seen": newest.pk if newest else 0,
        "fields": {**fields, "complaint": "yes" if ticket.complaint else "no"},
        "choices": menus(ticket.product, fields),
        "other_teams": _other_teams(ticket),
        "macros": [each for each in macros if not each.canned],
        "replies": [
            (each.name, filled(each.reply, ticket, request.user)) for each in macros if each.canned
        ],
        "contacts": contacts_of(ticket, whole=Permission.SEE_PEOPLE in request.granted),
        "related": _related(ticket),
        "accepted": ACCEPTED,
        "members": json.dumps(mentionable(ticket.product)),
        "most_files": MOST_FILES,
        "panels": panels_of(ticket),
        **_watchers(request, ticket),
        **_said(ticket),
    }
    refused = request.method == "POST"
    return render(request, "feedback/tickets/one.html", context, status=409 if refused else 200)


def _other_teams(ticket: Ticket) -> list[Team]:
    """To whom it can be handed over."""
    rows = Team.objects.filter(product=ticket.product)
    return list(rows if ticket.team_id is None else rows.exclude(pk=ticket.team_id))


def _watchers(request: MemberRequest, ticket: Ticket) -> dict[str, Any]:
    found = watchers(ticket, request.user)
    version = f"{ticket.updated.timestamp():.6f}"
    who = ",".join(f"{each.name}:{each.writing:d}" for each in found)
    return {"watchers": found, "version": version, "shown": f"{version} {who}"}


@require_POST
@product_page(HANDLE)
def watched(request: MemberRequest, product: Product, number: int) -> HttpResponse:
    """An open page says that it is, and hears who else is there and whether the ticket changed."""
    ticket = get_object_or_404(
        Ticket.objects.only("pk", "number", "updated"), product=product, number=number
    )
    watch(ticket, request.user, writing=request.POST.get("writing") == "yes")
    context = {"ticket": ticket, **_watchers(request, ticket)}
    before = request.POST.get("shown", "")
    if context["shown"] == before:
        return HttpResponse(status=204)
    response = render(request, "feedback/tickets/one.html#watchers", context)
    if before.partition(" ")[0] != context["version"]:
        response["HX-Trigger"] = "ticket-changed"
    return response


def _said(ticket: Ticket) -> dict[str, Any]:
    """Words and what happened, in one line of time; words of merged tickets among them."""
    family = members_of(ticket)
    spoken = Message.objects.filter(ticket__in=family).select_related("author", "ticket", "sending")
    events = TicketEvent.objects.filter(ticket__in=family, message=None).select_related("by")
    lines = [(each.at, each.pk, each, None) for each in spoken.prefetch_related("attachments")]
    happened = [(each.event.at, each.event.pk, None, each) for each in told(events)]
    every = sorted([*lines, *happened], key=lambda each: (each[0], each[3] is not None, each[1]))
    return {"lines": [(message, event) for _at, _pk, message, event in every], "family": family}


def _fields(ticket: Ticket) -> dict[str, str]:
    """What its menus show, as they send it."""
    keys = {name: getattr(ticket, f"{name}_id") or "" for name in ("owner", "team", "category")}
    given = {"status": ticket.status, "severity": ticket.severity, **keys}
    return {name: str(value) for name, value in given.items()}


def _related(ticket: Ticket) -> list[Ticket]:
    links = links_of(ticket.product, thing(ticket), relation=RELATED)
    numbers = [int(other.key) for _relation, other, _way in links if other.kind == "ticket"]
    return list(Ticket.objects.filter(product=ticket.product, number__in=numbers))


@product_page(HANDLE)
def speaker(request: MemberRequest, product: Product, number: int) -> HttpResponse:
    """Who speaks, what else they wrote, and tickets that may be of the same matter: asked after the page."""
    ticket = ticket_of(product, number)
    sees = Permission.SEE_PEOPLE in request.granted
    context = {
        "ticket": ticket,
        "sees": sees,
        "speaker": speaker_of(ticket, store.current()) if sees else None,
        "others": same_speaker(ticket),
        "alike": duplicates_of(ticket),
    }
    return render(request, "feedback/tickets/speaker.html", context)


@product_page(HANDLE)
def file(request: HttpRequest, product: Product, number: int, pk: int) -> FileResponse:
    """A file that came with a message, served so that nothing in it runs."""
    ticket = ticket_of(product, number)
    mine = Attachment.objects.filter(message__ticket__in=members_of(ticket))
    found = get_object_or_404(mine, pk=pk)
    return file_response(product.pk, found.stored, name=found.name, media=found.media_type)


@require_POST
@product_page(HANDLE)
def do(request: MemberRequest, product: Product, number: int, verb: str) -> HttpResponse:
    """One button of the page."""
    if verb not in VERBS and verb not in WRITTEN:
        raise Http404(verb)
    ticket = ticket_of(product, number)

    def act() -> None:
        if verb in VERBS:
            VERBS[verb](ticket, request.POST, request.user)
            return
        with kept_uploads(product, uploads_of(request)) as kept:
            files = [File.of(each) for each in kept]
            WRITTEN[verb](ticket, request.POST, request.user, files)

    if carried_out(request, act) or verb not in WRITTEN:
        return redirect("tickets:one", product.slug, number)
    return _page(request, ticket_of(product, number), verb)


def _named(request: HttpRequest, product: Product, numbers: Iterable[str]) -> list[Ticket]:
    """Those that are there; of a number that is mistyped it is said."""
    found: list[Ticket] = []
    for each in dict.fromkeys(numbers):
        carried_out(request, lambda each=each: found.append(numbered(product, each)))  # type: ignore[misc]
    return found


@product_page(HANDLE)
def merge(request: HttpRequest, product: Product) -> HttpResponse:
    """Which tickets become one, seen before it is done; the oldest goes on unless another is chosen."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = _named(request, product, given.getlist("ticket"))
    goes_on = _named(request, product, filter(None, [given.get("into")])) or chosen
    if not chosen:
        raise Http404
    parent = min(goes_on, key=lambda one: one.number)
    children = [each for each in chosen if each.pk != parent.pk]
    if request.method == "POST" and carried_out(
        request,
        lambda: actions.merge(parent, children, acting_user=member(request)),
        _("The tickets are merged; each can be taken out again on its own page."),
    ):
        return redirect("tickets:one", product.slug, parent.number)
    speakers = {each.distinct_id or each.email or each.phone for each in [parent, *children]}
    context = {"parent": parent, "children": children, "strangers": len(speakers) > 1}
    return render(request, "feedback/tickets/merge.html", context)
