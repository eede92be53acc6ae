"""The model that is plugged in, every use of it, and the words that it gave."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import User


class PluggedModel(models.Model):
    """One product's model. `key` is sealed, and neither shown nor logged."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="+")
    active = models.BooleanField(default=False)
    address = models.CharField(max_length=500)
    model = models.CharField(max_length=200)
    key = models.TextField(blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    budget = models.PositiveIntegerField(default=200)
    """Requests of one day, by the product's time zone."""
    seconds = models.PositiveSmallIntegerField(default=30)
    """The longest that one request may take."""
    wait_until = models.DateTimeField(null=True, blank=True)
    """The service asked for patience: nothing is sent before."""


class Kind(models.TextChoices):
    """What words are asked for."""

    TOPIC = "topic", pgettext_lazy("model use", "Topic")
    TICKET = "ticket", pgettext_lazy("model use", "Ticket")
    TEST = "test", pgettext_lazy("model use", "Test")


class Use(models.Model):
    """One request: what left the house, word for word, and what came of it."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=500)
    model = models.CharField(max_length=200)
    sent = models.TextField()
    """The body as it was sent; emptied after `KEPT` days."""
    milliseconds = models.PositiveIntegerField(default=0)
    problem = models.JSONField(null=True, blank=True)
    """Why there was no answer; null where there was one."""

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["product", "at"], name="model_uses_of_day")]

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None


class Wording(models.Model):
    """What a model wrote about one thing. It stands beside the words of rules and never replaces them."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("run", "Waiting")
        DONE = "done", pgettext_lazy("run", "Done")
        FAILED = "failed", pgettext_lazy("run", "Failed")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=40)
    """Of the topic, or the number of the ticket."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    name = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True)
    model = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    edited_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    problem = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("words of a model")
        constraints = [
            models.UniqueConstraint(fields=["product", "kind", "key"], name="one_wording_of_thing")
        ]

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None
