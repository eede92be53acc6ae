"""Pages of topics: all of them with how they move, and one with its words, quotes and tickets."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from userops.events.models import Product
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics import actions
from userops.feedback.topics.growing import state_of
from userops.feedback.topics.models import Topic, shown_topics
from userops.feedback.topics.moving import ALARM, BEFORE, LEAST, moving_topics
from userops.feedback.understanding.words_of import masked_line
from userops.text.personal_data import mask
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.roles import Permission

SHOWN = 50


@product_page(Permission.HANDLE_TICKETS)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    context = {
        "state": state_of(product),
        "rows": moving_topics(product),
        "aside": _aside(product),
        "before": BEFORE,
        "least": LEAST,
        "alarm": ALARM,
    }
    return render(request, "feedback/topics/list.html", context)


def _aside(product: Product) -> QuerySet[Topic]:
    """Merged and dismissed ones, which the list does not show."""
    rows = Topic.objects.filter(product=product, place__isnull=False)
    aside = rows.exclude(merged_into=None, dismissed=None)
    return aside.select_related("merged_into").order_by("name")


@product_page(Permission.HANDLE_TICKETS)
def one(request: HttpRequest, product: Product, topic: int) -> HttpResponse:
    found = get_object_or_404(Topic, product=product, pk=topic)
    moving = next((each for each in moving_topics(product) if each.topic == found), None)
    members = found.members.select_related("ticket__category").order_by("-near", "pk")
    quotes = Ticket.objects.filter(product=product, pk__in=found.quotes)
    context: dict[str, Any] = {
        "topic": found,
        "moving": moving,
        "members": [(each, masked_line(each.ticket)) for each in members[:SHOWN]],
        "quotes": [(each, mask(each.text)[:400]) for each in quotes],
        "categories": Category.objects.filter(product=product, active=True),
        "others": shown_topics(product).exclude(pk=found.pk).order_by("name"),
        "parts": found.parts.order_by("name"),
        "before": BEFORE,
    }
    return render(request, "feedback/topics/one.html", context)


@require_POST
@product_page(Permission.MANAGE_DESK)
def grow(request: HttpRequest, product: Product) -> HttpResponse:
    days, count = request.POST.get("days", "90"), request.POST.get("count", "")
    carried_out(
        request,
        lambda: actions.grow_topics(
            product,
            days=int(days) if days.isdecimal() else 0,
            count=int(count) if count.isdecimal() else None,
            acting_user=member(request),
        ),
    )
    return redirect("topics:list", product.slug)


@require_POST
@product_page(Permission.MANAGE_DESK)
def cancel(request: HttpRequest, product: Product) -> HttpResponse:
    actions.cancel_growing(product, acting_user=member(request))
    return redirect("topics:list", product.slug)


@require_POST
@product_page(Permission.HANDLE_TICKETS)
def rename(request: HttpRequest, product: Product, topic: int) -> HttpResponse:
    found = get_object_or_404(Topic, product=product, pk=topic)
    carried_out(
        request,
        lambda: actions.rename(found, request.POST.get("name", ""), acting_user=member(request)),
    )
    return redirect("topics:one", product.slug, topic)


@require_POST
@product_page(Permission.MANAGE_DESK)
def merge(request: HttpRequest, product: Product, topic: int) -> HttpResponse:
    found = get_object_or_404(Topic, product=product, pk=topic)
    chosen = request.POST.get("into", "")
    into = get_object_or_404(Topic, product=product, pk=int(chosen) if chosen.isdecimal() else 0)
    carried_out(request, lambda: actions.merge(found, into, acting_user=member(request)))
    return redirect("topics:one", product.slug, into.pk)


@require_POST
@product_page(Permission.MANAGE_DESK)
def separate(request: HttpRequest, product: Product, topic: int) -> HttpResponse:
    found = get_object_or_404(Topic, product=product, pk=topic)
    carried_out(request, lambda: actions.separate(found, acting_user=member(request)))
    return redirect("topics:one", product.slug, topic)


@require_POST
@product_page(Permission.MANAGE_DESK)
def dismiss(request: HttpRequest, product: Product, topic: int) -> HttpResponse:
    """`undo`: it is a topic after all."""
    found = get_object_or_404(Topic, product=product, pk=topic)
    actions.dismiss(found, "undo" not in request.POST, acting_user=member(request))
    return redirect("topics:list", product.slug)


@require_POST
@product_page(Permission.MANAGE_DESK)
def accept(request: HttpRequest, product: Product, topic: int) -> HttpResponse:
    found = get_object_or_404(Topic, product=product, pk=topic)
    name, parent = request.POST.get("name", ""), request.POST.get("parent", "")
    chosen = int(parent) if parent.isdecimal() else None
    carried_out(
        request,
        lambda: actions.accept(found, name=name, parent=chosen, acting_user=member(request)),
    )
    return redirect("topics:one", product.slug, topic)
