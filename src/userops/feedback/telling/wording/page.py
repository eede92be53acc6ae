"""What users are told at each moment, in each language: the standard text or the house's own."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.telling.actions import (
    LANGUAGES,
    LONGEST_TEXT,
    restore_wording,
    write_wording,
)
from userops.feedback.telling.models import Moment, Wording
from userops.feedback.telling.standard import OF_REQUIREMENTS, STANDARD, VARIABLES
from userops.notices.telling import mail_is_set_up
from userops.workspace.access import member, product_page
from userops.workspace.forms import HouseForm, said
from userops.workspace.roles import Permission

LANGUAGE_NAMES = {"zh-hans": "简体中文", "en": "English"}


class WordingForm(HouseForm):
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text of the message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    active = forms.BooleanField(label=gettext_lazy("Users are told of it"), required=False)


@product_page(Permission.MANAGE_DESK)
def wordings(request: HttpRequest, product: Product) -> HttpResponse:
    own = {(row.moment, row.language): row for row in Wording.objects.filter(product=product)}
    rows = [
        (moment, [(code, LANGUAGE_NAMES[code], own.get((moment, code))) for code in LANGUAGES])
        for moment in Moment
    ]
    context = {"rows": rows, "mail": mail_is_set_up()}
    return render(request, "feedback/telling/wording/list.html", context)


@product_page(Permission.MANAGE_DESK)
def one(request: HttpRequest, product: Product, moment: str, language: str) -> HttpResponse:
    if moment not in Moment.values or language not in LANGUAGES:
        raise Http404(moment)
    row = Wording.objects.filter(product=product, moment=moment, language=language).first()
    standard = STANDARD[moment]
    initial = {
        "subject": row.subject if row else standard.subject.text(language),
        "text": row.text if row else standard.text.text(language),
        "active": row.active if row else True,
    }
    form = WordingForm(request.POST or None, initial=initial)
    try:
        if request.POST.get("do") == "restore":
            restore_wording(product, moment, language, acting_user=member(request))
            messages.success(request, _("The standard text counts again."))
            return redirect("telling:list", product.slug)
        if request.method == "POST" and form.is_valid():
            write_wording(
                product, moment, language, **form.cleaned_data, acting_user=member(request)
            )
            messages.success(request, _("Saved."))
            return redirect("telling:list", product.slug)
    except UserOpsError as wrong:
        form.add_error(None, said(wrong))
    variables = VARIABLES | (OF_REQUIREMENTS if moment == Moment.SHIPPED else {})
    context = {
        "form": form, "row": row, "moment": Moment(moment), "variables": variables.items(),
        "language_name": LANGUAGE_NAMES[language],
    }  # fmt: skip
    return render(request, "feedback/telling/wording/one.html", context)
