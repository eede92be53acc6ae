"""Import of tickets: upload, say which column is what, look at the rows, count, run, mend what was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from userops.collect.imports import draft as drafts
from userops.errors import UserOpsError
from userops.events.importers.formats import detect_format
from userops.events.importers.reading import read_sample
from userops.events.importers.timeformats import NAMED
from userops.events.models import Product
from userops.feedback.channels.importing import actions
from userops.feedback.channels.importing.mapping import FIELDS, TicketMapping, proposed, sample_of
from userops.feedback.channels.importing.running import (
    preview,
    quarantine_file,
    quarantine_path,
    run,
)
from userops.feedback.channels.importing.undoing import is_left
from userops.feedback.channels.models import TicketImport
from userops.timezones import timezone_names
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.forms import said
from userops.workspace.roles import Permission

MOST_COUNTED = 20_000_000
"""Bytes of a file that is counted while the reader waits."""


@product_page(Permission.MANAGE_DATA)
@require_GET
def imports(request: HttpRequest, product: Product) -> HttpResponse:
    context = {"runs": product.ticket_imports.all()[:200]}
    return render(request, "feedback/channels/importing/list.html", context)


@product_page(Permission.MANAGE_DATA)
@require_POST
def upload(request: HttpRequest, product: Product) -> HttpResponse:
    sent = request.FILES.get("file")
    try:
        if sent is None:
            messages.error(request, _("Choose a file first."))
            return redirect("feedback_channels:imports", product.slug)
        draft = drafts.keep(product, sent)
        read_sample(draft.path, detect_format(draft.path), 10)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return redirect("feedback_channels:imports", product.slug)
    return redirect("feedback_channels:import-new", product.slug, draft.key)


@product_page(Permission.MANAGE_DATA)
def new(request: HttpRequest, product: Product, key: str) -> HttpResponse:
    """`do`: look (the first rows), count (all rows, opening nothing) or start."""
    draft = drafts.load(product, key)
    sample = sample_of(draft.path)
    mapping = proposed(sample.columns, sample, product.timezone)
    context: dict[str, Any] = {}
    try:
        if request.method == "POST":
            mapping = mapping_of(request.POST, sample.columns)
            if request.POST.get("do") == "start":
                made = actions.start_ticket_import(
                    product, draft.path, mapping, acting_user=member(request)
                )
                return redirect("feedback_channels:import", product.slug, made.pk)
            if request.POST.get("do") == "count":
                context["counted"] = _counted(product, draft, mapping)
        context["preview"] = preview(draft.path, mapping, product, sample)
    except UserOpsError as wrong:
        context["error"] = said(wrong)
    context |= {
        "draft": draft,
        "columns": list(enumerate(sample.columns)),
        "fields": [(each, mapping.columns.get(each.name, "")) for each in FIELDS],
        "mapping": mapping,
        "time_formats": NAMED.items(),
        "timezones": timezone_names(),
    }
    return render(request, "feedback/channels/importing/new.html", context)


def mapping_of(given: Any, columns: list[str]) -> TicketMapping:
    """What the form says: of each field the number of its column."""
    chosen: dict[str, str] = {}
    for field in FIELDS:
        at = str(given.get(f"field-{field.name}", ""))
        if at.isdecimal() and len(at) < 6 and int(at) < len(columns):
            chosen[field.name] = columns[int(at)]
    zone = str(given.get("timezone", ""))
    time_format = str(given.get("time_format", ""))
    return TicketMapping(
        chosen,
        time_format if time_format in NAMED else "iso",
        zone if zone in timezone_names() else "UTC",
        " ".join(str(given.get("origin", "")).split())[:100],
        given.get("closed") == "yes",
    )


def _counted(
    product: Product, draft: drafts.Draft, mapping: TicketMapping
) -> dict[str, Any] | None:
    if draft.path.stat().st_size > MOST_COUNTED:
        return None
    return run(product, draft.path, mapping, dry_run=True).as_dict()


@product_page(Permission.MANAGE_DATA)
@require_GET
def one(request: HttpRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(TicketImport, product=product, pk=run)
    context = {
        "run": found,
        "going_on": found.going_on or (found.state == TicketImport.State.UNDONE and is_left(found)),
        "quarantine": quarantine_path(product, found.pk).exists(),
    }
    part = "#state" if getattr(request, "htmx", False) else ""
    return render(request, f"feedback/channels/importing/one.html{part}", context)


@product_page(Permission.MANAGE_DATA)
@require_POST
def cancel(request: HttpRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(TicketImport, product=product, pk=run)
    actions.cancel_ticket_import(found, acting_user=member(request))
    return redirect("feedback_channels:import", product.slug, run)


@product_page(Permission.MANAGE_DATA)
@require_POST
def undo(request: HttpRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(TicketImport, product=product, pk=run)
    carried_out(
        request,
        lambda: actions.undo_ticket_import(found, acting_user=member(request)),
        _("The tickets of this file are being taken back."),
    )
    return redirect("feedback_channels:import", product.slug, run)


@product_page(Permission.MANAGE_DATA)
@require_GET
def refused(request: HttpRequest, product: Product, run: int) -> Any:
    """The rows that were refused, with their reasons, to be mended and imported again."""
    return quarantine_file(get_object_or_404(TicketImport, product=product, pk=run))
