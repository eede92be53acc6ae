"""Pages of policies: the list in its order with terms of teams, and the form."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.feedback.clocks import actions
from userops.feedback.clocks.form import PolicyForm, TeamForm, hours, initial_of, minutes
from userops.feedback.clocks.models import Policy, Recomputing, TeamTerms
from userops.feedback.sorting.models import Team
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.roles import Permission

MANAGE = Permission.MANAGE_DESK


@product_page(Permission.HANDLE_TICKETS)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """In the order in which they are tried, and the teams' own clocks."""
    recomputing = Recomputing.objects.filter(product=product).first()
    if request.headers.get("HX-Request"):
        return render(
            request, "feedback/clocks/policies.html#recomputing", {"recomputing": recomputing}
        )
    rows = Policy.objects.filter(product=product).select_related("calendar")
    terms = {each.team_id: each for each in TeamTerms.objects.filter(team__product=product)}
    context = {
        "recomputing": recomputing,
        "rows": rows.prefetch_related("categories"),
        "teams": [
            (team, _team_form(product, terms.get(team.pk)))
            for team in Team.objects.filter(product=product)
        ],
    }
    return render(request, "feedback/clocks/policies.html", context)


def _team_form(product: Product, terms: TeamTerms | None) -> TeamForm:
    initial = {"minutes": hours(terms.minutes), "calendar": terms.calendar_id} if terms else {}
    return TeamForm(product=product, initial=initial, auto_id=False)


@product_page(MANAGE)
def create(request: HttpRequest, product: Product) -> HttpResponse:
    """The empty form, and what comes of it."""
    form = PolicyForm(request.POST or None, product=product, initial=initial_of(None))
    if request.method == "POST" and form.is_valid():
        try:
            actions.create_policy(product, form.wanted(), acting_user=member(request))
            return redirect("clocks:policies", product.slug)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "feedback/clocks/form.html", {"form": form, "policy": None})


@product_page(MANAGE)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The form of one."""
    policy = get_object_or_404(Policy, product=product, pk=pk)
    form = PolicyForm(request.POST or None, product=product, initial=initial_of(policy))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_policy(policy, form.wanted(), acting_user=member(request))
            return redirect("clocks:policies", product.slug)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "feedback/clocks/form.html", {"form": form, "policy": policy})


@require_POST
@product_page(MANAGE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: up, down, on, off, delete."""
    policy = get_object_or_404(Policy, product=product, pk=pk)
    user, do = member(request), request.POST.get("do", "")
    acts = {
        "up": lambda: actions.move_policy(policy, up=True, acting_user=user),
        "down": lambda: actions.move_policy(policy, up=False, acting_user=user),
        "on": lambda: actions.switch_policy(policy, active=True, acting_user=user),
        "off": lambda: actions.switch_policy(policy, active=False, acting_user=user),
        "delete": lambda: actions.delete_policy(policy, acting_user=user),
    }
    if do in acts:
        done = _("“%s” is deleted.") % policy.name if do == "delete" else ""
        carried_out(request, acts[do], done)
    return redirect("clocks:policies", product.slug)


@require_POST
@product_page(MANAGE)
def team(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """A team's own clock."""
    found = get_object_or_404(Team, product=product, pk=pk)
    form = TeamForm(request.POST, product=product)
    if form.is_valid():
        given = form.cleaned_data
        carried_out(
            request,
            lambda: actions.set_team_terms(
                found,
                calendar=given["calendar"],
                minutes=minutes(given["minutes"]),
                acting_user=member(request),
            ),
            _("Saved."),
        )
    return redirect("clocks:policies", product.slug)
