"""One pain point: evidence, tickets, impact, balance, trend, history; and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.annotations.marks import annotated
from userops.annotations.models import Annotation
from userops.events.models import Product
from userops.events.store import current
from userops.experience.pain_points import actions
from userops.experience.pain_points import people as behind
from userops.experience.pain_points.linking import KINDS, linked
from userops.experience.pain_points.models import PainPoint, Run, Status
from userops.experience.pain_points.pages.asking import find
from userops.experience.pain_points.pages.chart import trend
from userops.experience.pain_points.pages.listing import file_of
from userops.experience.pain_points.pages.showing import comparisons, narrated, proposed
from userops.experience.pain_points.ranking import FORMULA, VERDICT_NOTES, ranked
from userops.experience.pain_points.running import of_product
from userops.experience.pain_points.telling import NOT_A_CAUSE, comparison_words, evidence_words
from userops.experience.pain_points.tickets import tickets_of
from userops.insights.exporting import FORMATS
from userops.text.personal_data import mask
from userops.workspace.access import member, permissions_in, product_page
from userops.workspace.acting import carried_out
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission

SHOWN, PAGE = 8, 50
ANNOTATIONS = 100


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    point = find(product, number)
    each = next(row for row in ranked(of_product(product)) if row.point == point)
    going = point.runs.going_on().first()
    context = {
        "point": point, "each": each, "run": each.run, "figures": each.figures, "going": going,
        "failed": None if going else _failed(point, each.run),
        "evidence": evidence_words(point), "statuses": Status.choices,
        "formula": FORMULA, "verdicts": VERDICT_NOTES, "not_a_cause": NOT_A_CAUSE,
        "links": linked(point), "kinds": KINDS.items(), "history": narrated(point),
        **_tickets(request, product, point), **_measured(product, each.run),
    }  # fmt: skip
    return render(request, "experience/pain_points/pages/one.html", context)


def _failed(point: PainPoint, run: Run | None) -> Run | None:
    """The newest run, where it failed after the one that is shown."""
    newest = point.runs.first()
    failed = newest is not None and newest.state == Run.State.FAILED and newest != run
    return newest if failed else None


def _tickets(request: HttpRequest, product: Product, point: PainPoint) -> dict[str, Any]:
    """Words of users only for those who handle tickets."""
    if Permission.HANDLE_TICKETS not in permissions_in(member(request), product):
        return {"tickets": None}
    rows = tickets_of(point)
    shown = [(row, mask(row.text)[:200]) for row in rows.order_by("-opened", "-pk")[:SHOWN]]
    notes = Annotation.objects.filter(product=product).order_by("-first")[:ANNOTATIONS]
    return {"tickets": shown, "ticket_count": rows.count(), "annotations": notes}


def _measured(product: Product, run: Run | None) -> dict[str, Any]:
    if run is None:
        return {}
    figures = run.told()
    language = reader_language()
    first = date.fromisoformat(figures["days"]["day"][0])
    return {
        "compared": comparisons(figures),
        "how": comparison_words(product, run.document),
        "chart": annotated(trend(figures["days"], language), product, first, "day"),
        "proposed": proposed(product, figures),
    }


@require_POST
@product_page(Permission.RUN_SURVEYS)
def change(request: HttpRequest, product: Product, number: int) -> HttpResponse:
    """`do`: compute, cancel, status, link or unlink."""
    point = find(product, number)
    if (do := _DOES.get(request.POST.get("do", ""))) is not None:
        carried_out(request, lambda: do(request, point))
    return redirect("pain_points:one", product.slug, number)


def _compute(request: HttpRequest, point: PainPoint) -> None:
    actions.ask_for_run(current(), point, acting_user=member(request))


def _cancel(request: HttpRequest, point: PainPoint) -> None:
    actions.cancel_run(point, acting_user=member(request))


def _status(request: HttpRequest, point: PainPoint) -> None:
    status, why = request.POST.get("status", ""), request.POST.get("why", "")
    actions.set_status(point, status, why=why, acting_user=member(request))
    messages.success(request, _("Saved."))


def _link(request: HttpRequest, point: PainPoint) -> None:
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    actions.link_thing(point, kind, key, acting_user=member(request))


def _unlink(request: HttpRequest, point: PainPoint) -> None:
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    actions.unlink_thing(point, kind, key, acting_user=member(request))


_DOES: dict[str, Callable[[HttpRequest, PainPoint], None]] = {
    "compute": _compute, "cancel": _cancel, "status": _status, "link": _link, "unlink": _unlink,
}  # fmt: skip


@product_page(Permission.SEE_PEOPLE)
def people(request: HttpRequest, product: Product, number: int, side: str) -> HttpResponse:
    """The users who are hit, or who complained, as it is known now."""
    point = find(product, number)
    if side not in behind.SIDES:
        raise Http404(side)
    persons = behind.persons_of(current(), point, side)
    page = Paginator(persons, PAGE).get_page(request.GET.get("page"))
    context = {
        "point": point, "side": side, "words": behind.SIDES[side], "total": len(persons),
        "page": page, "people": behind.page_of(current(), point, list(page.object_list)),
    }  # fmt: skip
    return render(request, "experience/pain_points/pages/people.html", context)


@product_page(Permission.SEE_PEOPLE)
def people_file(
    request: HttpRequest, product: Product, number: int, side: str, extension: str
) -> HttpResponse:
    point = find(product, number)
    if side not in behind.SIDES or extension not in FORMATS:
        raise Http404(side)
    table = behind.exported(current(), point, side, extension, acting_user=member(request))
    return file_of(table, extension, f"{product.slug}-pain-point-{number}-{side}")
