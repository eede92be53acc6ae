"""The list of surveys, a new one, and what is done with one as a whole."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.experience.surveys import actions
from userops.experience.surveys.models import Budget, Response, Survey
from userops.experience.surveys.pages.finding import find
from userops.experience.surveys.results.dataset import read
from userops.experience.surveys.results.scoring import Score, score
from userops.experience.surveys.templates import TEMPLATES
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission

HEADLINE = ("nps", "csat", "ces", "rating")


@product_page(Permission.VIEW)
def surveys(request: HttpRequest, product: Product) -> HttpResponse:
    """All of a product, the newest first, each with its headline score."""
    done = Count("responses", filter=Q(responses__state=Response.State.COMPLETED))
    rows = Survey.objects.filter(product=product).annotate(done=done)
    context = {
        "rows": [
            (row, headline(row)) for row in rows.select_related("version", "owner", "product")
        ],
        "budget": Budget.objects.filter(product=product).first() or Budget(),
    }
    return render(request, "experience/surveys/pages/list.html", context)


def headline(survey: Survey) -> Score | None:
    """The score of its first scored question."""
    question = next((q for q in survey.document.questions if q.kind in HEADLINE), None)
    if question is None or survey.version is None:
        return None
    data = read(survey)
    found = score(question, data.answers(question.key))
    return found if found.answered >= data.least else None


@product_page(Permission.RUN_SURVEYS)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    """Choose a template and a name."""
    if request.method == "POST":
        try:
            made = actions.create_survey(
                product,
                request.POST.get("name", ""),
                template=request.POST.get("template", ""),
                acting_user=member(request),
            )
            return redirect("surveys:edit", product.slug, made.pk)
        except UserOpsError as wrong:
            messages.error(request, said(wrong))
    templates = [(name, title, what) for name, (title, what, _make) in TEMPLATES.items()]
    return render(request, "experience/surveys/pages/new.html", {"templates": templates})


@require_POST
@product_page(Permission.RUN_SURVEYS)
def budget(request: HttpRequest, product: Product) -> HttpResponse:
    """How often all surveys together may ask one person."""
    most, days = (request.POST.get(name, "") for name in ("most", "days"))
    try:
        actions.set_budget(
            product,
            most=int(most) if most.isdecimal() and len(most) < 5 else 0,
            days=int(days) if days.isdecimal() and len(days) < 5 else 0,
            acting_user=member(request),
        )
        messages.success(request, _("Saved."))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("surveys:list", product.slug)


@require_POST
@product_page(Permission.RUN_SURVEYS)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: publish, pause, resume, close, copy, send or delete."""
    survey = find(product, pk)
    do = request.POST.get("do", "")
    try:
        if do == "delete":
            actions.delete_survey(survey, acting_user=member(request))
            messages.success(request, _("“%s” is deleted.") % survey.name)
            return redirect("surveys:list", product.slug)
        if do == "copy":
            name = _("%s (copy)") % survey.name
            made = actions.copy_survey(survey, name, acting_user=member(request))
            return redirect("surveys:edit", product.slug, made.pk)
        if do in _DOES:
            messages.success(request, _DOES[do](request, survey))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    place = "surveys:asking" if do in ("publish", "send") else "surveys:one"
    return redirect(place, product.slug, survey.pk)


def _publish(request: HttpRequest, survey: Survey) -> str:
    row = actions.publish(survey, acting_user=member(request))
    number = row.version.number if row.version else 0
    return _("Version %(number)s is asked from now on.") % {"number": number}


def _pause(request: HttpRequest, survey: Survey) -> str:
    actions.set_state(survey, Survey.State.PAUSED, acting_user=member(request))
    return _("It is paused: nobody is asked, and nobody can answer.")


def _resume(request: HttpRequest, survey: Survey) -> str:
    actions.set_state(survey, Survey.State.RUNNING, acting_user=member(request))
    return _("It runs again.")


def _close(request: HttpRequest, survey: Survey) -> str:
    actions.set_state(survey, Survey.State.CLOSED, acting_user=member(request))
    return _("It is closed.")


def _send(request: HttpRequest, survey: Survey) -> str:
    found = actions.send_invitations(current(), survey, acting_user=member(request))
    return _("Mails to %(n)s users are on their way.") % {"n": len(found.eligible)}


_DOES: dict[str, Callable[[HttpRequest, Survey], str]] = {
    "publish": _publish, "pause": _pause, "resume": _resume, "close": _close, "send": _send,
}  # fmt: skip
