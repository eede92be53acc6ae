"""Users: searched by any id or property, listed by when they were last seen."""

from __future__ import annotations

import math

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from userops.audience import people
from userops.audience.person.labels import Labels
from userops.audience.tags.marking import choices
from userops.events import store
from userops.events.models import Product, PropertyDefinition
from userops.workspace.access import product_page
from userops.workspace.roles import Permission

PAGE = 50


@product_page(Permission.SEE_PEOPLE)
def users(request: HttpRequest, product: Product) -> HttpResponse:
    """`q` searches ids, `property` and `value` profiles; without any, everybody, page by page."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "property", "value")}
    number, opened = _page(request), store.current()
    searching = bool(asked["q"] or (asked["property"] and asked["value"]))
    if searching:
        found = people.search(
            opened, product, text=asked["q"], key=asked["property"], value=asked["value"]
        )
    else:
        found = people.listing(opened, product, limit=PAGE, offset=(number - 1) * PAGE)
    pages = 1 if searching else max(1, math.ceil(found.total / PAGE))
    context = {
        **asked,
        "found": found,
        "searching": searching,
        "properties": _properties(product),
        "tag_choices": choices(product) if searching else [],
        "number": number,
        "pages": pages,
        "previous": number - 1 if 1 < number <= pages + 1 else None,
        "next": number + 1 if number < pages else None,
    }
    return render(request, "audience/users/page.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, min(int(text), 1_000_000)) if text.isdecimal() and len(text) < 8 else 1


def _properties(product: Product) -> list[tuple[str, str]]:
    """Names and labels of the properties of users."""
    rows = PropertyDefinition.objects.filter(product=product, of="user", hidden=False)
    names, labels = rows.order_by("name").values_list("name", flat=True)[:500], Labels(product)
    return [(name, labels.user_property(name)) for name in names]
