"""The pages of segments: the list, one segment, what is done to it, its users as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.analyses.registry import BY_KIND
from userops.audience.people import scope_of
from userops.audience.segments import actions, refreshing
from userops.audience.segments.chart import size_chart
from userops.audience.segments.defining import all_defined, defined
from userops.audience.segments.exporting import exported
from userops.audience.segments.members import page_of, shown_people
from userops.audience.segments.models import Definition, Hook, Segment
from userops.audience.segments.past import no_past_day
from userops.audience.segments.using import uses_of
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.events.store import Store, current
from userops.insights.builder.parameters import pairs_of
from userops.insights.exporting import FORMATS
from userops.notices.sealing import unseal
from userops.query.personal import Sight
from userops.words import Words
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.models import User
from userops.workspace.roles import Permission
from userops.workspace.sight import seen, sight_of

PEOPLE = 25
USED_IN = ("trend", "funnel", "retention", "paths", "distribution", "sessions")


@product_page(Permission.VIEW)
def segments(request: HttpRequest, product: Product) -> HttpResponse:
    rows = Segment.objects.filter(product=product).select_related("owner").prefetch_related("sizes")
    context = {"rows": [(each, _spark(each)) for each in rows]}
    return render(request, "audience/segments/list.html", context)


def _spark(segment: Segment) -> list[int]:
    return [each.size for each in segment.sizes.all()][-30:]


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    segment = actions.found(product, pk)
    context = {"segment": segment, **_people(request, product, segment)}
    if request.htmx.target == "people":  # type: ignore[attr-defined]
        return render(request, "audience/segments/one.html#people", context)
    sight = sight_of(request.granted)  # type: ignore[attr-defined]
    context |= {
        "definition": defined(product, seen(segment.document, product, sight)),
        "chart": size_chart(segment, reader_language()),
        "links": _links(product, segment),
        "uses": uses_of(segment),
        "filter": json.dumps({"property": segment.fact, "of": "user", "op": "set"}),
        "history": _history(product, segment, sight),
        "hook": _hook(segment),
    }
    return render(request, "audience/segments/one.html", context)


def _people(request: HttpRequest, product: Product, segment: Segment) -> dict[str, Any]:
    """A page of the members, today's or those of a past day."""
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 8 else 0
    store = current()
    try:
        day = _day(product, request)
        if day is None:
            scope = scope_of(store, product)
            found = refreshing.members_of(segment, scope)
            everyone, past = segment.everyone, None
        else:
            then = refreshing.members_at(store, segment, day)
            found, everyone, past = then.persons, then.everyone, then.words
    except UserOpsError as wrong:
        return {"failed": wrong}
    granted = request.granted  # type: ignore[attr-defined]
    persons = page_of(found, PEOPLE, number * PEOPLE)
    return {
        "people": shown_people(product, persons, see=Permission.SEE_PEOPLE in granted),
        "total": len(found),
        "of_all": everyone,
        "number": number,
        "first": number * PEOPLE + 1,
        "more": (number + 1) * PEOPLE < len(found),
        "day": day,
        "past": past,
    }


def _day(product: Product, request: HttpRequest) -> date | None:
    """The past day that is asked for, or None. Raises `DocumentError` for what is no day."""
    text = request.GET.get("day", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        today = datetime.now(ZoneInfo(product.timezone)).date()
        raise no_past_day(text, today) from None


def _links(product: Product, segment: Segment) -> list[tuple[Any, str]]:
    """Analyses that begin with this segment as a filter, and one that is broken down by it."""
    found = []
    condition = {"pick": f"user:{segment.fact}", "op": "set"}
    for kind in USED_IN:
        analysis = BY_KIND[kind]
        if "filters" not in analysis.document.model_fields:
            continue
        tree = {**analysis.page.starts, "filters": [condition]}
        path = reverse(f"insights:{kind}", args=[product.slug])
        found.append((analysis.words, f"{path}?{urlencode(pairs_of(tree))}"))
    return found


def _history(product: Product, segment: Segment, sight: Sight) -> list[tuple[Definition, Words]]:
    """The definitions it had, newest first, each with its sentence."""
    kept = list(segment.definitions.all()[:20])
    words = all_defined(product, [seen(each.document, product, sight) for each in kept])
    return list(zip(kept, words, strict=True))


def _hook(segment: Segment) -> dict[str, Any] | None:
    hook = Hook.objects.filter(segment=segment).first()
    if hook is None:
        return None
    address = unseal(hook.address)
    return {
        "address": address[:24] + ("…" if len(address) > 24 else ""),
        "deliveries": hook.deliveries.all()[:10],
    }


_DONE: dict[str, Callable[[Store, Segment, User, QueryDict], object]] = {
    "refresh": lambda store, segment, user, given: actions.refresh_segment(
        store, segment, acting_user=user
    ),
    "freeze": lambda store, segment, user, given: actions.change_segment(
        store, segment, frozen=True, acting_user=user
    ),
    "thaw": lambda store, segment, user, given: actions.change_segment(
        store, segment, frozen=False, acting_user=user
    ),
    "rename": lambda store, segment, user, given: actions.change_segment(
        store,
        segment,
        name=given.get("name", ""),
        description=given.get("description", ""),
        acting_user=user,
    ),
    "delete": lambda store, segment, user, given: actions.delete_segment(
        store, segment, acting_user=user
    ),
}


@require_POST
@product_page(Permission.ANALYSE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: refresh, freeze, thaw, rename or delete."""
    segment, do = actions.found(product, pk), request.POST.get("do", "")
    if do not in _DONE:
        raise Http404(do)
    try:
        _DONE[do](current(), segment, member(request), request.POST)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    else:
        if do == "delete":
            return redirect("audience:segments", product=product.slug)
    return redirect("audience:segment", product=product.slug, pk=pk)


@require_POST
@product_page(Permission.MANAGE_SOURCES)
def hook(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Set or remove the webhook."""
    segment, user = actions.found(product, pk), member(request)
    try:
        if request.POST.get("remove"):
            actions.remove_hook(segment, acting_user=user)
        else:
            secret = actions.set_hook(segment, request.POST.get("address", ""), acting_user=user)
            messages.success(
                request, _("Saved. The secret of its signatures: %(secret)s") % {"secret": secret}
            )
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("audience:segment", product=product.slug, pk=pk)


@product_page(Permission.SEE_PEOPLE)
def export(request: HttpRequest, product: Product, pk: int, extension: str) -> HttpResponse:
    """Its users, today's or those of a past day, as a file; noted in the audit log."""
    if extension not in FORMATS:
        raise Http404(extension)
    segment = actions.found(product, pk)
    try:
        day, user = _day(product, request), member(request)
        table, definition = exported(current(), segment, extension, day=day, acting_user=user)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return redirect("audience:segment", product=product.slug, pk=pk)
    form, language = FORMATS[extension], reader_language()
    content = form.write(table, language, definition.text(language))
    response = HttpResponse(content, content_type=form.media_type)
    name = quote(f"{product.slug}-{segment.name}.{form.extension}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
