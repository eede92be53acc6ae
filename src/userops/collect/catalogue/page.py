"""The catalogue: what events and properties there are, what they mean, who owns them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from userops.collect import actions
from userops.collect.catalogue.volumes import event_volumes, property_use
from userops.errors import UserOpsError
from userops.events.fields import FIELDS
from userops.events.models import EventDefinition, Product, PropertyDefinition
from userops.workspace.access import product_page
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission


@product_page()
@require_GET
def catalogue(request: MemberRequest, product: Product) -> HttpResponse:
    """All entries; `?show=properties` for properties, `?hidden=1` with hidden ones."""
    hidden = {} if request.GET.get("hidden") else {"hidden": False}
    events = product.event_definitions.filter(**hidden).order_by("name")
    volumes = event_volumes(product.pk)
    context: dict[str, Any] = {
        "events": [(entry, volumes.get(entry.name)) for entry in events],
        "properties": product.property_definitions.filter(**hidden).order_by("of", "name"),
        "standard": FIELDS,
        "show": "properties" if request.GET.get("show") == "properties" else "events",
        "with_hidden": not hidden,
    }
    return render(request, "collect/catalogue/page.html", context)


@product_page()
@require_http_methods(["GET", "POST"])
def event(request: MemberRequest, product: Product, entry: int) -> HttpResponse:
    found = get_object_or_404(EventDefinition, product=product, pk=entry)
    if request.method == "POST":
        return _save(request, product, actions.describe_event, found)
    volume = event_volumes(product.pk).get(found.name)
    context = {"entry": found, "volume": volume, "of": "event"}
    return render(request, "collect/catalogue/entry.html", context)


@product_page()
@require_http_methods(["GET", "POST"])
def property_(request: MemberRequest, product: Product, entry: int) -> HttpResponse:
    found = get_object_or_404(PropertyDefinition, product=product, pk=entry)
    if request.method == "POST":
        may = Permission.MANAGE_WORKSPACE in request.granted
        personal = request.POST.get("personal") == "on" if may else None
        return _save(request, product, partial(actions.describe_property, personal=personal), found)
    use = property_use(product.pk, found.of, found.name)
    see = Permission.SEE_PEOPLE in request.granted
    if not see and (found.of == "user" or found.is_personal):
        use = replace(use, examples=())  # names, telephone numbers …
    context = {"entry": found, "use": use, "of": "property"}
    return render(request, "collect/catalogue/entry.html", context)


def _save(request: MemberRequest, product: Product, action: Any, entry: Any) -> HttpResponse:
    texts = {name: request.POST.get(name, "") for name in actions.TEXTS}
    hidden = request.POST.get("hidden") == "on"
    try:
        action(entry, texts, hidden=hidden, acting_user=request.user)
    except UserOpsError as wrong:
        messages.error(request, wrong.words.text(request.LANGUAGE_CODE))
        return redirect(request.path)
    messages.success(request, _("Saved."))
    return redirect("collect:catalogue", product.slug)
