"""Imports: upload, map, preview, check, run, watch, cancel, resume, remove."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from userops.collect import actions, tasks
from userops.collect.imports import draft as drafts
from userops.collect.imports.preview import preview_of
from userops.errors import UserOpsError
from userops.events.fields import FIELDS
from userops.events.importers.mapping import Mapping
from userops.events.importers.timeformats import NAMED
from userops.events.models import ImportRun, Product
from userops.events.quality import QualityReport
from userops.timezones import timezone_names
from userops.workspace.access import product_page
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission

ENCODINGS = ("utf-8", "gb18030", "big5", "cp1252", "utf-16")
GOING_ON = (ImportRun.State.WAITING, ImportRun.State.RUNNING)


@product_page(Permission.MANAGE_DATA)
@require_GET
def imports(request: MemberRequest, product: Product) -> HttpResponse:
    runs = product.imports.order_by("-pk")[:200]
    return render(request, "collect/imports/list.html", {"runs": runs})


@product_page(Permission.MANAGE_DATA)
@require_POST
def upload(request: MemberRequest, product: Product) -> HttpResponse:
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, _("Choose a file first."))
        return redirect("collect:imports", product.slug)
    try:
        draft = drafts.keep(product, sent)
        draft.proposal()
    except UserOpsError as wrong:
        messages.error(request, wrong.words.text(request.LANGUAGE_CODE))
        return redirect("collect:imports", product.slug)
    return redirect("collect:import-new", product.slug, draft.key)


@product_page(Permission.MANAGE_DATA)
def new(request: MemberRequest, product: Product, key: str) -> HttpResponse:
    """The mapping of an uploaded file: proposed on the first visit, previewed at each change."""
    draft = drafts.load(product, key)
    error: UserOpsError | None = None
    proposal = draft.proposal()
    mapping = proposal.mapping
    if request.method == "POST":
        try:
            proposal = draft.proposal(drafts.file_format_of(draft, request.POST))
            # other columns (a new delimiter, say) need a new proposal
            same = request.POST.get("columns") == "\n".join(proposal.columns)
            mapping = drafts.mapping_of(draft, request.POST) if same else proposal.mapping
        except UserOpsError as wrong:
            error = wrong
    context = _mapping_context(request, product, draft, proposal, mapping, error)
    part = "#mapping" if request.htmx else ""
    return render(request, f"collect/imports/new.html{part}", context)


def _mapping_context(
    request: MemberRequest, product: Product, draft: drafts.Draft, proposal: Any, mapping: Mapping,
    error: UserOpsError | None,
) -> dict[str, Any]:  # fmt: skip
    language = request.LANGUAGE_CODE
    preview = None
    if error is None:
        try:
            preview = preview_of(product, draft, mapping, language)
        except UserOpsError as wrong:
            error = wrong
    wanted = set(mapping.property_columns(proposal.columns))
    roles = [
        (
            n,
            c,
            "field" if c in mapping.fields else "property" if c in wanted else "",
            mapping.fields.get(c, ""),
        )
        for n, c in enumerate(proposal.columns)
        if c not in mapping.role_columns
    ]
    return {
        "draft": draft,
        "columns": proposal.columns,
        "columns_text": "\n".join(proposal.columns),
        "roles": roles,
        "mapping": mapping,
        "event_map": "\n".join(f"{value}={name}" for value, name in mapping.event_map.items()),
        "preview": preview,
        "notes": [note.words.text(language) for note in proposal.notes],
        "error": error.words.text(language) if error else "",
        "fields": [(field.name, field.words.text(language)) for field in FIELDS],
        "time_formats": [(name, words.text(language)) for name, words in NAMED.items()],
        "timezones": timezone_names(),
        "encodings": ENCODINGS,
        # not request.POST in the template: its own attribute `encoding` would answer there
        "chosen": {name: request.POST.get(name, "") for name in ("encoding", "delimiter")},
        "check": draft.check(),
    }


@product_page(Permission.MANAGE_DATA)
@require_POST
def check(request: MemberRequest, product: Product, key: str) -> HttpResponse:
    """Read the whole file without storing anything (dry run), in the background."""
    draft = drafts.load(product, key)
    try:
        mapping = drafts.mapping_of(draft, request.POST)
    except UserOpsError as wrong:
        draft.note_check({"state": "failed", **wrong.body()})
    else:
        draft.note_check({"state": "running", "progress": {}})
        tasks.check_file(product.pk, key, msgspec.to_builtins(mapping))
    return render(
        request, "collect/imports/new.html#check", {"draft": draft, "check": draft.check()}
    )


@product_page(Permission.MANAGE_DATA)
@require_GET
def checked(request: MemberRequest, product: Product, key: str) -> HttpResponse:
    draft = drafts.load(product, key)
    return render(
        request, "collect/imports/new.html#check", {"draft": draft, "check": draft.check()}
    )


@product_page(Permission.MANAGE_DATA)
@require_POST
def start(request: MemberRequest, product: Product, key: str) -> HttpResponse:
    draft = drafts.load(product, key)
    try:
        mapping = drafts.mapping_of(draft, request.POST)
        run = actions.start_import(product, draft.path, mapping, acting_user=request.user)
    except UserOpsError as wrong:
        messages.error(request, wrong.words.text(request.LANGUAGE_CODE))
        return redirect("collect:import-new", product.slug, key)
    return redirect("collect:import", product.slug, run.pk)


@product_page(Permission.MANAGE_DATA)
@require_GET
def one(request: MemberRequest, product: Product, run: int) -> HttpResponse:
    """One import: how far it is, and its quality report when it is done."""
    found = get_object_or_404(ImportRun, product=product, pk=run)
    if request.htmx and found.state not in GOING_ON:
        return HttpResponse(headers={"HX-Refresh": "true"})  # it has ended: the whole page is new
    stored = getattr(found, "report", None) if found.state == ImportRun.State.DONE else None
    report = msgspec.convert(stored.report, QualityReport, strict=False) if stored else None
    progress = found.progress or {}
    context = {
        "run": found,
        "report": report,
        "stored": stored,
        "going_on": found.state in GOING_ON,
        "share": round(100 * progress.get("share", 0)),
        "waited": time.time() - found.created.timestamp(),
    }
    part = "#state" if request.htmx else ""
    return render(request, f"collect/imports/one.html{part}", context)


@product_page(Permission.MANAGE_DATA)
@require_POST
def cancel(request: MemberRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(ImportRun, product=product, pk=run)
    actions.cancel_import(found, acting_user=request.user)
    return redirect("collect:import", product.slug, run)


@product_page(Permission.MANAGE_DATA)
@require_POST
def resume(request: MemberRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(ImportRun, product=product, pk=run)
    try:
        actions.resume_import(found, acting_user=request.user)
    except UserOpsError as wrong:
        messages.error(request, wrong.words.text(request.LANGUAGE_CODE))
    return redirect("collect:import", product.slug, run)


@product_page(Permission.ERASE)
@require_POST
def remove(request: MemberRequest, product: Product, run: int) -> HttpResponse:
    found = get_object_or_404(ImportRun, product=product, pk=run)
    count = actions.remove_import(found, acting_user=request.user)
    messages.success(request, _("The import and its %(n)d events are removed.") % {"n": count})
    return redirect("collect:imports", product.slug)
