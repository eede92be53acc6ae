"""The page of computed facts: what each is, of how many people it is known, how it is spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.audience.facts import actions, tasks
from userops.audience.facts.definitions import FACTS, Fact, sentence_of
from userops.audience.facts.form import SettingsForm
from userops.audience.facts.models import FactState
from userops.audience.facts.refreshing import state_of
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.words import Words
from userops.workspace.access import check, member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

TOP = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact for the page. `top`: words, people and share of the most frequent values."""

    fact: Fact
    sentence: Words
    people: int
    share: float | None
    top: list[tuple[Words, int, float]]
    rest: int
    different: int
    quantiles: list[Any]


@product_page(Permission.VIEW)
def facts(request: HttpRequest, product: Product) -> HttpResponse:
    state = state_of(product)
    context = {
        "state": state,
        "rows": [shown(fact, state) for fact in FACTS],
        "form": SettingsForm(product=product, state=state),
    }
    return render(request, "audience/facts/list.html", context)


def shown(fact: Fact, state: FactState) -> Shown:
    found = state.summaries.get(fact.name, {})
    people = found.get("people", 0)
    top = [
        (fact.shown(value), count, count / people) for value, count in found.get("top", [])[:TOP]
    ]
    return Shown(
        fact=fact,
        sentence=sentence_of(fact, state.lifecycle_days),
        people=people,
        share=people / state.people if state.people else None,
        top=top,
        rest=people - sum(count for _words, count, _share in top) if top else 0,
        different=found.get("different", 0),
        quantiles=found.get("quantiles", []),
    )


@require_POST
@product_page(Permission.ANALYSE)
def refresh(request: HttpRequest, product: Product) -> HttpResponse:
    """Compute the facts in the background."""
    check(member(request), product, Permission.ANALYSE)
    tasks.refresh_facts_of(product.pk)
    messages.success(request, _("The facts are being computed; the page shows them in a moment."))
    return redirect("audience:facts", product=product.slug)


@require_POST
@product_page(Permission.MANAGE_DATA)
def configure(request: HttpRequest, product: Product) -> HttpResponse:
    form = SettingsForm(request.POST, product=product, state=state_of(product))
    if form.is_valid():
        try:
            actions.set_settings(product, form.wanted(), acting_user=member(request))
            tasks.refresh_facts_of(product.pk)
            messages.success(request, _("Saved. The facts are being computed anew."))
        except UserOpsError as wrong:
            messages.error(request, said(wrong))
    else:
        messages.error(request, " ".join(form.errors.as_text().split()))
    return redirect("audience:facts", product=product.slug)
