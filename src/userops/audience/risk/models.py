"""How the churn risk of a product is computed, and what the last refresh found."""

from __future__ import annotations

from django.db import models

from userops.events.models import Product


class RiskState(models.Model):
    """Settings and last refresh of one product. The chances themselves are the fact `$risk`."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="risk_state")
    event = models.CharField(max_length=200, default="*")
    """The core action; `*` is any event."""
    window = models.PositiveSmallIntegerField(default=14)

    # the last refresh
    as_of = models.DateField(null=True)
    refreshed = models.DateTimeField(null=True)
    people = models.PositiveBigIntegerField(default=0)
    found = models.JSONField(default=dict)
    """What the page shows: `reason`, `bands`, `metrics`, `test`, and `top`: persons with their reasons."""
