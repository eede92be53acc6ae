"""A new pain point, and its words and definition changed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.audience.segments.models import Segment
from userops.errors import NotFound, UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.experience.pain_points import actions
from userops.experience.pain_points.definition import TRAIT_WORDS
from userops.experience.pain_points.models import PainPoint
from userops.experience.pain_points.pages.form import EMPTY, fields_of, wanted_from
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.models import Topic
from userops.insights.builder.choices import Choices
from userops.workspace.access import member, members_with, product_page
from userops.workspace.acting import carried_out
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission


def find(product: Product, number: int) -> PainPoint:
    try:
        return actions.found(product, number)
    except NotFound:
        raise Http404(number) from None


@product_page(Permission.RUN_SURVEYS)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    """`?topic=`, `?ticket=`, `?need=` fill the form."""
    fields = {**EMPTY, **_begun(request, product)}
    if request.method == "POST":
        try:
            return _made(request, product)
        except UserOpsError as wrong:
            messages.error(request, said(wrong))
            fields = {**request.POST.dict()}
    context = {"fields": fields, "ticket": request.GET.get("ticket", ""), **_choices(product)}
    return render(request, "experience/pain_points/pages/edit.html", context)


def _made(request: HttpRequest, product: Product) -> HttpResponse:
    user = member(request)
    point = actions.create(product, wanted_from(request.POST), acting_user=user)
    ticket = request.POST.get("ticket", "")
    if ticket:
        actions.link_thing(point, "ticket", ticket, acting_user=user)
    actions.ask_for_run(current(), point, acting_user=user)
    return redirect("pain_points:one", product.slug, point.number)


@product_page(Permission.RUN_SURVEYS)
def edit(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    """`?event=` takes a proposed event as the evidence."""
    point = find(product, number)
    fields = fields_of(point) | _from_event(request.GET)
    if request.method == "POST":
        try:
            actions.change(point, wanted_from(request.POST), acting_user=member(request))
            messages.success(request, _("Saved. The figures stay those of the last run."))
            return redirect("pain_points:one", product.slug, number)
        except UserOpsError as wrong:
            messages.error(request, said(wrong))
            fields = {**request.POST.dict()}
    context = {"point": point, "fields": fields, **_choices(product)}
    return render(request, "experience/pain_points/pages/edit.html", context)


@require_POST
@product_page(Permission.RUN_SURVEYS)
def attach(request: HttpRequest, product: Product, ticket: int) -> HttpResponse:
    """Link a ticket from its own page."""
    number = request.POST.get("point", "")
    point = find(product, int(number) if number.isdecimal() else 0)
    carried_out(
        request,
        lambda: actions.link_thing(point, "ticket", str(ticket), acting_user=member(request)),
        _("Linked to “%s”.") % point.title,
    )
    return redirect("tickets:one", product.slug, ticket)


def _begun(request: HttpRequest, product: Product) -> dict[str, Any]:
    given = {name: request.GET.get(name, "") for name in ("topic", "ticket")}
    found: dict[str, Any] = {}
    if given["topic"].isdecimal():
        topic = Topic.objects.filter(product=product, pk=int(given["topic"])).first()
        found |= {"topic": topic.pk, "title": topic.name} if topic else {}
    if given["ticket"].isdecimal():
        ticket = Ticket.objects.filter(product=product, number=int(given["ticket"])).first()
        found |= {"title": ticket.subject[:200]} if ticket else {}
    return found | _from_event(request.GET) | _from_need(request.GET)


def _from_event(given: Any) -> dict[str, Any]:
    event = given.get("event", "")
    if not event:
        return {}
    return {"kind": "event", "event": event, "conditions": given.get("conditions", "")}


def _from_need(given: Any) -> dict[str, Any]:
    """A need of the analysis as its evidence: `need_kind`, `need_name`, `need_more`, and the events it is of."""
    kind, name = given.get("need_kind", ""), given.get("need_name", "")
    if kind not in ("search", "exit", "failure") or not name:
        return {}
    need = {"kind": kind, "name": name}
    if given.get("need_more"):
        need["more"] = given["need_more"]
    found = {"title": given.get("title", name), "need": json.dumps(need, ensure_ascii=False)}
    if kind == "exit":
        return {**found, "kind": "exit", "event": name, "next": given.get("next", "")}
    return {**found, "kind": "event", "event": given.get("event", name), "conditions": given.get("conditions", ""),
            "among": given.get("event", "") if kind == "search" else ""}  # fmt: skip


def _choices(product: Product) -> dict[str, Any]:
    choices = Choices(product, reader_language())
    return {
        "topics": Topic.objects.filter(product=product, place__isnull=False).order_by("name"),
        "categories": Category.objects.filter(product=product, active=True),
        "owners": members_with(Permission.VIEW, product),
        "segments": Segment.objects.filter(product=product),
        "events": choices.events,
        "traits": TRAIT_WORDS.items(),
    }
