"""The pages of a robot: new, changed, and whether it may speak."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.channels import actions
from userops.feedback.channels.models import Channel, Kind
from userops.feedback.channels.robots.kinds import PLATFORMS, settings_of
from userops.feedback.channels.robots.setup.asking import RobotSettingWrong, checked
from userops.feedback.channels.robots.setup.form import RobotForm, initial_of
from userops.feedback.channels.robots.setup.steps import HOME, STEPS
from userops.notices.telling import absolute
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

TEMPLATE = "feedback/channels/robots/setup/edit.html"


@product_page(Permission.MANAGE_DESK)
def new(request: HttpRequest, product: Product, kind: str) -> HttpResponse:
    if kind not in PLATFORMS:
        raise Http404(kind)
    form = RobotForm(request.POST or None, kind=kind, fresh=True)
    if request.method == "POST" and form.is_valid():
        try:
            given = checked(kind, form.cleaned_data, fresh=True)
            made = actions.create_channel(
                product, kind, form.cleaned_data["name"], given.options,
                secret=given.secret, acting_user=member(request),
            )  # fmt: skip
            messages.success(request, _("“%s” is open. Enter its address there.") % made.name)
            return redirect("feedback_channels:one", product.slug, made.pk)
        except UserOpsError as wrong:
            _show(form, wrong)
    return render(request, TEMPLATE, {"form": form, "kind": Kind(kind)})


@product_page(Permission.MANAGE_DESK)
def edit(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    row = get_object_or_404(Channel, product=product, pk=channel, kind__in=list(PLATFORMS))
    form = RobotForm(request.POST or None, kind=row.kind, fresh=False, initial=initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            given = checked(row.kind, form.cleaned_data, fresh=False)
            actions.change_channel(
                row, name=form.cleaned_data["name"], options={**row.options, **given.options},
                secret=given.secret, acting_user=member(request),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("feedback_channels:one", product.slug, row.pk)
        except UserOpsError as wrong:
            _show(form, wrong)
    return render(request, TEMPLATE, {"form": form, "channel": row, "kind": Kind(row.kind)})


def _show(form: RobotForm, wrong: UserOpsError) -> None:
    field = wrong.field if isinstance(wrong, RobotSettingWrong) else None
    form.refuse(wrong, field)


@require_POST
@product_page(Permission.MANAGE_DESK)
def attempt(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    """Whether the application's credentials are good, sending nothing to anybody."""
    row = get_object_or_404(Channel, product=product, pk=channel, kind__in=list(PLATFORMS))
    try:
        if PLATFORMS[row.kind].attempt(settings_of(row)):
            messages.success(request, _("The platform takes the application's credentials."))
        else:
            messages.info(request, _("It answers within sessions only: no application is set."))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("feedback_channels:one", product.slug, row.pk)


def shown(channel: Channel) -> dict[str, Any]:
    """What the page of a channel shows of a robot."""
    address = absolute(reverse("feedback_public:robot", args=[channel.key]))
    return {"address": address, "steps": STEPS[channel.kind], "home": HOME[channel.kind]}
