"""The topics of open answers are grown, or that is stopped."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from userops.events.models import Product
from userops.experience.surveys.pages.finding import find
from userops.experience.surveys.pages.results import wanted_of
from userops.experience.surveys.topics import actions
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.roles import Permission


@require_POST
@product_page(Permission.RUN_SURVEYS)
def topics(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: grow or cancel; which answers stands in the address, as on the page of results."""
    survey, wanted = find(product, pk), wanted_of(request)
    act = actions.cancel_topics if request.POST.get("do") == "cancel" else actions.grow_topics
    language = get_language() or "zh-hans"
    carried_out(request, lambda: act(survey, wanted, language, acting_user=member(request)))
    shown = {"tab": "topics", "of": wanted.way, "since": wanted.since, "until": wanted.until}
    query = urlencode({name: value for name, value in shown.items() if value})
    return redirect(f"{reverse('surveys:one', args=[product.slug, pk])}?{query}")
