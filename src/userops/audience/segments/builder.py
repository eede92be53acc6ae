"""The builder of a segment: its definition as a form, and who it means while it is being written.

One address serves all: a page, the form alone or the count alone (htmx names the target).
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.audience.segments import actions, counting, tasks
from userops.audience.segments.defining import defined
from userops.audience.segments.form import Offers, document_of, form_of, tree_of
from userops.audience.segments.members import shown_people
from userops.audience.segments.models import Segment
from userops.errors import DocumentError, UserOpsError
from userops.events.models import Product
from userops.events.store import current
from userops.insights.builder.choices import Choices
from userops.insights.builder.edits import edited
from userops.insights.builder.parameters import Tree
from userops.insights.builder.parameters import tree_of as tree_of_pairs
from userops.query.personal import Sight
from userops.segments import parse
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission
from userops.workspace.sight import seen, sight_of

SAMPLE = 10
OF_THE_PAGE = frozenset({"edit", "q", "query_id", "full", "exact", "segment", "name"})


@product_page(Permission.VIEW)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    return _page(request, product, None)


@product_page(Permission.ANALYSE)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    return _page(request, product, actions.found(product, pk))


def _page(request: HttpRequest, product: Product, segment: Segment | None) -> HttpResponse:
    sight = sight_of(request.granted)  # type: ignore[attr-defined]
    tree = read(request.GET, segment, sight)
    document = document_of(tree)
    context: dict[str, Any] = {
        "segment": segment,
        "control": form_of(tree, Offers(product, segment.pk if segment else None)),
        "choices": Choices(product, reader_language(), sight),
        "document": json.dumps(document, ensure_ascii=False),
        "name": request.GET.get("name", ""),
    }
    target = request.htmx.target  # type: ignore[attr-defined]
    if target == "builder":
        return render(request, "audience/segments/build.html#form", context)
    if target in ("result", "segment-count") or request.GET.get("full"):
        context |= counted(request, product, document, segment)
    if target == "segment-count" and "found" in context:
        return render(request, "audience/segments/build.html#size", context)
    if target == "result":
        response = render(request, "audience/segments/build.html#result", context)
        response["HX-Replace-Url"] = f"{request.path}?{address(document)}"
        return response
    return render(request, "audience/segments/build.html", context)


def address(document: dict[str, Any]) -> str:
    """A document as the parameter of the builder."""
    return urlencode({"q": json.dumps(document, ensure_ascii=False, separators=(",", ":"))})


def read(given: QueryDict, segment: Segment | None, sight: Sight) -> dict[str, Tree]:
    """The form's tree of an address; without one that of the segment as its reader may see it, or an empty group."""
    pairs = [(k, v[-1]) for k, v in given.lists() if k not in OF_THE_PAGE and v]
    if given.get("q"):
        tree = tree_of(_json(str(given["q"])))
    elif pairs:
        tree = tree_of_pairs(pairs)
    elif segment is not None:
        tree = tree_of(seen(segment.document, segment.product, sight)["where"])
    else:
        tree = {"where": {"join": "and", "items": []}}
    if given.get("edit"):
        tree = edited(tree, str(given["edit"]))
    return tree


def _json(text: str) -> dict[str, Any]:
    wrong = DocumentError(
        Words("参数 q 应为 JSON 对象。", "The parameter q must be a JSON object."),
        code="q_not_json",
    )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong from None
    where = found.get("where") if isinstance(found, dict) else None
    if not isinstance(where, dict):
        raise wrong
    # whatever is wrong in it is told with its place
    parse({"product": "any", "where": where}) if not _names_product(where) else None
    return where


def _names_product(where: dict[str, Any]) -> bool:
    """Questions inside name the product; they are looked at when it is known."""
    return '"question"' in json.dumps(where)


def counted(
    request: HttpRequest, product: Product, document: dict[str, Any], segment: Segment | None
) -> dict[str, Any]:
    """Who a definition means, for the templates; or what is wrong with it."""
    begun = time.perf_counter()
    own = segment.pk if segment else None
    try:
        found = counting.count(
            current(),
            product,
            document,
            own=own,
            sample=SAMPLE,
            quick=not (request.GET.get("exact") or request.GET.get("full")),
            acting_user=member(request),
        )
        definition = defined(product, document)
    except UserOpsError as wrong:
        return {"failed": wrong}
    see = Permission.SEE_PEOPLE in request.granted  # type: ignore[attr-defined]
    return {
        "found": found,
        "definition": definition,
        "people": shown_people(product, found.sample, see=see),
        "exact_address": f"{request.path}?{address(document)}&exact=1",
        "took_ms": (time.perf_counter() - begun) * 1000,
    }


@require_POST
@product_page(Permission.ANALYSE)
def save(request: HttpRequest, product: Product) -> HttpResponse:
    """A new segment, or a new definition of one (`segment`)."""
    text, key = request.POST.get("document", ""), request.POST.get("segment", "")
    try:
        document = json.loads(text)
    except ValueError:
        document = {}
    given = request.POST
    try:
        if key.isdecimal():
            segment = actions.found(product, int(key))
            actions.change_segment(
                current(), segment, document=document, acting_user=member(request)
            )
        else:
            segment = actions.create_segment(
                current(),
                product,
                document,
                name=given.get("name", ""),
                description=given.get("description", ""),
                frozen=given.get("frozen") == "true",
                acting_user=member(request),
            )
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        kept = {"name": given.get("name", "")} if given.get("name") else {}
        path = (
            reverse("audience:segment_edit", args=[product.slug, int(key)])
            if key.isdecimal()
            else reverse("audience:segment_new", args=[product.slug])
        )
        return redirect(f"{path}?{address(document)}&{urlencode(kept)}")
    tasks.refresh_segment(segment.pk)
    return redirect("audience:segment", product=product.slug, pk=segment.pk)


@require_POST
@product_page(Permission.ANALYSE)
def upload(request: HttpRequest, product: Product) -> HttpResponse:
    """Keep a list of users; back to the builder, of a new segment or of `segment`, with it as a condition."""
    key = request.POST.get("segment", "")
    page = reverse("audience:segment_new", args=[product.slug])
    if key.isdecimal() and len(key) < 18:
        page = reverse("audience:segment_edit", args=[product.slug, int(key)])
    file = request.FILES.get("file")
    text = request.POST.get("ids", "")
    if file is not None:
        text = file.read().decode("utf-8-sig", errors="replace")
    name = request.POST.get("name") or (file.name if file is not None else "") or ""
    try:
        document = json.loads(request.POST.get("document") or "{}")
        where = actions.read(product, document).as_json()["where"]
        made = actions.upload_list(
            current(), product, _ids(text), name=name, acting_user=member(request)
        )
    except (UserOpsError, ValueError) as wrong:
        messages.error(request, said(wrong) if isinstance(wrong, UserOpsError) else _("Try again."))
        return redirect(page)
    messages.success(
        request,
        _("%(users)s users kept; %(unknown)s ids are not known.")
        % {"users": made.users, "unknown": made.unknown},
    )
    leaf = {"who": "list", "list": made.key}
    joined = {"and": [*where["and"], leaf]} if set(where) == {"and"} else {"and": [where, leaf]}
    return redirect(f"{page}?{address({'where': joined})}")


def _ids(text: str) -> list[str]:
    """One id a line; of a table the first column."""
    return [line.split(",")[0].split("\t")[0].strip().strip('"') for line in text.splitlines()]
