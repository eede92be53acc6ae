"""A mail as it was formatted: in a frame of its own in which nothing runs. Pictures that came with it are shown; others
are fetched only when a member asks, for a picture tells its sender who has read the mail, when and where."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from html import unescape
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from userops.events.models import Product
from userops.feedback.files.keeping import path_of
from userops.feedback.tickets.family import members_of
from userops.feedback.tickets.models import Message
from userops.feedback.tickets.page import HANDLE, ticket_of
from userops.workspace.access import product_page

MOST_INLINE = 12 * 2**20
"""Bytes of pictures within one frame, each counted as often as it is shown; those beyond stand below as files."""
_INLINE = re.compile(r'(<img\b[^<]*?\ssrc=")cid:([^"]{1,1000})(?=")')


@product_page(HANDLE)
@require_GET
@xframe_options_sameorigin
def looks(request: HttpRequest, product: Product, number: int, pk: int) -> HttpResponse:
    """The document of the frame; `images=yes`: also with pictures from elsewhere."""
    family = members_of(ticket_of(product, number))
    message = get_object_or_404(Message, ticket__in=family, pk=pk)
    if not message.html:
        raise Http404(pk)
    nonce = secrets.token_urlsafe(16)
    context = {"html": with_pictures(message, product), "nonce": nonce}
    response = render(request, "feedback/tickets/looks.html", context)
    elsewhere = " http: https:" if request.GET.get("images") == "yes" else ""
    response["Content-Security-Policy"] = (
        f"default-src 'none'; img-src data:{elsewhere}; style-src 'nonce-{nonce}'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


def with_pictures(message: Message, product: Product) -> str:
    """Its looks, with the pictures that came with it written into them: a frame without an origin has no session by
    which it could fetch them. They were drawn anew when they came (`files/keeping.py`)."""
    named = {each.content_id: each for each in message.attachments.exclude(content_id="")}
    left = MOST_INLINE

    def picture(found: re.Match[str]) -> str:
        nonlocal left
        file = named.get(unquote(unescape(found[2])))
        if file is None or not file.media_type.startswith("image/") or file.size > left:
            return found[1]
        path = path_of(product.pk, file.stored)
        if not path.exists():
            return found[1]
        left -= file.size
        return f"{found[1]}data:{file.media_type};base64,{b64encode(path.read_bytes()).decode()}"

    return _INLINE.sub(picture, message.html)
