"""Saved analyses: the list, and what is done with one."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.analyses.registry import BY_KIND
from userops.errors import DocumentError, UserOpsError
from userops.events.models import Product
from userops.insights import actions
from userops.insights.builder.question import address_of, read
from userops.insights.models import Dashboard, SavedAnalysis
from userops.query.document import Document
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.roles import Permission


@product_page(Permission.VIEW)
def saved(request: HttpRequest, product: Product) -> HttpResponse:
    """The shared ones, and the reader's own."""
    rows = SavedAnalysis.objects.filter(product=product).select_related("owner")
    shown = rows.filter(Q(shared=True) | Q(owner=member(request)))
    found = [
        (each, BY_KIND[each.kind].words, actions.may_change(each, member(request)))
        for each in shown.annotate(on=Count("cards")).order_by("-updated")
        if each.kind in BY_KIND
    ]
    return render(
        request, "insights/saved/page.html", {"rows": found, "kinds": list(BY_KIND.values())}
    )


@product_page(Permission.VIEW)
def new(request: HttpRequest, product: Product, kind: str) -> HttpResponse:
    """A fresh question of a kind."""
    if kind not in BY_KIND:
        raise Http404(kind)
    return redirect(f"insights:{kind}", product.slug)


def find(request: HttpRequest, product: Product, pk: int) -> SavedAnalysis:
    """A saved analysis that this reader may see, or 404."""
    found = SavedAnalysis.objects.filter(product=product, pk=pk).first()
    if found is None or not actions.visible(found, member(request)):
        raise Http404(pk)
    return found


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Open it: its document's page."""
    return redirect(page_of(find(request, product, pk)))


def page_of(analysis: SavedAnalysis) -> str:
    """The address of a saved analysis. One whose document is not valid any more shows its error."""
    try:
        address = address_of(analysis.document)
    except DocumentError:
        path = reverse(f"insights:{analysis.kind}", kwargs={"product": analysis.product.slug})
        address = f"{path}?{urlencode({'q': json.dumps(analysis.document)})}"
    return f"{address}&saved={analysis.pk}" if "?" in address else f"{address}?saved={analysis.pk}"


def asked(product: Product, kind: str, query: str) -> dict[str, Any]:
    """The document of a builder's parameters. Raises `DocumentError`."""
    analysis = BY_KIND.get(kind)
    question = read(analysis, product, QueryDict(query)) if analysis else None
    if question is None or question.document is None:
        raise (question.error if question else None) or DocumentError(
            Words("没有这种分析。", "There is no such analysis."), code="kind_unknown"
        )
    document: Document = question.document
    return document.as_json()


@require_POST
@product_page(Permission.ANALYSE)
def save(request: HttpRequest, product: Product) -> HttpResponse:
    """Keep the question on the page, and put it on a dashboard when one is chosen."""
    form = request.POST
    kept = actions.save_analysis(
        product,
        asked(product, form.get("kind", ""), form.get("question", "")),
        form.get("name", ""),
        description=form.get("description", ""),
        shared=form.get("shared") == "true",
        acting_user=member(request),
    )
    messages.success(request, _("Saved as “%s”.") % kept.name)
    dashboard = _dashboard(request, product, kept)
    if dashboard is None:
        return redirect(page_of(kept))
    actions.add_card(dashboard, kept, acting_user=member(request))
    return redirect("insights:dashboard", product.slug, dashboard.pk)


def _dashboard(request: HttpRequest, product: Product, kept: SavedAnalysis) -> Dashboard | None:
    chosen = request.POST.get("dashboard", "")
    if chosen == "new":
        return actions.create_dashboard(product, kept.name, acting_user=member(request))
    return (
        Dashboard.objects.filter(product=product, pk=chosen).first() if chosen.isdecimal() else None
    )


@require_POST
@product_page(Permission.ANALYSE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Another question under the same name, or another name."""
    found = find(request, product, pk)
    form = request.POST
    if "question" in form:
        document = asked(product, found.kind, form["question"])
        actions.change_analysis(found, document=document, acting_user=member(request))
    else:
        actions.change_analysis(
            found,
            name=form.get("name", ""),
            description=form.get("description", ""),
            shared=form.get("shared") == "true",
            acting_user=member(request),
        )
    messages.success(request, _("Saved."))
    return redirect(page_of(found))


@require_POST
@product_page(Permission.ANALYSE)
def delete(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = find(request, product, pk)
    actions.delete_analysis(found, acting_user=member(request))
    messages.success(request, _("“%s” is deleted.") % found.name)
    return redirect("insights:saved", product.slug)


@require_POST
@product_page(Permission.ANALYSE)
def delete_many(request: HttpRequest, product: Product) -> HttpResponse:
    """The chosen ones of the list; those that the reader may not change are kept and counted."""
    kept = 0
    chosen = [int(each) for each in request.POST.getlist("chosen") if each.isdecimal()]
    for found in SavedAnalysis.objects.filter(product=product, pk__in=chosen):
        try:
            actions.delete_analysis(found, acting_user=member(request))
        except UserOpsError:
            kept += 1
    if kept:
        messages.warning(request, _("%s of them are not yours and were kept.") % kept)
    return redirect("insights:saved", product.slug)
