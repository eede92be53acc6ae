"""The overview of a product: its vital figures, what happens most, how fresh the data is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.insights.models import Dashboard
from userops.insights.overview.figures import Asking, figures_of, groups, top_events
from userops.insights.overview.period import freshness, period_of
from userops.query.scope import Scope
from userops.workspace.access import product_page
from userops.workspace.roles import Permission

TOP = "top"


@product_page(Permission.VIEW)
def overview(request: HttpRequest, product: Product) -> HttpResponse:
    """The frame of the page; the figures load side by side."""
    fresh = freshness(current(), product.pk)
    context: dict[str, Any] = {
        "freshness": fresh,
        "period": period_of(product, fresh),
        "groups": groups(),
        "dashboards": Dashboard.objects.filter(product=product).order_by("-updated")[:5],
        "sources_href": _href("collect:sources", product),
        "imports_href": _href("collect:imports", product),
    }
    return render(request, "insights/overview/page.html", context)


def _href(name: str, product: Product) -> str:
    try:
        return reverse(name, kwargs={"product": product.slug})
    except NoReverseMatch:
        return ""


@product_page(Permission.VIEW)
def group(request: HttpRequest, product: Product, group: str) -> HttpResponse:
    """One group of figures, as a fragment."""
    if group != TOP and group not in groups():
        raise Http404(group)
    store = current()
    asking = Asking(store, product, period_of(product, freshness(store, product.pk)))
    if group == TOP:
        return render(
            request,
            "insights/overview/page.html#top",
            {"events": top_events(asking, _scope(asking))},
        )
    try:
        context = {"figures": figures_of(group, asking)}
    except UserOpsError as wrong:
        context = {"failed": wrong}  # type: ignore[dict-item]
    return render(request, "insights/overview/page.html#figures", context)


def _scope(asking: Asking) -> Scope:
    facts = asking.store.facts(asking.product.slug)
    return Scope(
        engine=asking.store.engine,
        product=facts.id,
        slug=facts.slug,
        timezone=facts.timezone,
        merged=facts.merged,
        now=datetime.now(UTC),
        personal=lambda: asking.store.personal(facts.id),
    )
