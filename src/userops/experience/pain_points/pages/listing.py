"""The pain points of a product, ranked; the ranking as a file; all of them computed."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.analyses.table import Table
from userops.events.models import Product
from userops.events.store import current
from userops.experience.pain_points import actions
from userops.experience.pain_points.models import OPEN, Run, Status
from userops.experience.pain_points.ranking import FORMULA, VERDICT_NOTES, ranked
from userops.experience.pain_points.running import of_product
from userops.experience.pain_points.suggesting import PERIOD, suggested
from userops.experience.pain_points.telling import NOT_A_CAUSE, definition_words, table_of
from userops.insights.exporting import FORMATS
from userops.workspace.access import member, permissions_in, product_page
from userops.workspace.language import reader_language
from userops.workspace.log import note
from userops.workspace.roles import Permission


@product_page(Permission.VIEW)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """`status`: one of them, or `all`; those that still hurt where nothing is said."""
    status = request.GET.get("status", "")
    points = of_product(product)
    rows = [each for each in ranked(points) if _shown(each.point.status, status)]
    going = Run.objects.filter(point__product=product).going_on()
    context = {
        "rows": rows,
        "all": len(points),
        "status": status,
        "statuses": Status.choices,
        "formula": FORMULA,
        "verdicts": VERDICT_NOTES,
        "not_a_cause": NOT_A_CAUSE,
        "going": going.count(),
        "suggested": suggested(product) if _handles(request, product) else [],
        "period": PERIOD,
    }
    return render(request, "experience/pain_points/pages/list.html", context)


def _shown(status: str, wanted: str) -> bool:
    return wanted == "all" or status == wanted or (not wanted and status in OPEN)


def _handles(request: HttpRequest, product: Product) -> bool:
    return Permission.HANDLE_TICKETS in permissions_in(member(request), product)


@require_POST
@product_page(Permission.RUN_SURVEYS)
def compute_all(request: HttpRequest, product: Product) -> HttpResponse:
    points = [each for each in of_product(product) if each.status in OPEN]
    for point in points:
        actions.ask_for_run(current(), point, acting_user=member(request))
    messages.success(request, _("%(n)s pain points are being computed.") % {"n": len(points)})
    return redirect("pain_points:list", product.slug)


@product_page(Permission.RUN_SURVEYS)
def export(request: HttpRequest, product: Product, extension: str) -> HttpResponse:
    """The whole ranking with all terms."""
    if extension not in FORMATS:
        raise Http404(extension)
    rows = ranked(of_product(product))
    note(member(request), "pain_point.exported", product=product, rows=len(rows), format=extension)
    return file_of(table_of(rows), extension, f"{product.slug}-pain-points")


def file_of(table: Table, extension: str, name: str) -> HttpResponse:
    form, language = FORMATS[extension], reader_language()
    content = form.write(table, language, definition_words().text(language))
    answer = HttpResponse(content, content_type=form.media_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}.{extension}')}"
    return answer
