"""Times of day in a product's zone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from userops.events.models import Product

register = template.Library()


@register.filter
def clock(moment: datetime, product: Product) -> str:
    """{{ time|clock:product }}: 20:05:09."""
    return f"{moment.astimezone(ZoneInfo(product.timezone)):%H:%M:%S}"
