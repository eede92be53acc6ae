"""The first page: on to the product looked at last; and one's own account."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from userops.workspace import actions
from userops.workspace.access import administers, member, products_of, remembered_product
from userops.workspace.forms import HouseForm


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the overview of a product; without any, what to do first."""
    user = member(request)
    product = remembered_product(request, products_of(user))
    if product is None:
        return render(
            request, "workspace/home/page.html", {"may_create": None in administers(user)}
        )
    try:
        return redirect(reverse("insights:overview", kwargs={"product": product.slug}))
    except NoReverseMatch:  # a build without that slice
        return redirect("workspace:products")


class AccountForm(HouseForm):
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=100, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"),
        choices=[
            ("auto", gettext_lazy("as the system")),
            ("light", pgettext_lazy("theme", "light")),
            ("dark", pgettext_lazy("theme", "dark")),
        ],
    )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, language and theme."""
    user = member(request)
    language = user.language or request.LANGUAGE_CODE
    now = {"name": user.name, "language": language, "theme": user.theme or "auto"}
    form = AccountForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        actions.set_preferences(**form.cleaned_data, acting_user=user)
        messages.success(request, _("Saved."))
        return redirect("workspace:account")
    return render(request, "workspace/home/account.html", {"form": form})
