"""A member writes down what a user said by telephone, in a shop, in a chat."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.channels.speakers import contact_of
from userops.feedback.files.keeping import kept_uploads, uploads_of
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.actions import Incoming, open_ticket
from userops.feedback.tickets.incoming import LONGEST_SUBJECT, LONGEST_TEXT, File
from userops.feedback.tickets.models import Severity, Source, Ticket
from userops.workspace.access import member, product_page
from userops.workspace.forms import HouseForm
from userops.workspace.roles import Permission


class EntryForm(HouseForm):
    text = forms.CharField(
        label=gettext_lazy("What the user said"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=LONGEST_SUBJECT, required=False
    )
    distinct_id = forms.CharField(label=gettext_lazy("User id"), max_length=400, required=False)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=200, required=False)
    contact = forms.CharField(label=gettext_lazy("E-mail or phone"), max_length=200, required=False)
    origin = forms.CharField(
        label=gettext_lazy("By which way"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"list": "origins"}),
    )  # fmt: skip
    category = forms.TypedChoiceField(
        label=gettext_lazy("Category"), coerce=int, empty_value=None, required=False
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=Severity.choices, initial=Severity.NORMAL
    )
    complaint = forms.BooleanField(label=gettext_lazy("It is a complaint"), required=False)

    def __init__(self, *args: Any, product: Product, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Category.objects.filter(product=product, active=True)
        category: Any = self.fields["category"]
        category.choices = [("", "–"), *rows.values_list("pk", "path")]


@product_page(Permission.HANDLE_TICKETS)
def enter(request: HttpRequest, product: Product) -> HttpResponse:
    form = EntryForm(request.POST or None, product=product)
    if request.method == "POST" and form.is_valid():
        try:
            made = _entered(request, product, form.cleaned_data)
            messages.success(request, _("Ticket #%s is open.") % made.number)
            return redirect("tickets:one", product.slug, made.number)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "feedback/channels/manage/enter.html", {"form": form})


def _entered(request: HttpRequest, product: Product, given: dict[str, Any]) -> Ticket:
    email, phone = contact_of(given.pop("contact"))
    with kept_uploads(product, uploads_of(request)) as files:
        words = Incoming(
            **{name: value for name, value in given.items() if name != "origin"},
            channel=Source.MANUAL, channel_key=given["origin"], email=email, phone=phone,
            files=tuple(File.of(each) for each in files),
        )  # fmt: skip
        return open_ticket(product, words, acting_user=member(request))
