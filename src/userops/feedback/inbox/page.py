"""The inbox as a page: tickets found, watched, handled many at once, kept as views, taken out as files."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, quote

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.events.models import Product
from userops.feedback.inbox import actions, listing
from userops.feedback.inbox.choices import CHANGES, is_key, menus
from userops.feedback.inbox.exporting import exported
from userops.feedback.inbox.filters import Filters
from userops.feedback.inbox.models import SavedView
from userops.feedback.inbox.news import newest, news
from userops.feedback.inbox.piles import piles
from userops.feedback.inbox.rows import Rows
from userops.feedback.requirements.actions import found as find_requirement
from userops.feedback.requirements.actions import link_tickets
from userops.feedback.tickets.actions import Change
from userops.insights.exporting import FORMATS
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission

HANDLE = Permission.HANDLE_TICKETS
COUNTS_STAND = 5
"""Seconds that the counts of an open inbox may lag behind."""


@product_page(HANDLE)
def inbox(request: MemberRequest, product: Product) -> HttpResponse:
    """A page of tickets; scripts ask for the list alone."""
    since, state = newest()
    filters = Filters.read(request.GET.dict())
    context = _found(request, product, filters) | {
        "piles": piles(product, request.user, state),
        "since": since,
    }
    if request.htmx:
        return render(request, "feedback/inbox/list.html#tickets", context)
    context |= {"choices": menus(product, asdict(filters)), "views": _views(request, product)}
    return render(request, "feedback/inbox/list.html", context)


@product_page(HANDLE)
def live(request: MemberRequest, product: Product) -> HttpResponse:
    """What changed in a list `since` an event: its rows as they are now, and what left it."""
    since, state = newest()
    given = request.GET.get("since", "")
    if given == str(since):
        return HttpResponse(status=204)
    filters = Filters.read(request.GET.dict())
    found = news(filters, product, request.user, int(given)) if is_key(given) else None
    if found is None:
        return JsonResponse({"anew": True})
    told: dict[str, Any] = {"since": since}
    if found.here or found.gone:
        rows = _rows(request, product, filters).of(found.here)
        counts = piles(product, request.user, state, old=COUNTS_STAND)
        told |= {
            "rows": [asdict(each) for each in rows],
            "gone": found.gone,
            "counts": {each.name: each.count for each in counts},
        }
    return JsonResponse(told)


def _rows(request: MemberRequest, product: Product, filters: Filters) -> Rows:
    return Rows(product, filters.order, see_contacts=Permission.SEE_PEOPLE in request.granted)


def _found(request: MemberRequest, product: Product, filters: Filters) -> dict[str, Any]:
    after = request.GET.get("after", "")
    found = listing.page(filters, product, request.user, after=after)
    return {
        "filters": filters,
        "query": filters.query(),
        "after": after,
        "found": found,
        "rows": _rows(request, product, filters).of(found.rows),
        "counted": listing.COUNTED,
    }


def _views(request: MemberRequest, product: Product) -> list[SavedView]:
    own = Q(owner=request.user) | Q(shared=True)
    return list(SavedView.objects.filter(own, product=product).select_related("owner"))


def _back(product: Product, query: str) -> HttpResponse:
    address = reverse("inbox:list", args=[product.slug])
    kept = Filters.read(dict(parse_qsl(query))).query()
    return redirect(f"{address}?{kept}" if kept else address)


def numbers_in(given: QueryDict, name: str = "ticket") -> list[int]:
    """The ticket numbers of a form."""
    return [int(each) for each in given.getlist(name) if each.isdecimal() and len(each) < 16]


@require_POST
@product_page(HANDLE)
def many(request: HttpRequest, product: Product) -> HttpResponse:
    """One field of all chosen tickets."""
    numbers, query = numbers_in(request.POST), request.POST.get("query", "")
    field, value = request.POST.get("field", ""), request.POST.get("value", "")
    if field == "requirement" and numbers and is_key(value):
        return _asked_for(request, product, int(value), numbers, query)
    if field not in CHANGES or not numbers:
        return _back(product, query)
    change = Change(**{field: CHANGES[field](value, member(request))})
    done: list[actions.Outcome] = []
    carried_out(
        request,
        lambda: done.append(
            actions.change_many(product, numbers, change, acting_user=member(request))
        ),
    )
    for outcome in done:
        _tell(request, outcome)
    return _back(product, query)


def _asked_for(
    request: HttpRequest, product: Product, requirement: int, numbers: list[int], query: str
) -> HttpResponse:
    """All chosen tickets ask for a requirement."""
    user = member(request)
    carried_out(
        request,
        lambda: link_tickets(find_requirement(product, requirement), numbers, acting_user=user),
        _("The tickets are linked to the requirement."),
    )
    return _back(product, query)


def _tell(request: HttpRequest, outcome: actions.Outcome) -> None:
    from django.contrib import messages

    from userops.workspace.forms import said

    count = len(outcome.done)
    text = ngettext("%(n)s ticket changed.", "%(n)s tickets changed.", count)
    messages.success(request, text % {"n": count})
    for number, wrong in list(outcome.refused.items())[:3]:
        messages.error(request, f"#{number}: {said(wrong)}")


@require_POST
@product_page(HANDLE)
def save_view(request: HttpRequest, product: Product) -> HttpResponse:
    query = request.POST.get("query", "")
    filters = Filters.read(dict(parse_qsl(query)))
    name, shared = request.POST.get("name", ""), request.POST.get("shared") == "on"
    carried_out(
        request,
        lambda: actions.save_view(
            product, name, filters, shared=shared, acting_user=member(request)
        ),
        _("The view is kept."),
    )
    return _back(product, query)


@require_POST
@product_page(HANDLE)
def delete_view(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    own = Q(owner=member(request)) | Q(shared=True)
    view = get_object_or_404(SavedView, own, product=product, pk=pk)
    carried_out(
        request,
        lambda: actions.delete_view(view, acting_user=member(request)),
        _("“%s” is deleted.") % view.name,
    )
    return _back(product, "")


@product_page(HANDLE)
def export(request: HttpRequest, product: Product, extension: str) -> HttpResponse:
    """What the filters find as a file; noted in the audit log."""
    if extension not in FORMATS:
        raise Http404(extension)
    filters = Filters.read(request.GET.dict())
    table = exported(filters, product, extension, acting_user=member(request))
    form, language = FORMATS[extension], get_language() or "zh"
    definition = _("Tickets of the inbox: %s") % (filters.query() or _("All active"))
    response = HttpResponse(form.write(table, language, definition), content_type=form.media_type)
    name = quote(f"{product.slug}-tickets.{form.extension}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
