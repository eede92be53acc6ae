from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from userops.events.models import Product
from userops.workspace.forms import HouseForm
from userops.workspace.roles import Role

EVERYWHERE = "*"


class InviteForm(HouseForm):
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.OPERATOR)
    where = forms.ChoiceField(label=_("Product"))

    def __init__(self, *args: Any, administered: list[Product | None], **kwargs: Any):
        super().__init__(*args, **kwargs)
        products = administered
        if None in administered:
            products = [None, *Product.objects.order_by("name")]
        self.products = {each.slug if each else EVERYWHERE: each for each in products}
        where = self.fields["where"]
        assert isinstance(where, forms.ChoiceField)
        where.choices = [
            (key, each.name if each else _("All products")) for key, each in self.products.items()
        ]

    def product(self) -> Product | None:
        return self.products[self.cleaned_data["where"]]


class JoinForm(HouseForm):
    name = forms.CharField(label=_("Your name"), max_length=100)
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, and not a common password."),
    )
