"""The request that a product's page gets, once `product_page` has let it through."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from userops.events.models import Product
from userops.workspace.models import User
from userops.workspace.roles import Permission


class MemberRequest(HttpRequest):
    """A request by a member of a product; for annotations only."""

    user: User
    product: Product
    granted: frozenset[Permission]
    htmx: HtmxDetails
    LANGUAGE_CODE: str
