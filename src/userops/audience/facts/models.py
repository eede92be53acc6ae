"""How the facts of a product are computed, and of which data and day they are."""

from __future__ import annotations

from django.db import models

from userops.audience.facts.definitions import LIFECYCLE_DAYS
from userops.events.models import Product


class FactState(models.Model):
    """Settings and last refresh of one product."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="fact_state")
    value_property = models.CharField(max_length=200, default="amount")
    category_property = models.CharField(max_length=200, blank=True)
    """Empty: the best candidate of the catalogue."""
    lifecycle_days = models.PositiveSmallIntegerField(default=LIFECYCLE_DAYS)

    # the last refresh
    as_of = models.DateField(null=True)
    fingerprint = models.JSONField(default=dict)
    seen = models.JSONField(default=dict)
    """What the last refresh has read (`touched.Seen`), and under `basis` with which settings."""
    renewed = models.PositiveBigIntegerField(null=True)
    """Of how many persons it read the events anew; empty: of all."""
    refreshed = models.DateTimeField(null=True)
    took_ms = models.FloatField(null=True)
    people = models.PositiveBigIntegerField(default=0)
    summaries = models.JSONField(default=dict)
    """By name of the fact: how many people have it, and how its values are spread."""
    category_used = models.CharField(max_length=200, blank=True)


class FactDay(models.Model):
    """What a fact that people decide or rules make (tags, personas) said from a day on, until its next row: as it
    stood at the end of that day, or as it stands so far today."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    day = models.DateField()
    people = models.JSONField(default=dict)
    """By value: the numbers of users who have it, as a bitmap in base 64."""

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name", "day"], name="one_fact_of_a_day")
        ]
