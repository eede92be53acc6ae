"""The pages of overlap and comparison, their files, the people of a part, and saving one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.analyses.table import Table
from userops.audience import people
from userops.audience.comparing import actions, asked, chosen, side_by_side, upset, venn
from userops.audience.comparing.chart import chart
from userops.audience.comparing.comparison import Compared, compare
from userops.audience.comparing.overlap import MOST, Part, pairs, parts
from userops.audience.comparing.table import overlap_table, table_of
from userops.audience.segments.models import Segment
from userops.errors import NotFound, UserOpsError
from userops.events import facts
from userops.events.models import Product
from userops.events.store import current
from userops.insights.builder.choices import Choices
from userops.insights.exporting import FORMATS
from userops.query.naming import naming
from userops.query.personal import Sight
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission
from userops.workspace.sight import sight_of

PAGE = 50
ROWS = 120
PICTURED = (2, 3)
"""Numbers of segments that circles can show."""


def _chosen(request: HttpRequest, product: Product) -> list[Segment]:
    return chosen.segments(product, asked.keys(request.GET), most=MOST, least=0)


@product_page(Permission.VIEW)
def overlap(request: HttpRequest, product: Product) -> HttpResponse:
    """`s`: two to six segments."""
    context: dict[str, Any] = {
        "all_segments": Segment.objects.filter(product=product),
        "keys": asked.keys(request.GET),
        "most": MOST,
    }
    try:
        rows = _chosen(request, product)
        if len(rows) > 1:
            context |= _overlapping(product, rows)
            wanted = request.GET.get("save", "")
            context["saving"] = next((p for p in context["parts"] if p["key"] == wanted), None)
    except UserOpsError as wrong:
        context["failed"] = wrong
    return render(request, "audience/comparing/overlap.html", context)


def _overlapping(product: Product, rows: list[Segment]) -> dict[str, Any]:
    sets = chosen.members(current(), product, rows)
    found, names = parts(sets), [row.name for row in rows]
    union = sum(len(part.persons) for part in found)
    sizes = {part.inside: len(part.persons) for part in found}
    circles = venn.circles(names)
    return {
        "rows": rows,
        "names": names,
        "union": union,
        "common": len(found[-1].persons),
        "parts": [_part(part, rows, union) for part in _by_size(found)],
        "pairs": [(rows[pair.first], rows[pair.second], pair) for pair in pairs(sets)],
        "circles": circles,
        "numbers": venn.numbers(sizes, len(rows)) if circles else [],
        "size": (venn.WIDTH, venn.HEIGHT),
        "chart": None if circles else upset.option(found, names, _("Users")),
        "query": urlencode([("s", row.pk) for row in rows]),
    }


def _by_size(found: list[Part]) -> list[Part]:
    return sorted(found, key=lambda part: -len(part.persons))


def _part(part: Part, rows: list[Segment], union: int) -> dict[str, Any]:
    count = len(part.persons)
    return {
        "key": part.key,
        "marks": [place in part.inside for place in range(len(rows))],
        "name": " ∩ ".join(rows[place].name for place in part.inside),
        "people": count,
        "share": count / union if union else None,
    }


@product_page(Permission.VIEW)
def overlap_file(request: HttpRequest, product: Product, extension: str) -> HttpResponse:
    """The parts as CSV or XLSX."""
    rows = _chosen(request, product)
    if extension not in FORMATS or len(rows) < 2:
        raise Http404(extension)
    found = parts(chosen.members(current(), product, rows))
    table = overlap_table(_by_size(found), [row.name for row in rows])
    words = _("Each part: users in all the marked segments and in none of the others.")
    return _file(product, table, extension, words, "overlap")


def _file(
    product: Product, table: Table, extension: str, definition: str, what: str
) -> HttpResponse:
    form = FORMATS[extension]
    response = HttpResponse(
        form.write(table, reader_language(), definition), content_type=form.media_type
    )
    name = quote(f"{product.slug}-{what}.{form.extension}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@product_page(Permission.SEE_PEOPLE)
def part_people(request: HttpRequest, product: Product) -> HttpResponse:
    """Who is in one part (`inside`), page by page."""
    rows = _segments_or_404(request, product)
    inside = asked.inside(request.GET.get("inside", ""), len(rows))
    found = parts(chosen.members(current(), product, rows))
    persons = next(part.persons for part in found if part.inside == inside)
    page = Paginator(persons, PAGE).get_page(request.GET.get("page", "1")[:8])
    context = {
        "name": " ∩ ".join(rows[place].name for place in inside),
        "people": people.described(current(), product, list(page.object_list)),
        "page": page,
        "total": len(persons),
        "query": urlencode([("s", row.pk) for row in rows]),
        "inside": request.GET["inside"],
    }
    return render(request, "audience/comparing/people.html", context)


def _segments_or_404(request: HttpRequest, product: Product) -> list[Segment]:
    try:
        rows = _chosen(request, product)
    except NotFound:
        rows = []
    if len(rows) < 2:
        raise Http404
    return rows


@require_POST
@product_page(Permission.ANALYSE)
def save_part(request: HttpRequest, product: Product) -> HttpResponse:
    """`inside` becomes a segment called `name`."""
    rows = _segments_or_404(request, product)
    inside = asked.inside(request.POST.get("inside", ""), len(rows))
    try:
        made = actions.save_part(
            current(), product, rows, inside,
            name=request.POST.get("name", ""), acting_user=member(request),
        )  # fmt: skip
        messages.success(request, _("The segment “%s” is saved.") % made.name)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    query = urlencode([("s", row.pk) for row in rows])
    return redirect(f"{reverse('audience:overlap', args=[product.slug])}?{query}")


@product_page(Permission.VIEW)
def comparing(request: HttpRequest, product: Product) -> HttpResponse:
    """`a` against `b` (or everyone else) over `days`; `q` asks one question of both. The answer, which may take a
    while, is what the page asks for when it is there, and `full` what a page without scripts does."""
    loading = request.htmx.target == "compared"  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "all_segments": Segment.objects.filter(product=product),
        "spans": asked.SPANS,
        "given": {name: request.GET.get(name, "") for name in ("a", "b", "days", "q")},
        "questions": side_by_side.questions(product, member(request)),
    }
    try:
        document = context["asked"] = asked.comparison(product, request.GET.dict())
        if document is not None and (loading or request.GET.get("full")):
            found = compare(current(), product, document, asker=str(member(request).pk))
            context |= _compared(product, found) | _sides(request, product, found)
    except UserOpsError as wrong:
        context["failed"] = wrong
    part = "#answer" if loading else ""
    return render(request, f"audience/comparing/compare.html{part}", context)


def _compared(product: Product, found: Compared) -> dict[str, Any]:
    choices = Choices(product, reader_language())
    with naming(facts.words(product.pk)):
        table = table_of(found, choices.property_label)
        drawn = chart(found, choices.property_label, reader_language())
    return {
        "found": found,
        "chart": drawn,
        "columns": table.columns,
        "rows": [
            [
                (column.shown(cell, reader_language()), column.type)
                for column, cell in zip(table.columns, row, strict=True)
            ]
            for row in table.rows[:ROWS]
        ],
        "row_count": len(table.rows),
    }


def _sides(request: HttpRequest, product: Product, found: Compared) -> dict[str, Any]:
    question = side_by_side.document_of(product, member(request), request.GET.get("q", ""))
    if question is None:
        return {}
    shown = side_by_side.sides(
        current(), product, question, found.first, found.second, found.names,
        language=reader_language(), asker=str(member(request).pk),
        sight=max(sight_of(request.granted), Sight.FILTERED),  # type: ignore[attr-defined]
    )  # fmt: skip
    return {"sides": shown}


@product_page(Permission.VIEW)
def comparison_file(request: HttpRequest, product: Product, extension: str) -> HttpResponse:
    """The comparison as CSV or XLSX."""
    document = asked.comparison(product, request.GET.dict())
    if extension not in FORMATS or document is None:
        raise Http404(extension)
    found = compare(current(), product, document, asker=str(member(request).pk))
    with naming(facts.words(product.pk)):
        table = table_of(found, Choices(product, reader_language()).property_label)
    return _file(product, table, extension, found.definition.text(reader_language()), "comparison")
