"""Sources: where data comes from, and how to connect more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from userops.collect.sources.snippets import SNIPPETS
from userops.config import current
from userops.errors import UserOpsError
from userops.events import store
from userops.events.models import Product, WriteKey
from userops.workspace import actions
from userops.workspace.access import product_page
from userops.workspace.requests import MemberRequest
from userops.workspace.roles import Permission

ARRIVED = """
select source, count() as events, uniqExact(uid) as users, max(ts) as latest
from events where product = {product:UInt32} group by source order by events desc
"""


@product_page(Permission.MANAGE_DATA)
@require_GET
def sources(request: MemberRequest, product: Product) -> HttpResponse:
    keys = product.write_keys.order_by("revoked", "pk")
    key = keys.filter(revoked=None).first()
    address = current().public_url or request.build_absolute_uri("/").rstrip("/")
    snippets = [(each, each.filled(address, key.key if key else "…")) for each in SNIPPETS]
    arrived = store.current().engine.rows(ARRIVED, {"product": product.pk})
    context = {"keys": keys, "snippets": snippets, "arrived": arrived, "address": address}
    return render(request, "collect/sources/page.html", context)


@product_page(Permission.MANAGE_SOURCES)
@require_POST
def create_key(request: MemberRequest, product: Product) -> HttpResponse:
    try:
        actions.create_write_key(
            product, name=request.POST.get("name", ""), acting_user=request.user
        )
        messages.success(request, _("The write key is made."))
    except UserOpsError as wrong:
        messages.error(request, wrong.words.text(request.LANGUAGE_CODE))
    return redirect("collect:sources", product.slug)


@product_page(Permission.MANAGE_SOURCES)
@require_POST
def revoke_key(request: MemberRequest, product: Product, key: int) -> HttpResponse:
    found = get_object_or_404(WriteKey, product=product, pk=key)
    actions.revoke_write_key(found, acting_user=request.user)
    messages.success(request, _("The write key is revoked: what still sends with it is refused."))
    return redirect("collect:sources", product.slug)
