"""Data quality: what was seen in each import and in each day of collecting, and how it changed."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from userops.events.models import Product
from userops.events.models import QualityReport as StoredReport
from userops.events.quality import QualityReport
from userops.events.quality.comparison import compare
from userops.workspace.access import product_page
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission

SHOWN = 200


@product_page(Permission.MANAGE_DATA)
@require_GET
def quality(request: MemberRequest, product: Product) -> HttpResponse:
    stored = product.quality_reports.select_related("import_run").order_by("-pk")[:SHOWN]
    reports = [(each, _report(each)) for each in stored]
    return render(request, "collect/quality/list.html", {"reports": reports})


@product_page(Permission.MANAGE_DATA)
@require_GET
def one(request: MemberRequest, product: Product, report: int) -> HttpResponse:
    """One report, beside the one before it of the same kind, or beside `?with=`."""
    stored = get_object_or_404(StoredReport, product=product, pk=report)
    other = _other(product, stored, request.GET.get("with", ""))
    now = _report(stored)
    differences = compare(_report(other), now) if other else ()
    language = request.LANGUAGE_CODE
    context = {
        "stored": stored,
        "report": now,
        "other": other,
        "differences": [each.words.text(language) for each in differences],
        "candidates": product.quality_reports.exclude(pk=stored.pk).order_by("-pk")[:50],
    }
    return render(request, "collect/quality/one.html", context)


def _report(stored: StoredReport) -> QualityReport:
    return msgspec.convert(stored.report, QualityReport, strict=False)


def _other(product: Product, stored: StoredReport, wanted: str) -> StoredReport | None:
    others = product.quality_reports.exclude(pk=stored.pk)
    if wanted.isdecimal():
        return others.filter(pk=int(wanted)).first()
    same_kind = others.filter(import_run__isnull=stored.import_run_id is None, pk__lt=stored.pk)
    return same_kind.order_by("-pk").first()
