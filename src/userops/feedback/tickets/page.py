"""One ticket: what was said, and how it is answered and changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.tickets import actions
from userops.feedback.tickets.actions import Change
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.models import Message, Severity, Status, Ticket
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

HANDLE = Permission.HANDLE_TICKETS


def ticket_of(product: Product, number: int) -> Ticket:
    rows = Ticket.objects.select_related("product", "owner", "team", "category", "merged_into")
    return get_object_or_404(rows, product=product, number=number)


@product_page(HANDLE)
def one(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    ticket = ticket_of(product, number)
    spoken = Message.objects.filter(ticket__in=members_of(ticket))
    context: dict[str, Any] = {
        "ticket": ticket,
        "spoken": spoken.select_related("author", "ticket").prefetch_related("attachments"),
        "statuses": Status.choices,
        "severities": Severity.choices,
    }
    return render(request, "feedback/tickets/one.html", context)


@require_POST
@product_page(HANDLE)
def answer(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    ticket, text = ticket_of(product, number), request.POST.get("text", "")
    status = request.POST.get("status", "")
    try:
        actions.answer(ticket, text, status=status, acting_user=member(request))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("tickets:one", product.slug, number)


@require_POST
@product_page(HANDLE)
def add_note(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    ticket, text = ticket_of(product, number), request.POST.get("text", "")
    try:
        actions.add_note(ticket, text, acting_user=member(request))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("tickets:one", product.slug, number)


@require_POST
@product_page(HANDLE)
def change(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    ticket = ticket_of(product, number)
    given: dict[str, Any] = {
        name: request.POST[name] for name in ("status", "severity") if name in request.POST
    }
    try:
        actions.change_ticket(ticket, Change(**given), acting_user=member(request))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("tickets:one", product.slug, number)
