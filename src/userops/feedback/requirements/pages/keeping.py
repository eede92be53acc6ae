"""A new requirement, and one changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from userops.errors import NotFound, UserOpsError
from userops.events.models import Product
from userops.feedback.requirements import actions
from userops.feedback.requirements.actions import Wanted
from userops.feedback.requirements.models import Requirement
from userops.feedback.tickets.models import Ticket
from userops.workspace.access import member, members_with, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

FIELDS = ("title", "title_en", "description", "reference", "address")


def find(product: Product, number: int) -> Requirement:
    try:
        return actions.found(product, number)
    except NotFound:
        raise Http404(number) from None


def wanted_from(given: Mapping[str, str]) -> Wanted:
    owner = given.get("owner", "")
    key = int(owner) if owner.isdecimal() and len(owner) < 16 else None
    return Wanted(**{name: given.get(name, "") for name in FIELDS}, owner=key)


@product_page(Permission.RUN_SURVEYS)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    """`?ticket=`: it begins with this ticket, which is linked to it."""
    fields = _begun(request, product)
    if request.method == "POST":
        try:
            made = actions.create(
                product, wanted_from(request.POST.dict()), acting_user=member(request)
            )
            if request.POST.get("ticket", "").isdecimal():
                number = int(request.POST["ticket"])
                actions.link_tickets(made, [number], acting_user=member(request))
            return redirect("requirements:one", product.slug, made.number)
        except UserOpsError as wrong:
            messages.error(request, said(wrong))
            fields = request.POST.dict()
    return _form(request, product, fields)


def _begun(request: HttpRequest, product: Product) -> dict[str, Any]:
    given = request.GET.get("ticket", "")
    known = given.isdecimal() and len(given) < 16
    ticket = Ticket.objects.filter(product=product, number=int(given)).first() if known else None
    return {"title": ticket.subject[:200], "ticket": ticket.number} if ticket else {}


@product_page(Permission.RUN_SURVEYS)
def edit(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    requirement = find(product, number)
    fields = {name: getattr(requirement, name) for name in FIELDS}
    fields["owner"] = requirement.owner_id
    if request.method == "POST":
        try:
            wanted = wanted_from(request.POST.dict())
            actions.change(requirement, wanted, acting_user=member(request))
            messages.success(request, _("Saved."))
            return redirect("requirements:one", product.slug, number)
        except UserOpsError as wrong:
            messages.error(request, said(wrong))
            fields = request.POST.dict()
    return _form(request, product, fields, requirement)


def _form(
    request: HttpRequest,
    product: Product,
    fields: Mapping[str, Any],
    requirement: Requirement | None = None,
) -> HttpResponse:
    owners = members_with(Permission.VIEW, product)
    context = {"fields": fields, "requirement": requirement, "owners": owners}
    return render(request, "feedback/requirements/pages/edit.html", context)
