"""Dashboards: the list, one of them, its cards, and how they are arranged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.analyses.answering import parse
from userops.analyses.registry import BY_KIND
from userops.analyses.remembering import ARRIVED, asked_at
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.insights import actions
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import named_answer
from userops.insights.builder.page import query_id
from userops.insights.builder.parameters import pairs_of, pruned, tree_of
from userops.insights.builder.question import query_of
from userops.insights.builder.shapes import to_document, to_form
from userops.insights.builder.shown import shown_answer
from userops.insights.models import Card, Dashboard, SavedAnalysis
from userops.insights.saved.page import page_of
from userops.query.personal import Sight
from userops.workspace.access import member, product_page
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission
from userops.workspace.sight import sight_of


@product_page(Permission.VIEW)
def dashboards(request: HttpRequest, product: Product) -> HttpResponse:
    rows = Dashboard.objects.filter(product=product).select_related("owner")
    found = rows.annotate(size=Count("cards")).order_by("name")
    return render(request, "insights/dashboards/list.html", {"rows": found})


@require_POST
@product_page(Permission.ANALYSE)
def create(request: HttpRequest, product: Product) -> HttpResponse:
    made = actions.create_dashboard(
        product,
        request.POST.get("name", ""),
        description=request.POST.get("description", ""),
        acting_user=member(request),
    )
    return redirect("insights:dashboard", product.slug, made.pk)


def find(product: Product, pk: int) -> Dashboard:
    found = Dashboard.objects.filter(product=product, pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def asked_range(request: HttpRequest) -> dict[str, Any] | None:
    """The range in the address (`range.when=last:7:day` or `range.last=7`), as a document's."""
    pairs = [(name, str(value)) for name, value in request.GET.items() if name.startswith("range.")]
    found: dict[str, Any] | None = to_document(pruned(tree_of(pairs))).get("range")
    return found or None


@product_page(Permission.VIEW)
def dashboard(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Its cards; each loads its own answer."""
    found = find(product, pk)
    range_ = asked_range(request) or found.range
    user = member(request)
    mine = Q(shared=True) | Q(owner=user)
    cards = [
        card
        for card in found.cards.select_related("analysis", "analysis__product")
        if actions.visible(card.analysis, user)
    ]
    form = to_form({"range": range_})["range"] if range_ else {"when": ""}
    context = {
        "dashboard": found,
        "cards": cards,
        "range": form,
        "range_query": _query(range_),
        "own_range": asked_range(request) not in (None, found.range),
        "analyses": SavedAnalysis.objects.filter(mine, product=product).order_by("name"),
        "widths": actions.WIDTHS,
    }
    return render(request, "insights/dashboards/page.html", context)


def _query(range_: Mapping[str, Any] | None) -> str:
    from urllib.parse import urlencode

    return urlencode(pairs_of({"range": dict(range_)}), safe=":") if range_ else ""


@product_page(Permission.VIEW)
def card(request: HttpRequest, product: Product, pk: int, card: int) -> HttpResponse:
    """One card's answer, over the dashboard's range when it has one."""
    found = _card(request, product, pk, card)
    range_ = asked_range(request)
    context: dict[str, Any] = {"card": found, "href": page_of(found.analysis)}
    try:
        document = {**found.analysis.document, "product": product.slug}
        if range_:
            document["range"] = range_
        context |= _answered(request, product, found, document)
    except UserOpsError as wrong:
        context["failed"] = wrong
    return render(request, "insights/dashboards/card.html", context)


def _answered(
    request: HttpRequest, product: Product, found: Card, document: dict[str, Any]
) -> dict[str, Any]:
    choices = Choices(product, reader_language())
    analysis, question = parse(document)
    with asked_at(request.META.get(ARRIVED)):
        answered = named_answer(
            question, choices, current(), query_id(request), asker=str(request.user.pk),
            # the question is as somebody saved it who might: figures of people chosen so are for all
            sight=max(sight_of(request.granted), Sight.FILTERED),  # type: ignore[attr-defined]
        )  # fmt: skip
    path = reverse(f"insights:{analysis.kind}", kwargs={"product": product.slug})
    return {
        **shown_answer(answered, choices, query_of(question), who_allowed=False),
        "chart_id": f"card-{found.pk}",
        "href": f"{path}?{query_of(question)}&saved={found.analysis_id}",
    }


def _card(request: HttpRequest, product: Product, pk: int, card: int) -> Card:
    found = Card.objects.filter(dashboard__product=product, dashboard=pk, pk=card)
    one = found.select_related("analysis", "analysis__product", "dashboard__product").first()
    visible = one is not None and actions.visible(one.analysis, member(request))
    if one is None or not visible or one.analysis.kind not in BY_KIND:
        raise Http404(card)
    return one


@require_POST
@product_page(Permission.ANALYSE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Its name and description."""
    actions.change_dashboard(
        find(product, pk),
        name=request.POST.get("name", ""),
        description=request.POST.get("description", ""),
        acting_user=member(request),
    )
    return redirect("insights:dashboard", product.slug, pk)


@require_POST
@product_page(Permission.ANALYSE)
def keep_range(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Make the range on the page that of everyone; an empty one gives each card its own back."""
    pairs = [
        (name, str(value)) for name, value in request.POST.items() if name.startswith("range.")
    ]
    range_ = to_document(pruned(tree_of(pairs))).get("range")
    actions.set_range(find(product, pk), range_, acting_user=member(request))
    messages.success(request, _("The dashboard keeps this range."))
    return redirect("insights:dashboard", product.slug, pk)


@require_POST
@product_page(Permission.ANALYSE)
def delete(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = find(product, pk)
    actions.delete_dashboard(found, acting_user=member(request))
    messages.success(request, _("“%s” is deleted.") % found.name)
    return redirect("insights:dashboards", product.slug)


@require_POST
@product_page(Permission.ANALYSE)
def add(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Put a saved analysis on it."""
    chosen = request.POST.get("analysis", "")
    saved = SavedAnalysis.objects.filter(product=product, pk=chosen if chosen.isdecimal() else 0)
    found = saved.first()
    if found is None:
        raise Http404(chosen)
    actions.add_card(find(product, pk), found, acting_user=member(request))
    return redirect("insights:dashboard", product.slug, pk)


@require_POST
@product_page(Permission.ANALYSE)
def arrange(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`order`: ids of the cards, as they were dragged."""
    order = [int(each) for each in request.POST.get("order", "").split(",") if each.isdecimal()]
    actions.arrange(find(product, pk), order, acting_user=member(request))
    return HttpResponse(status=204)


@require_POST
@product_page(Permission.ANALYSE)
def change_card(request: HttpRequest, product: Product, pk: int, card: int) -> HttpResponse:
    """`do`: earlier, later, remove, or a width."""
    found = _card(request, product, pk, card)
    do, user = request.POST.get("do", ""), member(request)
    moves = {"earlier": -1, "later": 1}
    if do in moves:
        actions.move_card(found, moves[do], acting_user=user)
    elif do == "remove":
        actions.remove_card(found, acting_user=user)
    elif do.isdecimal():
        actions.resize_card(found, int(do), acting_user=user)
    return redirect(reverse("insights:dashboard", args=[product.slug, pk]) + f"#card-slot-{card}")
