"""Segments, the definitions they had, their sizes by day, and what a webhook is told."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.events.fact_names import segment_key
from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import User


class Segment(models.Model):
    """A rule. Who it means stands in the engine, as the fact `$segment/<id>`."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    document = models.JSONField()
    frozen = models.BooleanField(
        default=False, help_text="Keeps the users it had, whatever they do later."
    )
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    # what the last refresh found
    size = models.PositiveBigIntegerField(null=True)
    everyone = models.PositiveBigIntegerField(default=0)
    refreshed = models.DateTimeField(null=True)
    seen = models.CharField(max_length=60, blank=True)
    """Version of the product's data and day at the last refresh: until they change, nothing does."""
    problem = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_segment_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fact(self) -> str:
        """The name of its fact in documents."""
        return segment_key(self.pk)

    @property
    def share(self) -> float | None:
        return self.size / self.everyone if self.size is not None and self.everyone else None

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None


class Definition(models.Model):
    """A definition that a segment had from a moment on."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="definitions")
    document = models.JSONField()
    frozen = models.BooleanField(default=False)
    changed_by = models.CharField(max_length=254, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]


class SizeOfDay(models.Model):
    """How many users a segment had at the end of a day; today: so far."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="sizes")
    day = models.DateField()
    size = models.PositiveBigIntegerField()
    everyone = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="one_size_of_a_day")]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class Hook(models.Model):
    """Where it is told who enters and leaves a segment. Address and secret are sealed."""

    segment = models.OneToOneField(Segment, on_delete=models.CASCADE, related_name="hook")
    address = models.TextField()
    secret = models.TextField()
    active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)


class HookDelivery(models.Model):
    """One request to a hook: written in the transaction that makes the new membership count."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    """Sent along, so that a receiver knows a request that comes twice."""
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    entered = models.JSONField(default=list)
    left = models.JSONField(default=list)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField(db_index=True)
    error = models.JSONField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    sent = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    @property
    def error_words(self) -> Words | None:
        return Words(**self.error) if self.error else None
