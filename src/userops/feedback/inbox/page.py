"""The inbox as a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from userops.events.models import Product
from userops.feedback.tickets.models import ACTIVE, Ticket
from userops.workspace.access import product_page
from userops.workspace.roles import Permission

PAGE = 50


@product_page(Permission.HANDLE_TICKETS)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """The tickets that somebody still has to work on, the last changed first."""
    rows = Ticket.objects.filter(product=product, status__in=ACTIVE).order_by("-updated", "-pk")
    context = {"rows": rows.select_related("owner", "category", "team")[:PAGE]}
    return render(request, "feedback/inbox/list.html", context)
