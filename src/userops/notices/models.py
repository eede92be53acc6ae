"""What members are told, where else it goes, and what was sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import User


class Notice(models.Model):
    """One line in a member's list. Texts stand in both languages: the reader's is shown."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    """What it is about; the same is told to one member once."""
    tone = models.CharField(max_length=5, blank=True)
    title = models.JSONField()
    body = models.JSONField()
    link = models.CharField(max_length=1000, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    read = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["user", "read"], name="notices_unread")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="told_once")]

    @property
    def title_words(self) -> Words:
        return Words(**self.title)

    @property
    def body_words(self) -> Words:
        return Words(**self.body)


class Channel(models.Model):
    """A robot or hook outside. `address` is sealed and never shown again; `shown` tells them apart."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=100)
    service = models.CharField(max_length=40)
    address = models.TextField()
    shown = models.CharField(max_length=80)
    language = models.CharField(max_length=10, default="zh-hans")
    active = models.BooleanField(default=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message to one channel or, by mail, to one member: what is due, and what was sent."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=160, unique=True)
    """What it is about and where it goes: made once, however often that is asked for."""
    title = models.JSONField()
    body = models.JSONField()
    link = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField()
    error = models.JSONField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["state", "due"], name="deliveries_due")]

    @property
    def title_words(self) -> Words:
        return Words(**self.title)

    @property
    def error_words(self) -> Words | None:
        return Words(**self.error) if self.error else None
