"""Putting tags on people and taking them off: one from their own page, many from a segment, ids or a search."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from userops.audience.people import MAX_FOUND
from userops.audience.tags import actions
from userops.audience.tags.models import Kind, Tag
from userops.audience.tags.page import find
from userops.audience.tags.selecting import members_of_key, segment_choices
from userops.errors import UserOpsError
from userops.events.identity import stored_uids
from userops.events.models import Product
from userops.events.store import current
from userops.workspace.access import member, product_page
from userops.workspace.forms import said
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission

MOST_IDS = 100_000


@require_POST
@product_page(Permission.MANAGE_DATA)
def person(request: HttpRequest, product: Product, uid: int) -> HttpResponse:
    """`choice` and `do` (put or take) for one person."""
    tag, value = _choice(request, product)
    user = member(request)
    try:
        if request.POST.get("do") == "take":
            actions.take_off(current(), tag, uid, acting_user=user)
            messages.success(request, _("“%s” is taken off.") % tag.name)
        else:
            actions.put_on(current(), tag, uid, value=value, acting_user=user)
            messages.success(request, _("“%s” is put on.") % tag.name)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("audience:user", product.slug, uid)


def _choice(request: HttpRequest, product: Product) -> tuple[Tag, str]:
    """What a menu of tags and values sends: `12` or `12:gold`."""
    key, _colon, value = request.POST.get("choice", "").partition(":")
    return find(product, int(key) if key.isdecimal() and len(key) < 18 else 0), value


@require_POST
@product_page(Permission.MANAGE_DATA)
def found(request: HttpRequest, product: Product) -> HttpResponse:
    """`choice` for the people of a search, by their `uid`s."""
    tag, value = _choice(request, product)
    uids = [int(each) for each in request.POST.getlist("uid")[:MAX_FOUND] if each.isdecimal()]
    try:
        count = actions.put_on_many(
            current(), tag, uids, value=value, source="search", acting_user=member(request)
        )
        text = ngettext("Put on %(n)s user.", "Put on %(n)s users.", count)
        messages.success(request, text % {"n": f"{count:,}"})
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("audience:tag", product.slug, tag.pk)


def choices(product: Product) -> list[tuple[str, list[tuple[str, str]]]]:
    """The tags that are put on by hand, each with its choices."""
    rows = Tag.objects.filter(product=product, kind__in=[Kind.MANUAL, Kind.IMPORTED])
    return [
        (tag.name, [(f"{tag.pk}:{value}", value) for value in tag.values] or [(str(tag.pk), "")])
        for tag in rows
    ]


@require_POST
@product_page(Permission.MANAGE_DATA)
def many(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`segment`, or `ids` (one per line), with `value` and `do` (put or take)."""
    tag = find(product, pk)
    try:
        persons, source, unknown = _chosen(request, product)
        if request.POST.get("do") == "take":
            count = actions.take_off_many(
                current(), tag, persons, source=source, acting_user=member(request)
            )
            text = ngettext("Taken off %(n)s user.", "Taken off %(n)s users.", count)
        else:
            value = request.POST.get("value", "")
            count = actions.put_on_many(
                current(), tag, persons, value=value, source=source, acting_user=member(request)
            )
            text = ngettext("Put on %(n)s user.", "Put on %(n)s users.", count)
        messages.success(request, text % {"n": f"{count:,}"})
        if unknown:
            text = ngettext("%(n)s id is unknown.", "%(n)s ids are unknown.", unknown)
            messages.warning(request, text % {"n": f"{unknown:,}"})
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("audience:tag", product.slug, pk)


def _chosen(request: HttpRequest, product: Product) -> tuple[list[int], str, int]:
    """The persons, where they are from, and how many ids were unknown."""
    key = request.POST.get("segment", "")
    if key:
        return list(members_of_key(current(), product, key)), _named(product, key), 0
    lines = [line.strip() for line in request.POST.get("ids", "").splitlines()]
    ids = list(dict.fromkeys(line for line in lines if line))[:MOST_IDS]
    found = stored_uids(product.pk, ids)
    return list(found.values()), "ids", len(ids) - len(found)


def _named(product: Product, key: str) -> str:
    """What the history calls a segment."""
    words = dict(segment_choices(product)).get(key)
    return words.text(reader_language()) if words else key
