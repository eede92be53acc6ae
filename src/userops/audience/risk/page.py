"""The page of churn risk: how many in which band, who is at most risk, and whether the chances are right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.audience.risk import actions, tasks
from userops.audience.risk.models import RiskState
from userops.audience.risk.refreshing import CHANCE, band_words, state_of
from userops.audience.segments.members import Shown, shown_people
from userops.errors import UserOpsError
from userops.events import facts, store
from userops.events.models import EventDefinition, Product
from userops.insights.builder.choices import Choices
from userops.words import Words
from userops.workspace.access import check, member, permissions_in, product_page
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission

MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class AtRisk:
    who: Shown
    chance: float
    reasons: list[Words]


@product_page(Permission.VIEW)
def risk(request: HttpRequest, product: Product) -> HttpResponse:
    state = state_of(product)
    found: dict[str, Any] = state.found
    reason = found.get("reason")
    context = {
        "state": state,
        "reason": Words(**reason) if reason else None,
        "bands": [{**each, "words": band_words(each["band"])} for each in found.get("bands", [])],
        "used": next((each for each in found.get("metrics", []) if each["used"]), None),
        "test": found.get("test"),
        "people": at_risk(request, product, state),
        "events": _events(product),
    }
    return render(request, "audience/risk/page.html", context)


def _events(product: Product) -> list[tuple[str, str]]:
    """Names and display names, in the order of what is shown."""
    rows = EventDefinition.objects.filter(product=product, hidden=False).order_by("name")
    labels = Choices(product, reader_language()).event_labels
    found = [(row.name, labels.get(row.name, row.name)) for row in rows[:MOST_EVENTS]]
    return sorted(found, key=lambda each: each[1].lower())


def at_risk(request: HttpRequest, product: Product, state: RiskState) -> list[AtRisk]:
    """Those of the highest risk who still have a chance: who was erased or merged away since is left out."""
    if not state.found.get("top"):
        return []
    listed = [each["person"] for each in state.found["top"]]
    there = facts.read(store.current(), product, CHANCE.name, listed)
    top = {each["person"]: each for each in state.found["top"] if each["person"] in there}
    see = Permission.SEE_PEOPLE in permissions_in(member(request), product)
    return [
        AtRisk(
            shown,
            top[shown.person]["chance"],
            [Words(**each) for each in top[shown.person]["reasons"]],
        )
        for shown in shown_people(product, list(top), see=see)
    ]


@require_POST
@product_page(Permission.ANALYSE)
def refresh(request: HttpRequest, product: Product) -> HttpResponse:
    """Keep what is predicted, and predict in the background."""
    user = member(request)
    check(user, product, Permission.ANALYSE)
    window = request.POST.get("window", "")
    try:
        actions.set_settings(
            product,
            request.POST.get("event", "*").strip() or "*",
            int(window) if window.isdecimal() and len(window) < 6 else 0,
            acting_user=user,
        )
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    else:
        tasks.refresh_risk_of(product.pk, user.pk)
        messages.success(request, _("The risk is being computed; the page shows it in a moment."))
    return redirect("audience:risk", product=product.slug)
