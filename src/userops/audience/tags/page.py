"""The pages of tags: the list, the form, one with its distribution and history, its people, and what is done."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from userops.audience import people
from userops.audience.tags import actions, assigning, importing
from userops.audience.tags.deciding import check_told, may_decide
from userops.audience.tags.describing import describe
from userops.audience.tags.form import TagForm
from userops.audience.tags.listing import as_seen
from userops.audience.tags.models import Kind, Tag, TagChange
from userops.audience.tags.selecting import segment_choices
from userops.errors import NotFound, UserOpsError
from userops.events.limits import BY_CODE
from userops.events.models import Product
from userops.events.store import current
from userops.query.codes import code_words
from userops.query.personal import Sight
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.roles import Permission
from userops.workspace.sight import sight_of

PAGE = 50
HISTORY = 100


def find(product: Product, pk: int) -> Tag:
    try:
        return actions.find(product, pk)
    except NotFound:
        raise Http404(pk) from None


@product_page(Permission.VIEW)
def tags(request: HttpRequest, product: Product) -> HttpResponse:
    sight = sight_of(request.granted)  # type: ignore[attr-defined]
    found = Tag.objects.filter(product=product).select_related("owner")
    rows = [as_seen(tag, sight) for tag in found]
    return render(request, "audience/tags/list.html", {"rows": rows, "kinds": Kind.choices})


@product_page(Permission.ANALYSE)
def new(request: HttpRequest, product: Product) -> HttpResponse:
    """The form of one kind."""
    kind = request.GET.get("kind", request.POST.get("kind", Kind.MANUAL.value))
    if kind not in Kind.values:
        raise Http404(kind)
    decides = Permission.SEE_PEOPLE in request.granted  # type: ignore[attr-defined]
    form = TagForm(request.POST or None, product=product, kind=kind, decides=decides)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_tag(
                current(), product, form.wanted(), acting_user=member(request)
            )
            messages.success(request, _("The tag “%s” is made.") % made.name)
            return redirect("audience:tag", product.slug, made.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {"form": form, "kind": kind, "kinds": Kind.choices}
    return render(request, "audience/tags/form.html", context)


@product_page(Permission.ANALYSE)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    tag, user = find(product, pk), member(request)
    check_told(tag, sight_of(request.granted))  # type: ignore[attr-defined]
    decides = may_decide(tag, user)
    form = TagForm(request.POST or None, product=product, kind=tag.kind, tag=tag, decides=decides)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_tag(current(), tag, form.wanted(), acting_user=user)
            messages.success(request, _("Saved."))
            return redirect("audience:tag", product.slug, tag.pk)
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {"form": form, "tag": tag, "kind": tag.kind}
    return render(request, "audience/tags/form.html", context)


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Its coverage, distribution, definition and history, and what may be done with it."""
    sight = sight_of(request.granted)  # type: ignore[attr-defined]
    tag = as_seen(find(product, pk), sight)
    told = sight is Sight.ALL or not tag.is_personal
    context = {
        "tag": tag,
        "definition": describe(current(), tag),
        "rows": spread(tag),
        "history": [(each, _refused(each)) for each in tag.changes.all()[:HISTORY] if told],
        "waiting": len(importing.waiting(tag)) if not tag.refreshes else 0,
        "segments": segment_choices(product) if not tag.refreshes else [],
        "filter": json.dumps(_filter(tag), ensure_ascii=False),
    }
    return render(request, "audience/tags/one.html", context)


def _refused(change: TagChange) -> list[tuple[Words, int]]:
    """Why rows of an import were refused, in words."""
    found = change.details.get("refused", {})
    return [(BY_CODE[code].words, count) for code, count in found.items() if code in BY_CODE]


def spread(tag: Tag) -> list[dict[str, Any]]:
    """People by value, in the order of the tag's values, then what else is there."""
    names = [*tag.values, *(name for name in tag.counts if name not in tag.values)]
    return [
        {
            "value": name,
            "words": code_words(name),
            "people": tag.counts.get(name, 0),
            "share": tag.counts.get(name, 0) / tag.people if tag.people else None,
        }
        for name in names
    ]


def _filter(tag: Tag) -> dict[str, Any]:
    """The tag as a condition of a document."""
    condition = {"property": tag.fact, "of": "user"}
    return condition | ({"op": "is", "value": tag.values[0]} if tag.values else {"op": "set"})


@product_page(Permission.SEE_PEOPLE)
def tagged(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Who has the tag, page by page; `value` for one value."""
    tag, value = find(product, pk), request.GET.get("value", "")
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 8 else 1
    found, total = assigning.page_of(
        current(), tag, value=value, limit=PAGE, offset=max(0, number - 1) * PAGE
    )
    shown = people.described(current(), product, [person for person, _value in found])
    values = dict(found)
    context = {
        "tag": tag,
        "value": value,
        "rows": [(each, code_words(values[each.uid])) for each in shown],
        "page": Paginator(range(total), PAGE).get_page(number),
        "total": total,
    }
    return render(request, "audience/tags/people.html", context)


@require_POST
@product_page(Permission.ANALYSE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: refresh or delete."""
    tag = find(product, pk)
    try:
        if request.POST.get("do") == "delete":
            actions.delete_tag(current(), tag, acting_user=member(request))
            messages.success(request, _("The tag “%s” is deleted.") % tag.name)
            return redirect("audience:tags", product.slug)
        actions.refresh_tag(current(), tag, acting_user=member(request))
        messages.success(request, _("Refreshed."))
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("audience:tag", product.slug, pk)


@require_POST
@product_page(Permission.MANAGE_DATA)
def upload(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """A file of ids and values; without one, the refused rows once more."""
    tag, file = find(product, pk), request.FILES.get("file")
    try:
        if file is None:
            outcome = importing.retry(current(), tag, acting_user=member(request))
        else:
            outcome = _imported(request, tag, file)
        text = ngettext(
            "%(n)s user has the tag by this file.",
            "%(n)s users have the tag by this file.",
            outcome.people,
        )
        messages.success(request, text % {"n": f"{outcome.people:,}"})
        if refused := sum(outcome.refused.values()):
            text = ngettext(
                "%(n)s row was refused and is in quarantine.",
                "%(n)s rows were refused and are in quarantine.",
                refused,
            )
            messages.warning(request, text % {"n": f"{refused:,}"})
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("audience:tag", product.slug, pk)


def _imported(request: HttpRequest, tag: Tag, file: Any) -> importing.Outcome:
    name = Path(file.name or "file").name[-150:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{''.join(Path(name).suffixes[-2:])}"
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        return importing.import_file(
            current(),
            tag,
            path,
            name=name,
            replace=request.POST.get("mode") == "replace",
            new_values=request.POST.get("new_values") == "on",
            acting_user=member(request),
        )
