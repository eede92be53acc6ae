"""A mail as it was formatted: in a frame of its own in which nothing runs, and which fetches pictures only when
a member asks, for a picture tells its sender who has read the mail, when and where."""

from __future__ import annotations

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from userops.events.models import Product
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.models import Message
from userops.feedback.tickets.page import HANDLE, ticket_of
from userops.workspace.access import product_page


@product_page(HANDLE)
@require_GET
@xframe_options_sameorigin
def looks(request: HttpRequest, product: Product, number: int, pk: int) -> HttpResponse:
    """The document of the frame; `images=yes`: with its pictures."""
    family = members_of(ticket_of(product, number))
    message = get_object_or_404(Message, ticket__in=family, pk=pk)
    if not message.html:
        raise Http404(pk)
    nonce = secrets.token_urlsafe(16)
    context = {"message": message, "nonce": nonce}
    response = render(request, "feedback/tickets/looks.html", context)
    images = "http: https:" if request.GET.get("images") == "yes" else "'none'"
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {images}; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    response["Referrer-Policy"] = "no-referrer"
    return response
