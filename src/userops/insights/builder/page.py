"""The page of an analysis: its question as a form, its answer, the people behind a number, files.

One address serves all: a page, the form alone or the answer alone (htmx names the target).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from userops.analyses.about import About
from userops.analyses.analysis import Analysis
from userops.analyses.answering import cancel as cancel_query
from userops.analyses.answering import people, resolved
from userops.analyses.registry import BY_KIND
from userops.annotations.page import AnnotationForm
from userops.errors import DocumentError, UserOpsError
from userops.events.models import Product, UserId
from userops.events.store import current
from userops.insights import actions
from userops.insights.builder import onward, snippets
from userops.insights.builder.behind import selected
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import named_answer, with_names
from userops.insights.builder.question import Question, address_of, read
from userops.insights.builder.shown import apart_address, readable, shown_answer
from userops.insights.exporting import FORMATS
from userops.insights.models import Dashboard, SavedAnalysis
from userops.query.document import Document
from userops.query.naming import naming
from userops.query.personal import Sight
from userops.workspace.access import member, product_page
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission
from userops.workspace.sight import sight_of

PEOPLE_PAGE = 50


def builder(analysis: Analysis) -> Callable[..., Any]:
    """The view of one kind of analysis."""

    @product_page(Permission.VIEW)
    def page(request: HttpRequest, product: Product) -> HttpResponse:
        question = read(analysis, product, request.GET)
        context = _context(request, product, question)
        target = request.htmx.target  # type: ignore[attr-defined]
        if target == "builder":
            return render(request, "insights/builder/page.html#form", context)
        if target == "result" or request.GET.get("full"):
            context |= answered(request, product, question)
        if target == "result":
            response = render(request, "insights/builder/page.html#result", context)
            _push(request, response, question)
            return response
        return render(request, "insights/builder/page.html", context)

    return page


def _context(request: HttpRequest, product: Product, question: Question) -> dict[str, Any]:
    sight = sight_of(request.granted)  # type: ignore[attr-defined]
    saved, choices = _saved(request, product), Choices(product, reader_language(), sight)
    with naming(choices.words):
        form, inner = question.form(), _inner(question, choices)
    return {
        "analysis": question.analysis,
        "question": question,
        "form": form,
        "choices": choices,
        "saved": saved,
        "saved_is_mine": saved is not None and actions.may_change(saved, member(request)),
        "dashboards": Dashboard.objects.filter(product=product).order_by("name"),
        "inner": inner,
        "document_json": question.document.as_json() if question.document else None,
        "full": bool(request.GET.get("full")),
        "as_of_now": f"{request.path}?{question.as_of_now.query}",
        "export_name": f"insights:{question.analysis.kind}_file",
        "people_name": f"insights:{question.analysis.kind}_people",
    }


def _inner(question: Question, choices: Choices) -> dict[str, Any] | None:
    """The question inside of one about another's number: its page and its definition."""
    document = question.document
    if not isinstance(document, About):
        return None
    analysis, asked = BY_KIND[document.question.kind], document.asked()
    named = analysis.document.model_validate(with_names(asked, choices))
    return {
        "href": address_of(
            asked.model_copy(update={"range": document.range, "until": document.until})
        ),
        "words": analysis.words,
        "definition": analysis.definition(named),
    }


def _saved(request: HttpRequest, product: Product) -> SavedAnalysis | None:
    """The saved analysis that the address names, when this reader may see it."""
    key = request.GET.get("saved", "")
    found = (
        SavedAnalysis.objects.filter(product=product, pk=key).first() if key.isdecimal() else None
    )
    return found if found and actions.visible(found, member(request)) else None


def _push(request: HttpRequest, response: HttpResponse, question: Question) -> None:
    """The address bar follows the question; the first load changes nothing."""
    saved = request.GET.get("saved")
    query = question.query + (f"&saved={saved}" if saved and saved.isdecimal() else "")
    wanted = f"{request.path}?{query}"
    shown = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    if question.document is not None and wanted != shown:
        begun = "?" not in shown
        response["HX-Replace-Url" if begun else "HX-Push-Url"] = wanted


def answered(request: HttpRequest, product: Product, question: Question) -> dict[str, Any]:
    """The answer of a complete question for the templates, or what is wrong with it."""
    if question.document is None:
        return {}
    choices = Choices(product, reader_language())
    granted = request.granted  # type: ignore[attr-defined]
    try:
        found = named_answer(
            question.document, choices, current(), query_id(request), asker=str(request.user.pk),
            sight=sight_of(granted),
        )  # fmt: skip
    except UserOpsError as wrong:
        return {"failed": wrong, "title": question.analysis.words}
    allowed = Permission.SEE_PEOPLE in granted
    return {
        **shown_answer(found, choices, question.query, who_allowed=allowed),
        "onward": onward.steps(found, choices.product, granted),
        **_calls(request, question),
        "annotation_form": AnnotationForm(initial={"day": str(found.document.range.last_day)}),
    }


def _calls(request: HttpRequest, question: Question) -> dict[str, Any]:
    assert question.document is not None
    origin = f"{request.scheme}://{request.get_host()}"
    return {
        "curl": snippets.curl(question.document, origin),
        "python": snippets.python(question.document, origin),
    }


def query_id(request: HttpRequest) -> str | None:
    """The name under which the engine runs this reader's question, so that only they cancel it."""
    given = request.GET.get("query_id") or request.POST.get("query_id") or ""
    return f"page-{request.user.pk}-{given}" if given.isalnum() and len(given) <= 40 else None


@require_POST
@product_page(Permission.VIEW)
def cancel(request: HttpRequest, product: Product, query_id: str) -> HttpResponse:
    """Stop a question that this reader asked."""
    if not query_id.isalnum():
        raise Http404
    cancel_query(f"page-{request.user.pk}-{query_id}", current())
    return HttpResponse(status=204)


def export(analysis: Analysis) -> Callable[..., Any]:
    """The view that answers a question as a file."""

    @product_page(Permission.VIEW)
    def file(request: HttpRequest, product: Product, extension: str) -> HttpResponse:
        question = read(analysis, product, request.GET)
        if extension not in FORMATS:
            raise Http404
        if question.document is None:
            raise question.error or DocumentError(analysis.words)
        language = reader_language()
        choices = Choices(product, language)
        # what leaves the house takes the permission for that, as lists of users do
        out = Permission.EXPORT_PEOPLE in request.granted  # type: ignore[attr-defined]
        seen = sight_of(request.granted)  # type: ignore[attr-defined]
        sight = Sight.ALL if out else min(seen, Sight.FILTERED)
        found = named_answer(question.document, choices, current(), sight=sight)
        form = FORMATS[extension]
        content = form.write(readable(found, choices), language, found.definition.text(language))
        response = HttpResponse(content, content_type=form.media_type)
        name = f"{product.slug}-{analysis.kind}-{found.document.range.last_day}.{form.extension}"
        response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return response

    return file


def behind_number(analysis: Analysis) -> Callable[..., Any]:
    """The view that lists who is behind one number."""

    @product_page(Permission.SEE_PEOPLE)
    def who(request: HttpRequest, product: Product) -> HttpResponse:
        question = read(analysis, product, request.GET)
        if question.document is None:
            raise question.error or DocumentError(analysis.words)
        asked = request.GET.get("page", "")
        selection = _selection(request.GET.get("who", ""))
        page = int(asked) if asked.isdecimal() and len(asked) < 8 else 0
        found = people(
            question.document.as_json(),
            current(),
            selection,
            limit=PEOPLE_PAGE,
            offset=page * PEOPLE_PAGE,
        )
        context = _people_context(product, question, found.persons, selection)
        context |= {"total": found.total, "page": page, "who": request.GET.get("who", "")}
        context["more"] = (page + 1) * PEOPLE_PAGE < found.total
        context["first"] = page * PEOPLE_PAGE + 1
        fragment = "#people" if request.htmx else ""  # type: ignore[attr-defined]
        return render(request, f"insights/builder/people.html{fragment}", context)

    return who


def _segment_address(product: Product, document: Document, selection: dict[str, Any]) -> str:
    """Where these people become a segment: with the dates as they are now, which the selection names."""
    asked = resolved(document.as_json(), current()).as_json()
    where = {"who": "behind", "question": asked, "selection": selection}
    text = json.dumps({"where": where}, ensure_ascii=False, separators=(",", ":"))
    return f"{reverse('audience:segment_new', args=[product.slug])}?{urlencode({'q': text})}"


def _selection(text: str) -> dict[str, Any]:
    found = selected(text)
    if found is None:
        raise Http404(text)
    return found


def _people_context(
    product: Product, question: Question, persons: list[int], selection: dict[str, Any]
) -> dict[str, Any]:
    ids = dict(
        UserId.objects.filter(product=product, uid__in=persons).values_list("uid", "distinct_id")
    )
    assert question.document is not None
    return {
        "analysis": question.analysis,
        "query": question.query,
        "people_path": reverse(
            f"insights:{question.analysis.kind}_people", kwargs={"product": product.slug}
        ),
        "back": address_of(question.document),
        "apart": apart_address(question.document, selection),
        "keep": _segment_address(product, question.document, selection),
        "people": [
            (ids.get(person, f"#{person}"), reverse("audience:user", args=[product.slug, person]))
            for person in persons
        ],
    }
