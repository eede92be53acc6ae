"""The requirements of a product, most asked for first; the same as a file."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from userops.events.models import Product
from userops.events.store import current
from userops.feedback.requirements.models import OPEN, Status
from userops.feedback.requirements.ranking import FORMULA, ranked, table_of
from userops.feedback.requirements.reading import of_product
from userops.insights.exporting import FORMATS
from userops.workspace.access import member, product_page
from userops.workspace.language import reader_language
from userops.workspace.log import note
from userops.workspace.roles import Permission


@product_page(Permission.VIEW)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """`status`: one of them, or `all`; planned and in progress where nothing is said."""
    status = request.GET.get("status", "")
    rows = ranked(current(), product, of_product(product))
    context = {
        "rows": [each for each in rows if _shown(each.requirement.status, status)],
        "all": len(rows),
        "untold": sum(each.waiting for each in rows if each.requirement.status == Status.SHIPPED),
        "status": status,
        "statuses": Status.choices,
        "formula": FORMULA,
    }
    return render(request, "feedback/requirements/pages/list.html", context)


def _shown(status: str, wanted: str) -> bool:
    return wanted == "all" or status == wanted or (not wanted and status in OPEN)


@product_page(Permission.RUN_SURVEYS)
def export(request: HttpRequest, product: Product, extension: str) -> HttpResponse:
    """All of them with their figures; nobody is named."""
    if extension not in FORMATS:
        raise Http404(extension)
    rows = ranked(current(), product, of_product(product))
    note(member(request), "requirement.exported", product=product, rows=len(rows), format=extension)
    form, language = FORMATS[extension], reader_language()
    content = form.write(table_of(rows), language, FORMULA.text(language))
    answer = HttpResponse(content, content_type=form.media_type)
    name = quote(f"{product.slug}-requirements.{form.extension}")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
