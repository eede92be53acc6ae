"""Times of day in a product's zone, and figures of people beside each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template

from userops.events.models import Product
from userops.publishing import numbers
from userops.workspace.language import reader_language

register = template.Library()


@register.filter
def clock(moment: datetime, product: Product) -> str:
    """{{ time|clock:product }}: 20:05:09."""
    return f"{moment.astimezone(ZoneInfo(product.timezone)):%H:%M:%S}"


@register.filter
def decimals(value: Any, digits: int) -> str:
    """{{ 8.6|decimals:2 }}: 8.60, as wide as 7.17 beside it."""
    return numbers.fixed(value, digits, reader_language()) if numbers.known(value) else numbers.DASH
