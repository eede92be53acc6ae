"""The pages of a mailbox: new, changed, and whether it can be opened."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.channels import actions, setting
from userops.feedback.channels.mail.aside.keeping import days_of
from userops.feedback.channels.manage.form import MailboxForm
from userops.feedback.channels.models import Channel, Kind
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

TEMPLATE = "feedback/channels/manage/mailbox.html"


@product_page(Permission.MANAGE_DESK)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    form = MailboxForm(request.POST or None)
    form.fields["imap"].required = True
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_channel(
                product, Kind.MAIL, form.cleaned_data["name"], form.options(),
                secret=form.secrets(), acting_user=member(request),
            )  # fmt: skip
            messages.success(request, _("“%s” is open. Try whether it can be read.") % made.name)
            return redirect("feedback_channels:one", product.slug, made.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, TEMPLATE, {"form": form})


@product_page(Permission.MANAGE_DESK)
def edit(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    row = get_object_or_404(Channel, product=product, pk=channel, kind=Kind.MAIL)
    shown = {"name": row.name, "address": row.options.get("address", ""),
             "blocked": "\n".join(row.options.get("blocked", ())), "aside_days": days_of(row)}  # fmt: skip
    form = MailboxForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_channel(
                row, name=form.cleaned_data["name"], options={**row.options, **form.options()},
                secret=form.secrets(), acting_user=member(request),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("feedback_channels:one", product.slug, row.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, TEMPLATE, {"form": form, "channel": row})


@require_POST
@product_page(Permission.MANAGE_DESK)
def attempt(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    """Open the mailbox and the way out now, reading and sending nothing."""
    row = get_object_or_404(Channel, product=product, pk=channel, kind=Kind.MAIL)
    try:
        setting.attempt(row, acting_user=member(request))
        messages.success(request, _("The mailbox can be read, and answers can leave."))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("feedback_channels:one", product.slug, row.pk)
