"""The SQL page: an editor, its parameters, the first rows, files, names and one's own history."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from userops.errors import Refused, UserOpsError
from userops.events import store
from userops.events.models import Product
from userops.insights.exporting import FORMATS
from userops.insights.models import SqlQuery, SqlRun
from userops.insights.sql import actions
from userops.insights.sql.asking import ask
from userops.insights.sql.examples import EXAMPLES
from userops.sql.answers import SHOWN, Answer, Question, kind
from userops.sql.asking import cancel as cancel_question
from userops.sql.tables import TABLES
from userops.sql.tokens import parameters
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission

PAGE = 50
FILE_ROWS = 100_000
"""Rows of a file, at most."""
RECENT = 8
_VALUE = "value."
"""Before the name of a parameter in the form."""


@require_GET
@product_page(Permission.SEE_PEOPLE)
def sql(request: HttpRequest, product: Product) -> HttpResponse:
    """The page. `saved`, `run` and `example` say what stands in the editor."""
    text, values, saved = _beginning(request, product)
    return render(
        request, "insights/sql/page.html", _context(request, product, text, values, saved)
    )


def _beginning(
    request: HttpRequest, product: Product
) -> tuple[str, Mapping[str, Any], SqlQuery | None]:
    key, run = request.GET.get("saved", ""), request.GET.get("run", "")
    if key.isdecimal() and len(key) < 18:
        saved = find(request, product, int(key))
        return saved.text, saved.parameters, saved
    if run.isdecimal() and len(run) < 18:
        own = SqlRun.objects.filter(product=product, user=member(request), pk=run).first()
        if own is None:
            raise Http404(run)
        return own.text, own.parameters, None
    chosen = {each.name: each.text for each in EXAMPLES}.get(request.GET.get("example", ""))
    return chosen or EXAMPLES[0].text, {}, None


def _context(
    request: HttpRequest,
    product: Product,
    text: str,
    values: Mapping[str, Any],
    saved: SqlQuery | None,
) -> dict[str, Any]:
    reader = member(request)
    visible = SqlQuery.objects.filter(Q(shared=True) | Q(owner=reader), product=product)
    history = SqlRun.objects.filter(product=product, user=reader, door="page")
    return {
        "text": text,
        "inputs": _inputs(text, values),
        "saved": saved,
        "saved_is_mine": saved is not None and actions.may_change(saved, reader),
        "queries": list(visible.order_by("name")[:200]),
        "recent": list(history[:RECENT]),
        "tables": TABLES,
        "examples": EXAMPLES,
    }


def _inputs(text: str, values: Mapping[str, Any]) -> list[dict[str, str]]:
    """An input for each parameter of the text, with the value that it has."""
    dates = ("Date", "Date32", "Nullable(Date)")
    return [
        {
            "name": each.name,
            "type": each.type,
            "value": str(values.get(each.name, "")),
            "input": "date" if each.type in dates else "text",
        }
        for each in parameters(text)
    ]


@require_POST
@product_page(Permission.SEE_PEOPLE)
def inputs(request: HttpRequest, product: Product) -> HttpResponse:
    """The inputs of the parameters, while one types."""
    text, values = _posted(request)
    return render(request, "insights/sql/page.html#inputs", {"inputs": _inputs(text, values)})


@require_POST
@product_page(Permission.SEE_PEOPLE)
def run(request: HttpRequest, product: Product) -> HttpResponse:
    """The first rows, or what is wrong."""
    text, values = _posted(request)
    context: dict[str, Any] = {"text": text, "inputs": _inputs(text, values)}
    question = Question(
        product.slug,
        text,
        _given(text, values),
        SHOWN,
        _engine_id(request, request.POST.get("query_id", "")),
        asker=str(member(request).pk),
    )
    try:
        context |= _shown(ask(question, product, door="page", acting_user=member(request)), product)
    except UserOpsError as wrong:
        context["failed"] = wrong
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "insights/sql/page.html#result", context)
    whole = _context(request, product, text, values, None)
    return render(request, "insights/sql/page.html", {**whole, **context})


def _shown(answer: Answer, product: Product) -> dict[str, Any]:
    kinds = [_kind(name, type_) for name, type_ in answer.columns]
    rows = [list(zip(kinds, row, strict=True)) for row in answer.table().rows]
    head = [(name, type_, each) for (name, type_), each in zip(answer.columns, kinds, strict=True)]
    return {"answer": answer, "head": head, "rows": rows}


def _kind(name: str, type_: str) -> str:
    """A person's number leads to the person."""
    return "person" if name == "person" and type_ == "UInt32" else kind(type_)


def _posted(request: HttpRequest) -> tuple[str, dict[str, str]]:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    values = {
        name.removeprefix(_VALUE): value
        for name, value in request.POST.items()
        if name.startswith(_VALUE)
    }
    return text, {name: str(value) for name, value in values.items()}


def _given(text: str, values: Mapping[str, str]) -> dict[str, str | None]:
    """The values that are filled in; of texts the empty one counts, of Nullable it is no value."""
    found: dict[str, str | None] = {}
    for each in parameters(text):
        value = values.get(each.name, "")
        if value or (each.type in ("String", "LowCardinality(String)") and each.name in values):
            found[each.name] = value
        elif each.type.startswith("Nullable("):
            found[each.name] = None
    return found


def _engine_id(request: HttpRequest, given: str) -> str | None:
    """The engine's name of this reader's question, so that only they cancel it."""
    return f"sql-{member(request).pk}-{given}" if given.isalnum() and len(given) <= 40 else None


@require_POST
@product_page(Permission.SEE_PEOPLE)
def cancel(request: HttpRequest, product: Product, query_id: str) -> HttpResponse:
    """Stop a question that this reader asked."""
    if (name := _engine_id(request, query_id)) is None:
        raise Http404
    cancel_question(name, store.current().engine)
    return HttpResponse(status=204)


@require_POST
@product_page(Permission.EXPORT_PEOPLE)
def file(request: HttpRequest, product: Product, extension: str) -> HttpResponse:
    """All rows as a file."""
    if extension not in FORMATS:
        raise Http404
    text, values = _posted(request)
    question = Question(product.slug, text, _given(text, values), FILE_ROWS)
    answer = ask(question, product, door="page", acting_user=member(request))
    if answer.more:
        raise Refused(
            Words(
                f"结果超过 {FILE_ROWS:,} 行，不能存为文件。",
                f"More than {FILE_ROWS:,} rows do not go into a file.",
            ),
            code="file_too_long",
            hint=Words(
                "先汇总，或用 API、ClickHouse 客户端读取。",
                "Aggregate first, or read them by the API or a ClickHouse client.",
            ),
        )
    form = FORMATS[extension]
    content = form.write(answer.table(), reader_language(), text)
    response = HttpResponse(content, content_type=form.media_type)
    name = f"{product.slug}-sql-{datetime.now(UTC):%Y%m%d-%H%M%S}.{form.extension}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def find(request: HttpRequest, product: Product, pk: int) -> SqlQuery:
    """SQL that this reader may see, or 404."""
    found = SqlQuery.objects.filter(product=product, pk=pk).first()
    if found is None or not actions.visible(found, member(request)):
        raise Http404(pk)
    return found


def _address(query: SqlQuery) -> str:
    path = reverse("insights:sql", kwargs={"product": query.product.slug})
    return f"{path}?saved={query.pk}"


@require_POST
@product_page(Permission.SEE_PEOPLE)
def save(request: HttpRequest, product: Product) -> HttpResponse:
    """Keep what is in the editor under a name."""
    text, values = _posted(request)
    kept = actions.save_query(
        product,
        name=request.POST.get("name", ""),
        text=text,
        parameters=values,
        shared=request.POST.get("shared") == "true",
        acting_user=member(request),
    )
    messages.success(request, _("Saved as “%s”.") % kept.name)
    return redirect(_address(kept))


@require_POST
@product_page(Permission.SEE_PEOPLE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Another text under the same name, or another name."""
    found = find(request, product, pk)
    if "text" in request.POST:
        text, values = _posted(request)
        actions.change_query(found, text=text, parameters=values, acting_user=member(request))
    else:
        actions.change_query(
            found,
            name=request.POST.get("name", ""),
            shared=request.POST.get("shared") == "true",
            acting_user=member(request),
        )
    messages.success(request, _("Saved."))
    return redirect(_address(found))


@require_POST
@product_page(Permission.SEE_PEOPLE)
def delete(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = find(request, product, pk)
    actions.delete_query(found, acting_user=member(request))
    messages.success(request, _("“%s” is deleted.") % found.name)
    return redirect("insights:sql", product.slug)


@require_GET
@product_page(Permission.SEE_PEOPLE)
def history(request: HttpRequest, product: Product) -> HttpResponse:
    """What this reader asked, the newest first, page by page."""
    own = SqlRun.objects.filter(product=product, user=member(request))
    pages = max(1, math.ceil(own.count() / PAGE))
    asked = request.GET.get("page", "1")
    number = min(int(asked), pages) if asked.isdecimal() and 0 < len(asked) < 8 else 1
    number = max(1, number)
    context = {
        "runs": list(own[(number - 1) * PAGE : number * PAGE]),
        "count": own.count(),
        "number": number,
        "pages": pages,
        "previous": number - 1 if number > 1 else None,
        "next": number + 1 if number < pages else None,
    }
    return render(request, "insights/sql/history.html", context)


@require_POST
@product_page(Permission.SEE_PEOPLE)
def forget(request: HttpRequest, product: Product) -> HttpResponse:
    """Remove one entry of the reader's history, or all."""
    one = request.POST.get("run", "")
    only = int(one) if one.isdecimal() and len(one) < 18 else None
    actions.forget_runs(product, only=only, acting_user=member(request))
    return redirect("insights:sql_history", product.slug)
