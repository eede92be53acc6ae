"""Channels of a product: robots and hooks that notices may go to, and what was sent."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.notices import actions
from userops.notices.models import Channel, Delivery
from userops.notices.services import LONGEST, SERVICES
from userops.notices.telling import mail_is_set_up
from userops.workspace.access import member, product_page
from userops.workspace.forms import HouseForm, said
from userops.workspace.roles import Permission

SHOWN = 100
LANGUAGES = (("zh-hans", "简体中文"), ("en", "English"))


class ChannelForm(HouseForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=actions.LONGEST_NAME)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST,
        # never sent back into the page
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("It is kept encrypted and never shown again."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Signing secret"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Only where the robot of Feishu, Lark or DingTalk has signatures switched on."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)


@product_page(Permission.MANAGE_SOURCES)
@never_cache
def channels(request: HttpRequest, product: Product) -> HttpResponse:
    """The list, the form, and the log of what was sent."""
    form = ChannelForm(request.POST or None, initial={"language": member(request).language})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_channel(product, **form.cleaned_data, acting_user=member(request))
            messages.success(request, _("“%s” is there. Send a test to be sure.") % made.name)
            return redirect("notices:channels", product.slug)
        except UserOpsError as wrong:
            form.refuse(wrong)
    log = Delivery.objects.filter(product=product).select_related("channel", "user")
    context = {
        "form": form,
        "found": Channel.objects.filter(product=product).select_related("owner"),
        "services": SERVICES,
        "log": log[:SHOWN],
        "mail": mail_is_set_up(),
    }
    return render(request, "notices/channels/page.html", context)


@require_POST
@product_page(Permission.MANAGE_SOURCES)
def change(request: HttpRequest, product: Product, channel: int) -> HttpResponse:
    """`do`: test, pause, resume or delete."""
    row = get_object_or_404(Channel, product=product, pk=channel)
    do, user = request.POST.get("do", ""), member(request)
    try:
        if do == "test":
            actions.test_channel(row, acting_user=user)
            messages.success(request, _("“%s” took the test message.") % row.name)
        elif do in ("pause", "resume"):
            actions.change_channel(row, active=do == "resume", acting_user=user)
        elif do == "delete":
            actions.delete_channel(row, acting_user=user)
            messages.success(request, _("“%s” is deleted.") % row.name)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("notices:channels", product.slug)
