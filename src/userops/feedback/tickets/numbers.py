"""Ticket numbers: 1, 2, 3 … in each product, without gaps and twins."""

from __future__ import annotations

from django.db.models import F

from userops.events.models import Product
from userops.feedback.tickets.models import Numbering


def next_number(product: Product) -> int:
    """Inside a transaction: the row stays locked until it ends."""
    Numbering.objects.get_or_create(product=product)
    mine = Numbering.objects.filter(product=product)
    mine.update(last=F("last") + 1)
    return mine.values_list("last", flat=True).get()
