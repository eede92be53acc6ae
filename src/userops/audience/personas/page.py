"""The pages of personas: the sets, one with its cards and movement, a card and its parts, cards compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.analyses.answering import parse
from userops.audience.personas import actions, charts, showing
from userops.audience.personas.models import Card, PersonaSet, Schedule
from userops.audience.personas.parts import BY_NAME, PARTS
from userops.errors import NotFound, UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.insights.builder.choices import Choices
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission


def find(product: Product, pk: int) -> PersonaSet:
    try:
        return actions.find(product, pk)
    except NotFound:
        raise Http404(pk) from None


def find_card(product: Product, pk: int, card: int) -> Card:
    try:
        return actions.find_card(find(product, pk), card)
    except NotFound:
        raise Http404(card) from None


def _event_labels(product: Product) -> Mapping[str, str]:
    return Choices(product, reader_language()).event_labels


@product_page(Permission.VIEW)
def personas(request: HttpRequest, product: Product) -> HttpResponse:
    rows = PersonaSet.objects.filter(product=product).select_related("owner")
    context = {"rows": [(each, showing.cards_of(each)) for each in rows], "schedules": Schedule}
    return render(request, "audience/personas/list.html", context)


@require_POST
@product_page(Permission.ANALYSE)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    """A set with the usual question, run in the background."""
    try:
        found = actions.create_set(
            product,
            name=request.POST.get("name", ""),
            document=showing.document_of(request.POST),
            schedule=request.POST.get("schedule", ""),
            acting_user=member(request),
        )
        actions.ask_for_run(found, acting_user=member(request))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return redirect("audience:personas", product.slug)
    return redirect("audience:persona-set", product.slug, found.pk)


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = find(product, pk)
    run = found.newest()
    moves = showing.moves_of(found, run, reader_language()) if run else []
    context = {
        "set": found,
        "run": run,
        "cards": showing.cards_of(found),
        "gone": found.cards.filter(gone=True),
        "moves": charts.movement(moves),
        "moved_rows": moves,
        "moved": showing.moved(run) if run else None,
        "runs": found.runs.all()[:20],
        "schedules": Schedule.choices,
        "address": showing.address(found),
    }
    name = "state" if request.headers.get("HX-Request") else "one"
    return render(request, f"audience/personas/{name}.html", context)


@require_POST
@product_page(Permission.ANALYSE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Run it, say when it runs, delete it."""
    found, user = find(product, pk), member(request)
    do = request.POST.get("do")
    if do == "run":
        actions.ask_for_run(found, acting_user=user)
    elif do == "schedule":
        actions.set_schedule(found, request.POST.get("schedule", ""), acting_user=user)
        messages.success(request, _("Saved."))
    elif do == "delete":
        actions.delete_set(current(), found, acting_user=user)
        messages.success(request, _("The persona set is deleted."))
        return redirect("audience:personas", product.slug)
    return redirect("audience:persona-set", product.slug, pk)


@product_page(Permission.VIEW)
def compare(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = find(product, pk)
    cards = showing.cards_of(found)
    rows = showing.compared(product, cards, _event_labels(product))
    context = {"set": found, "cards": cards, "rows": rows}
    return render(request, "audience/personas/compare.html", context)


@product_page(Permission.VIEW)
def card(request: HttpRequest, product: Product, pk: int, card: int) -> HttpResponse:
    found = find_card(product, pk, card)
    others = [each.group for each in showing.cards_of(found.persona_set) if each.pk != found.pk]
    labels = _event_labels(product)
    context = {
        "card": found,
        "set": found.persona_set,
        "run": found.persona_set.newest(),
        "traits": showing.traits(found, labels),
        "rhythm": charts.rhythm(found.group, others),
        "parts": PARTS,
    }
    return render(request, "audience/personas/card.html", context)


@require_POST
@product_page(Permission.ANALYSE)
def edit(request: HttpRequest, product: Product, pk: int, card: int) -> HttpResponse:
    """What a person writes on a card."""
    found = find_card(product, pk, card)
    wanted = {
        name: request.POST[name]
        for name in ("name", "name_zh", "name_en", "description", "needs", "action")
        if name in request.POST
    }
    try:
        actions.change_card(current(), found, wanted, acting_user=member(request))
        messages.success(request, _("Saved."))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("audience:persona", product.slug, pk, card)


@product_page(Permission.VIEW)
def part(request: HttpRequest, product: Product, pk: int, card: int, part: str) -> HttpResponse:
    """One section of a card: an answer about its people."""
    found = find_card(product, pk, card)
    if part == "people":
        people = showing.representatives(current(), found)
        return render(request, "audience/personas/people.html", {"people": people})
    if part not in (*BY_NAME, "needs"):
        raise Http404(part)
    context: dict[str, Any] = {"card": found, "part": part}
    try:
        document = showing.document_for(current(), found, part)
        if document is not None:
            _analysis, question = parse(document)
            context |= showing.answered(product, question, str(request.user.pk))
            if part == "needs":
                context["advice"] = showing.advised(found, context["answer"].result)
    except UserOpsError as wrong:
        context["failed"] = wrong
    return render(request, "audience/personas/part.html", context)
