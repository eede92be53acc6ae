"""Mails that were put aside: the list, one made safe to look at, and what is decided about it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.channels.mail.aside.actions import aside_of, delete_aside, make_ticket
from userops.feedback.channels.mail.aside.keeping import days_of, raw_of
from userops.feedback.channels.mail.parsing import parsed
from userops.feedback.channels.models import AsideMail
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

ONE_PAGE = 50
SHOWN = 20_000
"""Letters of a mail that are shown."""
HEADERS = (
    "from",
    "reply-to",
    "to",
    "date",
    "subject",
    "message-id",
    "in-reply-to",
    "auto-submitted",
    "return-path",
)


@product_page(Permission.MANAGE_DESK)
def mails(request: HttpRequest, product: Product) -> HttpResponse:
    """The newest first; `reason` narrows them."""
    rows = AsideMail.objects.filter(channel__product=product).select_related("channel", "ticket")
    reason = request.GET.get("reason", "")
    if reason in AsideMail.Reason.values:
        rows = rows.filter(reason=reason)
    page = Paginator(rows, ONE_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "reason": reason, "reasons": AsideMail.Reason.choices}
    return render(request, "feedback/channels/mail/aside/list.html", context)


@never_cache
@product_page(Permission.MANAGE_DESK)
def one(request: HttpRequest, product: Product, mail: int) -> HttpResponse:
    """Its words as plain text: nothing of it is loaded, drawn or run."""
    row = get_object_or_404(AsideMail, channel__product=product, pk=mail)
    try:
        found = parsed(raw_of(row))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return redirect("feedback_channels:aside", product.slug)
    head = [(name, found.headers[name][:400]) for name in HEADERS if found.headers.get(name)]
    context = {
        "row": row, "mail": found, "head": head, "text": found.text[:SHOWN], "days": days_of(row.channel),
        "files": [(name, len(data)) for name, data, _content_id in found.files],
    }  # fmt: skip
    return render(request, "feedback/channels/mail/aside/one.html", context)


@require_POST
@product_page(Permission.MANAGE_DESK)
def decide(request: HttpRequest, product: Product, mail: int) -> HttpResponse:
    """`do`: ticket or delete."""
    try:
        row = aside_of(product, mail)
        if request.POST.get("do") == "ticket":
            made = make_ticket(row, acting_user=member(request))
            messages.success(request, _("Ticket #%s is open.") % made.number)
            return redirect("tickets:one", product.slug, made.number)
        if request.POST.get("do") == "delete":
            delete_aside(row, acting_user=member(request))
            messages.success(request, _("The mail is deleted."))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("feedback_channels:aside", product.slug)
