"""Channels of a product: the list, one with what to put into a site, and what is done with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.channels import actions
from userops.feedback.channels.holding import REASONS
from userops.feedback.channels.manage.form import ChannelForm, initial_of
from userops.feedback.channels.manage.snippets import snippets
from userops.feedback.channels.models import AsideMail, Channel, Kind
from userops.feedback.channels.robots.kinds import PLATFORMS
from userops.feedback.channels.robots.setup import page as robots
from userops.notices.telling import absolute
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

WEEK = timedelta(days=7)


@product_page(Permission.MANAGE_DESK)
def channels(request: HttpRequest, product: Product) -> HttpResponse:
    """All channels, with what came in by each in a week."""
    since = datetime.now(UTC) - WEEK
    recent = Q(arrivals__at__gte=since)
    rows = Channel.objects.filter(product=product).annotate(
        came=Count("arrivals", filter=recent),
        held=Count("arrivals", filter=recent & ~Q(arrivals__reasons=[])),
    )
    aside = AsideMail.objects.filter(channel__product=product, ticket=None).count()
    context = {
        "rows": rows,
        "robots": [Kind(each) for each in PLATFORMS],
        "has_mailbox": any(each.kind == Kind.MAIL for each in rows),
        "aside": aside,
    }
    return render(request, "feedback/channels/manage/list.html", context)


@product_page(Permission.MANAGE_DESK)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_channel(
                product, Kind.FORM, form.cleaned_data["name"], form.options(),
                acting_user=member(request),
            )  # fmt: skip
            messages.success(request, _("“%s” is open.") % made.name)
            return redirect("feedback_channels:one", product.slug, made.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "feedback/channels/manage/edit.html", {"form": form})


@product_page(Permission.MANAGE_DESK)
def edit(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    row = get_object_or_404(Channel, product=product, pk=channel, kind=Kind.FORM)
    form = ChannelForm(request.POST or None, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_channel(
                row, name=form.cleaned_data["name"], options=form.options(),
                acting_user=member(request),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("feedback_channels:one", product.slug, row.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "feedback/channels/manage/edit.html", {"form": form, "channel": row})


@product_page(Permission.MANAGE_DESK)
@never_cache
def one(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    """What to put into a site, and what was held back."""
    row = get_object_or_404(Channel, product=product, pk=channel)
    context: dict[str, Any] = {"channel": row}
    if row.kind == Kind.FORM:
        address = absolute(reverse("feedback_public:form", args=[row.key]))
        secret = actions.secret_of(row)
        context |= {"address": address, "snippets": snippets(row, secret), "secret": secret}
    if row.kind in PLATFORMS:
        context["robot"] = robots.shown(row)
    arrivals = row.arrivals.select_related("ticket").order_by("-at")[:50]
    context["arrivals"] = [(each, [REASONS[name] for name in each.reasons]) for each in arrivals]
    return render(request, "feedback/channels/manage/one.html", context)


@require_POST
@product_page(Permission.MANAGE_DESK)
def change(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    """`do`: pause, resume, renew or delete."""
    row = get_object_or_404(Channel, product=product, pk=channel)
    do, user = request.POST.get("do", ""), member(request)
    try:
        if do in ("pause", "resume"):
            actions.change_channel(row, active=do == "resume", acting_user=user)
        elif do == "renew":
            actions.renew_signing(row, acting_user=user)
            messages.success(request, _("There is a new secret; put it into your site."))
        elif do == "delete":
            actions.delete_channel(row, acting_user=user)
            messages.success(request, _("“%s” is deleted.") % row.name)
            return redirect("feedback_channels:list", product.slug)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("feedback_channels:one", product.slug, row.pk)
