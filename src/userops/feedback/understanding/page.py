"""Pages: how well the desk understands; agreeing with what it suggests."""

from __future__ import annotations

import contextlib
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.events.models import Product
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding import actions
from userops.feedback.understanding.listing import understanding_of
from userops.feedback.understanding.models import BatchRun
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.roles import Permission


@product_page(Permission.HANDLE_TICKETS)
def overview(request: HttpRequest, product: Product) -> HttpResponse:
    found = understanding_of(product)
    template = "feedback/understanding/page.html"
    if request.headers.get("HX-Request"):
        template += "#run"
    context = {"found": found, "run": found.run}
    return render(request, template, context)


@require_POST
@product_page(Permission.HANDLE_TICKETS)
def accept(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket, product=product, number=number)
    carried_out(request, lambda: actions.accept_suggestion(ticket, acting_user=member(request)))
    return redirect("tickets:one", product.slug, number)


@require_POST
@product_page(Permission.HANDLE_TICKETS)
def correct(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    """What a member knows better; an empty field stays as it is."""
    ticket = get_object_or_404(Ticket, product=product, number=number)
    category, sentiment = request.POST.get("category", ""), request.POST.get("sentiment", "")
    carried_out(
        request,
        lambda: actions.correct(
            ticket,
            category=int(category) if category.isdecimal() else None,
            sentiment=sentiment or None,
            acting_user=member(request),
        ),
        _("Thank you: the desk learns from it."),
    )
    return redirect("tickets:one", product.slug, number)


@require_POST
@product_page(Permission.HANDLE_TICKETS)
def read(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket, product=product, number=number)
    actions.read_now(ticket, acting_user=member(request))
    return redirect("tickets:one", product.slug, number)


@require_POST
@product_page(Permission.MANAGE_DESK)
def settings(request: HttpRequest, product: Product) -> HttpResponse:
    actions.set_auto_apply(product, "auto_apply" in request.POST, acting_user=member(request))
    messages.success(request, _("Saved."))
    return redirect("understanding:overview", product.slug)


@require_POST
@product_page(Permission.MANAGE_DESK)
def learn(request: HttpRequest, product: Product) -> HttpResponse:
    actions.learn_again(product, acting_user=member(request))
    messages.success(request, _("The desk is learning; the figures change in a moment."))
    return redirect("understanding:overview", product.slug)


@require_POST
@product_page(Permission.MANAGE_DESK)
def start(request: HttpRequest, product: Product) -> HttpResponse:
    first, last = (_day(request.POST.get(name, "")) for name in ("first", "last"))
    carried_out(
        request,
        lambda: actions.start_batch(product, first=first, last=last, acting_user=member(request)),
    )
    return redirect("understanding:overview", product.slug)


def _day(text: str) -> date | None:
    with contextlib.suppress(ValueError):
        return date.fromisoformat(text)
    return None


@require_POST
@product_page(Permission.MANAGE_DESK)
def cancel(request: HttpRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(BatchRun, product=product, pk=run)
    actions.cancel_batch(found, acting_user=member(request))
    return redirect("understanding:overview", product.slug)
