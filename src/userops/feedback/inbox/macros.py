"""Canned replies and macros as pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.inbox import actions
from userops.feedback.inbox.choices import CHANGES, choices
from userops.feedback.inbox.models import Macro
from userops.feedback.inbox.replying import VARIABLES
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.forms import said
from userops.workspace.roles import Permission

SET = ("status", "severity", "category", "team")
"""Fields that a macro may set by its form; the API takes all."""


@product_page(Permission.HANDLE_TICKETS)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    return render(request, "feedback/inbox/macros.html", choices(product))


@product_page(Permission.MANAGE_DESK)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    macro = get_object_or_404(Macro, product=product, pk=pk)
    return _form(request, product, macro, dict(macro.change))


def _form(
    request: HttpRequest, product: Product, macro: Macro, change: dict[str, Any]
) -> HttpResponse:
    context = {"macro": macro, "change": change, "variables": VARIABLES.items()}
    return render(request, "feedback/inbox/macro.html", choices(product) | context)


@require_POST
@product_page(Permission.MANAGE_DESK)
def save(request: HttpRequest, product: Product) -> HttpResponse:
    """A new macro, or the one whose key is given; an empty form is shown for no name at all."""
    given, key = request.POST, request.POST.get("macro", "")
    macro = get_object_or_404(Macro, product=product, pk=int(key)) if key.isdecimal() else None
    # what it sets by the API alone stays
    kept = {
        name: value for name, value in (macro.change if macro else {}).items() if name not in SET
    }
    chosen = {name: CHANGES[name](given[name], member(request)) for name in SET if given.get(name)}
    change = kept | chosen
    fields = {"name": given.get("name", ""), "reply": given.get("reply", "")}
    typed = Macro(pk=macro.pk if macro else None, **fields, note=given.get("note", ""))
    if "name" not in given:
        return _form(request, product, typed, change)
    try:
        actions.save_macro(
            product,
            **fields,
            text=typed.note,
            change=change,
            macro=macro,
            acting_user=member(request),
        )
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return _form(request, product, typed, change)
    messages.success(request, _("Saved."))
    return redirect("inbox:macros", product.slug)


@require_POST
@product_page(Permission.MANAGE_DESK)
def delete(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    macro = get_object_or_404(Macro, product=product, pk=pk)
    carried_out(
        request,
        lambda: actions.delete_macro(macro, acting_user=member(request)),
        _("“%s” is deleted.") % macro.name,
    )
    return redirect("inbox:macros", product.slug)
