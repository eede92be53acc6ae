"""One user: who they are, what they did; export, erase, merge and its undo."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.audience import actions
from userops.audience.facts.definitions import FACTS
from userops.audience.facts.reading import of_person
from userops.audience.facts.refreshing import state_of
from userops.audience.people import Identity, identity_of, name_in
from userops.audience.person import calendar
from userops.audience.person.labels import Labels
from userops.audience.tags.marking import choices
from userops.audience.tags.models import Tag
from userops.errors import NotFound
from userops.events import profiles, store, timeline
from userops.events.models import Product
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.roles import Permission

PAGE = 60
TOP_EVENTS = 8


def _person(product: Product, uid: int) -> Identity:
    try:
        return identity_of(product, uid)
    except (NotFound, OverflowError):
        raise Http404(uid) from None


@product_page(Permission.SEE_PEOPLE)
def user(request: HttpRequest, product: Product, uid: int) -> HttpResponse:
    """The page; asked by htmx with `before`, only the next piece of the timeline."""
    who = _person(product, uid)
    if who.uid != uid:
        return redirect("audience:user", product=product.slug, uid=who.uid)
    context = {"who": who, **_timeline(request, product, who)}
    if request.htmx and "before" in request.GET:  # type: ignore[attr-defined]
        return render(request, "audience/person/timeline.html", context)
    context |= _facts(product, who) | _activity(request, product, who) | _computed(product, who)
    return render(request, "audience/person/page.html", context)


def _timeline(request: HttpRequest, product: Product, who: Identity) -> dict[str, Any]:
    engine, before = store.current().engine, request.GET.get("before", "")
    try:
        found = timeline.moments(engine, product.pk, who.uids, before=before, limit=PAGE + 1)
    except (ValueError, OverflowError):
        raise Http404(before) from None
    shown = found[:PAGE]
    labels = Labels(product)
    return {
        "days": [
            {
                "day": day.day,
                "sessions": [
                    {"session": each, "moments": [labels.told(one) for one in each.moments]}
                    for each in day.sessions
                ],
            }
            for day in timeline.by_day(shown, product.timezone)
        ],
        "older": shown[-1].cursor if len(found) > PAGE else "",
        "begun_before": bool(before),
    }


def _facts(product: Product, who: Identity) -> dict[str, Any]:
    summary = timeline.summary(store.current().engine, product.pk, who.uids)
    labels, profile = Labels(product), profiles.of_person(product.pk, who.uids)
    names = {row.uid: row.distinct_id for row in who.ids}
    return {
        "name": name_in(profile),
        "profile": [(labels.user_property(key), value) for key, value in sorted(profile.items())],
        "summary": summary,
        "top": [(labels.event(each.event), each.events) for each in summary.by_event[:TOP_EVENTS]],
        "merges": {merge.uid: merge for merge in who.merges},
        "ids": [
            (row, next((each for each in who.merges if each.uid == row.uid), None))
            for row in who.ids
        ],
        "names": names,
    }


def _computed(product: Product, who: Identity) -> dict[str, Any]:
    """What was computed of them, in the order in which facts are listed, as of which day; and their tags."""
    found = {each.name: each for each in of_person(store.current(), product, who.uids)}
    rows = [tag for tag in Tag.objects.filter(product=product) if tag.fact in found]
    return {
        "tags": [(tag, found[tag.fact].shown, not tag.refreshes) for tag in rows],
        "tag_choices": choices(product),
        "computed": [found[fact.name] for fact in FACTS if fact.name in found],
        "as_of": state_of(product).as_of,
    }


def _activity(request: HttpRequest, product: Product, who: Identity) -> dict[str, Any]:
    zone = ZoneInfo(product.timezone)
    today = datetime.now(UTC).astimezone(zone).date()
    engine = store.current().engine
    newest = timeline.moments(engine, product.pk, who.uids, limit=1)
    last = newest[0].ts.astimezone(zone).year if newest else today.year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 1970 <= int(asked[:5]) <= 2200 else last
    events = timeline.activity(engine, product.pk, who.uids, year=year, timezone=product.timezone)
    return {
        "year": year,
        "cells": calendar.cells(year, events, today),
        "active_days": len(events),
        "year_events": sum(events.values()),
        "next_year": year + 1 if year < today.year else None,
    }


@require_POST
@product_page(Permission.EXPORT_PEOPLE)
def export(request: HttpRequest, product: Product, uid: int) -> HttpResponse:
    """Everything about a person as a JSON file."""
    _person(product, uid)
    opened = store.current()
    record = actions.export_person(opened, product, uid, acting_user=member(request))
    text = json.dumps(record, ensure_ascii=False, indent=2, default=str)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{product.slug}-user-{uid}.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@product_page(Permission.ERASE)
def erase(request: HttpRequest, product: Product, uid: int) -> HttpResponse:
    _person(product, uid)
    confirm, acting = request.POST.get("confirm", ""), member(request)
    erased = carried_out(
        request,
        lambda: actions.erase_person(
            store.current(), product, uid, confirm=confirm, acting_user=acting
        ),
        _("The user is erased. The proof is kept without any id."),
    )
    if erased:
        return redirect("audience:users", product=product.slug)
    return redirect("audience:user", product=product.slug, uid=uid)


@require_POST
@product_page(Permission.MANAGE_SOURCES)
def merge(request: HttpRequest, product: Product, uid: int) -> HttpResponse:
    _person(product, uid)
    other, acting = request.POST.get("other", ""), member(request)
    carried_out(
        request,
        lambda: actions.merge_people(
            store.current(), product, uid, other_id=other, acting_user=acting
        ),
        _("The two are one person now."),
    )
    return redirect("audience:user", product=product.slug, uid=uid)


@require_POST
@product_page(Permission.MANAGE_SOURCES)
def unmerge(request: HttpRequest, product: Product, uid: int, link: int) -> HttpResponse:
    _person(product, uid)
    acting = member(request)
    carried_out(
        request,
        lambda: actions.undo_merge(store.current(), product, link, acting_user=acting),
        _("The merge is undone: they are two persons again."),
    )
    return redirect("audience:user", product=product.slug, uid=uid)
