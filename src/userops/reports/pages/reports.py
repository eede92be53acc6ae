"""The list of a product's reports, and beginning one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from userops.audience.segments.models import Segment
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.reports import actions, tasks
from userops.reports.kinds import KINDS, kind_of
from userops.reports.models import Report
from userops.reports.periods import between
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission


@product_page(Permission.VIEW)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """All reports, the newest period first."""
    rows = Report.objects.filter(product=product).select_related("owner", "product")
    today = datetime.now(ZoneInfo(product.timezone)).date()
    context = {
        "rows": [_line(row) for row in rows.prefetch_related("issues")],
        "kinds": [(kind, kind.suggested(today)) for kind in KINDS],
        "segments": Segment.objects.filter(product=product).values_list("name", flat=True),
    }
    return render(request, "reports/pages/list.html", context)


def _line(row: Report) -> dict[str, Any]:
    return {
        "report": row,
        "issue": row.newest,
        "words": kind_of(row.kind).words,
        "period": between(row.first, row.last).words,
    }


@require_POST
@product_page(Permission.WRITE_REPORTS)
def create(request: HttpRequest, product: Product) -> HttpResponse:
    """Begin a report; it is built in the background."""
    funnel = [each.strip() for each in request.POST.get("funnel", "").split(",") if each.strip()]
    settings: dict[str, Any] = {
        name: value
        for name in ("purchase", "amount", "only", "without")
        if (value := request.POST.get(name, "").strip())
    }
    try:
        issue = actions.create_report(
            product,
            request.POST.get("kind", ""),
            request.POST.get("period", ""),
            settings=settings | ({"funnel": funnel} if funnel else {}),
            acting_user=member(request),
        )
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return redirect("reports:list", product.slug)
    tasks.build_issue(issue.pk)
    return redirect("reports:one", product.slug, issue.report_id)


def language() -> str:
    return get_language() or "zh-hans"
