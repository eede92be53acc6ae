"""Pages: the plugged model set up, with what leaves the house; its words beside topics and tickets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from userops.config import current
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.models import Topic
from userops.feedback.wording import actions
from userops.feedback.wording.models import Kind, PluggedModel, Use
from userops.feedback.wording.using import is_on, used_today
from userops.feedback.wording.writing import words_about
from userops.workspace.access import member, product_page
from userops.workspace.forms import HouseForm, said
from userops.workspace.roles import Permission

SHOWN = 20
LANGUAGES = (("zh-hans", "简体中文"), ("en", "English"))


class ModelForm(HouseForm):
    active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=480,
        help_text=gettext_lazy("OpenAI-compatible, such as https://api.example.com/v1"),
    )
    model = forms.CharField(label=gettext_lazy("Model"), max_length=200)
    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=actions.LONGEST_KEY,
        required=False,
        # never sent back into the page
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("It is kept encrypted and never shown again. Empty: as it is."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    budget = forms.IntegerField(label=gettext_lazy("Requests a day"), min_value=1)
    seconds = forms.IntegerField(label=gettext_lazy("Longest wait, in seconds"), min_value=1)


def _initial(row: PluggedModel | None) -> dict[str, Any]:
    names = ("active", "address", "model", "language", "budget", "seconds")
    if row is None:
        return {"budget": 200, "seconds": 30, "language": current().language}
    return {name: getattr(row, name) for name in names}


@product_page(Permission.MANAGE_WORKSPACE)
@never_cache
def settings(request: HttpRequest, product: Product) -> HttpResponse:
    """The form, what leaves the house, and the last requests as they were sent."""
    row = PluggedModel.objects.filter(product=product).first()
    form = ModelForm(request.POST or None, initial=_initial(row))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = actions.Settings(**{**given, "key": given["key"] or None})
        try:
            actions.set_up(product, wanted, acting_user=member(request))
            messages.success(request, _("Saved."))
            return redirect("wording:settings", product.slug)
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {
        "form": form,
        "row": row,
        "used": used_today(product),
        "uses": Use.objects.filter(product=product).select_related("by")[:SHOWN],
        "hosts": current().model_hosts,
    }
    return render(request, "feedback/wording/settings.html", context)


@require_POST
@product_page(Permission.MANAGE_WORKSPACE)
def unplug(request: HttpRequest, product: Product) -> HttpResponse:
    actions.unplug(product, acting_user=member(request))
    messages.success(request, _("The model is unplugged, and its key deleted."))
    return redirect("wording:settings", product.slug)


@require_POST
@product_page(Permission.MANAGE_WORKSPACE)
def try_out(request: HttpRequest, product: Product) -> HttpResponse:
    try:
        found = actions.try_out(product, acting_user=member(request))
        messages.success(request, _("The model answered: %s") % f"{found.name} – {found.summary}")
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("wording:settings", product.slug)


@product_page(Permission.HANDLE_TICKETS)
def topic(request: HttpRequest, product: Product, key: int) -> HttpResponse:
    """The card of a topic; by POST what is to be done with its words."""
    found = get_object_or_404(Topic, product=product, pk=key)
    if request.method == "POST":
        _do(request, product, Kind.TOPIC, found)
        return redirect("topics:one", product.slug, key)
    return _card(request, product, Kind.TOPIC, key)


@product_page(Permission.HANDLE_TICKETS)
def ticket(request: HttpRequest, product: Product, key: int) -> HttpResponse:
    """The card of a ticket; by POST what is to be done with its words."""
    found = get_object_or_404(Ticket, product=product, number=key)
    if request.method == "POST":
        _do(request, product, Kind.TICKET, found)
        return redirect("tickets:one", product.slug, key)
    return _card(request, product, Kind.TICKET, key)


def _card(request: HttpRequest, product: Product, kind: Kind, key: int) -> HttpResponse:
    """Nothing where no model is switched on or has written."""
    words, on = words_about(product.pk, kind, str(key)), is_on(product)
    if words is None and not on:
        return HttpResponse()
    panel = {"words": words, "on": on, "kind": kind.value, "key": key}
    return render(request, "feedback/wording/card.html", {"panel": panel})


def _do(request: HttpRequest, product: Product, kind: Kind, thing: Any) -> None:
    """`do`: ask, edit, take or delete."""
    do, user = request.POST.get("do", ""), member(request)
    key = str(thing.pk if kind == Kind.TOPIC else thing.number)
    words = words_about(product.pk, kind, key)
    try:
        if do == "ask":
            ask = actions.word_topic if kind == Kind.TOPIC else actions.word_ticket
            ask(thing, acting_user=user)
        elif words is not None and do == "edit":
            name, summary = request.POST.get("name", ""), request.POST.get("summary", "")
            actions.edit(words, name=name, summary=summary, acting_user=user)
        elif words is not None and do == "take":
            actions.take_name(words, acting_user=user)
        elif words is not None and do == "delete":
            actions.throw_away(words, acting_user=user)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
