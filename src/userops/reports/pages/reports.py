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
from userops.reports.kinds import BY_NAME, KINDS, kind_of
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
    try:
        issue = actions.create_report(
            product,
            request.POST.get("kind", ""),
            request.POST.get("period", ""),
            settings=_settings(request),
            acting_user=member(request),
        )
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return redirect("reports:list", product.slug)
    tasks.build_issue(issue.pk)
    return redirect("reports:one", product.slug, issue.report_id)


def _settings(request: HttpRequest) -> dict[str, Any]:
    """What was chosen for the kind: its own settings, or the events and users that the figures are of."""
    kind = BY_NAME.get(request.POST.get("kind", ""))
    own = {name: f"{kind.name}.{name}" for name in kind.settings} if kind else {}
    fields = own or {name: name for name in ("purchase", "amount", "only", "without")}
    found: dict[str, Any] = {
        name: value
        for name, field in fields.items()
        if (value := request.POST.get(field, "").strip())
    }
    funnel = [each.strip() for each in request.POST.get("funnel", "").split(",") if each.strip()]
    return found | ({"funnel": funnel} if funnel and not own else {})


def language() -> str:
    return get_language() or "zh-hans"
