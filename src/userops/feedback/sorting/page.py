"""Categories and teams on one page."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.events.models import Product
from userops.feedback.inbox.choices import agents
from userops.feedback.sorting import actions
from userops.feedback.sorting.models import Category, Team
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.roles import Permission

MANAGE = Permission.MANAGE_DESK


@product_page(Permission.HANDLE_TICKETS)
def sorting(request: HttpRequest, product: Product) -> HttpResponse:
    categories = Category.objects.filter(product=product).select_related("team", "parent")
    context = {
        "categories": categories,
        "teams": Team.objects.filter(product=product).prefetch_related("members"),
        "agents": agents(product),
    }
    return render(request, "feedback/sorting/sorting.html", context)


def _key(given: QueryDict, name: str) -> int | None:
    value = given.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 16 else None


def _words(given: QueryDict) -> list[str]:
    return re.split(r"[,，、;；\n]", given.get("keywords", ""))


@require_POST
@product_page(MANAGE)
def save_category(request: HttpRequest, product: Product) -> HttpResponse:
    """A new category, or the one whose key is given."""
    given, user = request.POST, member(request)
    fields: dict[str, Any] = {
        "name": given.get("name", ""),
        "parent": _key(given, "parent"),
        "team": _key(given, "team"),
        "keywords": _words(given),
    }
    key = _key(given, "category")
    if key is None:
        carried_out(request, lambda: actions.create_category(product, **fields, acting_user=user))
    else:
        found = get_object_or_404(Category, product=product, pk=key)
        active = given.get("active") == "on"
        carried_out(
            request,
            lambda: actions.change_category(found, **fields, active=active, acting_user=user),
        )
    return redirect("sorting:sorting", product.slug)


@require_POST
@product_page(MANAGE)
def delete_category(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = get_object_or_404(Category, product=product, pk=pk)
    carried_out(
        request,
        lambda: actions.delete_category(found, acting_user=member(request)),
        _("“%s” is deleted.") % found.path,
    )
    return redirect("sorting:sorting", product.slug)


@require_POST
@product_page(MANAGE)
def save_team(request: HttpRequest, product: Product) -> HttpResponse:
    """A new team, or the one whose key is given."""
    given, user = request.POST, member(request)
    members = [int(each) for each in given.getlist("member") if each.isdecimal()]
    name, key = given.get("name", ""), _key(given, "team")
    if key is None:
        carried_out(
            request,
            lambda: actions.create_team(product, name=name, members=members, acting_user=user),
        )
    else:
        found = get_object_or_404(Team, product=product, pk=key)
        carried_out(
            request,
            lambda: actions.change_team(found, name=name, members=members, acting_user=user),
        )
    return redirect("sorting:sorting", product.slug)


@require_POST
@product_page(MANAGE)
def delete_team(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = get_object_or_404(Team, product=product, pk=pk)
    carried_out(
        request,
        lambda: actions.delete_team(found, acting_user=member(request)),
        _("“%s” is deleted.") % found.name,
    )
    return redirect("sorting:sorting", product.slug)
