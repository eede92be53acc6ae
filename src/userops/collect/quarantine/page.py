"""The quarantine: what was refused and why; export, mend, replay, throw away."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from userops.collect import actions
from userops.events import quarantine as rows_of
from userops.events import store
from userops.events.limits import BY_CODE
from userops.events.models import Product
from userops.workspace.access import product_page
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission

PAGE = 50


@product_page(Permission.MANAGE_DATA)
@require_GET
def quarantine(request: MemberRequest, product: Product) -> HttpResponse:
    code, door = request.GET.get("code", ""), request.GET.get("door", "")
    language = request.LANGUAGE_CODE
    groups = [(group, _reason(group.code, language)) for group in rows_of.groups(product)]
    page = Paginator(rows_of.waiting(product, code, door), PAGE).get_page(request.GET.get("page"))
    shown = [(row, _reason(row.code, language)) for row in page]
    context = {"groups": groups, "page": page, "shown": shown, "code": code, "door": door}
    return render(request, "collect/quarantine/page.html", context)


def _reason(code: str, language: str) -> str:
    reason = BY_CODE.get(code)
    return reason.words.text(language) if reason else code


@product_page(Permission.EXPORT_PEOPLE)
@require_GET
def export(request: MemberRequest, product: Product) -> StreamingHttpResponse:
    code, door = request.GET.get("code", ""), request.GET.get("door", "")
    lines = rows_of.export_csv(rows_of.waiting(product, code, door).iterator(chunk_size=1_000))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="quarantine-{product.slug}.csv"'
    return response


@product_page(Permission.MANAGE_DATA)
@require_POST
def replay(request: MemberRequest, product: Product) -> HttpResponse:
    """One row, with its text as edited; or all rows of a reason as they are."""
    rows = rows_of.waiting(product, request.POST.get("code", ""), request.POST.get("door", ""))
    if row := request.POST.get("row"):
        rows = rows.filter(pk=int(row) if row.isdecimal() else 0)
    found = list(rows[:10_000])
    if "raw" in request.POST and len(found) == 1:
        found[0].raw = request.POST["raw"].strip()
        found[0].save(update_fields=["raw"])
    outcome = rows_of.replay(store.current().ingest, product, found)
    refused = sum(outcome.refused.values())
    if outcome.taken:
        text = ngettext("%(n)d row is taken in.", "%(n)d rows are taken in.", outcome.taken)
        messages.success(request, text % {"n": outcome.taken})
    if refused:
        text = ngettext("%(n)d row is still refused.", "%(n)d rows are still refused.", refused)
        messages.warning(request, text % {"n": refused})
    return redirect("collect:quarantine", product.slug)


@product_page(Permission.ERASE)
@require_POST
def discard(request: MemberRequest, product: Product) -> HttpResponse:
    count = actions.discard_rows(product, request.POST.getlist("code"), acting_user=request.user)
    messages.success(request, _("%(n)d rows are thrown away.") % {"n": count})
    return redirect("collect:quarantine", product.slug)
