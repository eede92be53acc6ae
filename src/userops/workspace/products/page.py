"""Products: make, rename, count days elsewhere; each with its keys."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from userops.errors import NotAllowed, NotFound, UserOpsError
from userops.events.models import Product
from userops.timezones import timezone_names
from userops.workspace import actions
from userops.workspace.access import administers, check, member, workspace_page
from userops.workspace.forms import HouseForm
from userops.workspace.models import User
from userops.workspace.roles import Permission

CURRENCIES = ("CNY", "HKD", "TWD", "USD", "EUR", "GBP", "JPY", "KRW", "SGD")


class ChangeForm(HouseForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    timezone = forms.CharField(
        label=gettext_lazy("Time zone"),
        initial="Asia/Shanghai",
        widget=forms.TextInput(attrs={"list": "timezones", "autocomplete": "off"}),
        help_text=gettext_lazy("Days, weeks and months begin at midnight here."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        initial="CNY",
        max_length=3,
        widget=forms.TextInput(attrs={"list": "currencies", "autocomplete": "off"}),
    )
    field_order = ["name", "slug", "timezone", "currency"]


class CreateForm(ChangeForm):
    slug = forms.CharField(
        label=gettext_lazy("Short name"),
        max_length=63,
        help_text=gettext_lazy(
            "Stands in addresses and queries and cannot be changed: lower-case letters, digits, - and _."
        ),
    )


def _lists() -> dict[str, object]:
    return {"timezones": timezone_names(), "currencies": CURRENCIES}


@workspace_page
def products(request: HttpRequest) -> HttpResponse:
    user = member(request)
    form = CreateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_product(**form.cleaned_data, acting_user=user)
        except UserOpsError as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("“%s” is ready. Connect a source to see data.") % made.name)
            return redirect("workspace:products")
    context = {"form": form, "found": _administered(user), "may_create": None in administers(user)}
    return render(request, "workspace/products/page.html", {**context, **_lists()})


def _administered(user: User) -> list[Product]:
    administered = administers(user)
    if None in administered:
        return list(Product.objects.order_by("name"))
    return [product for product in administered if product]


@workspace_page
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product's settings."""
    user, found = member(request), get_object_or_404(Product, slug=slug)
    try:
        check(user, found, Permission.MANAGE_WORKSPACE)
    except (NotFound, NotAllowed):
        raise Http404 from None
    now = {"name": found.name, "timezone": found.timezone, "currency": found.currency}
    form = ChangeForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_product(found, **form.cleaned_data, acting_user=user)
        except UserOpsError as wrong:
            form.refuse(wrong)
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace:products")
    context = {"form": form, "shown": found, **_lists()}
    return render(request, "workspace/products/product.html", context)
