"""Pages: how well the desk understands; agreeing with what it suggests."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding import actions
from userops.feedback.understanding.listing import understanding_of
from userops.feedback.understanding.models import BatchRun
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission


@product_page(Permission.HANDLE_TICKETS)
def overview(request: HttpRequest, product: Product) -> HttpResponse:
    found = understanding_of(product)
    template = "feedback/understanding/page.html"
    if request.headers.get("HX-Request"):
        template += "#run"
    return render(request, template, {"found": found, "run": found.run})


@require_POST
@product_page(Permission.HANDLE_TICKETS)
def accept(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket, product=product, number=number)
    try:
        actions.accept_suggestion(ticket, acting_user=member(request))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
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
    try:
        actions.start_batch(product, acting_user=member(request))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("understanding:overview", product.slug)


@require_POST
@product_page(Permission.MANAGE_DESK)
def cancel(request: HttpRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(BatchRun, product=product, pk=run)
    actions.cancel_batch(found, acting_user=member(request))
    return redirect("understanding:overview", product.slug)
