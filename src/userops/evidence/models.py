"""Links between things of different slices."""

from __future__ import annotations

from django.db import models

from userops.events.models import Product
from userops.workspace.models import User


class Link(models.Model):
    """An arrow from one thing to another: this proves, caused, answers or resembles that. A thing is a
    kind (`ticket`, `analysis`, `segment` …) and its key within the product."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="links")
    from_kind = models.CharField(max_length=30)
    from_key = models.CharField(max_length=200)
    to_kind = models.CharField(max_length=30)
    to_key = models.CharField(max_length=200)
    relation = models.CharField(max_length=30)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["product", "to_kind", "to_key"], name="evidence_backwards")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "from_kind", "from_key", "to_kind", "to_key", "relation"],
                name="linked_once",
            )
        ]
