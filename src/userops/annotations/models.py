"""What happened when: a note on the time axis of a product."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.annotations.moments import Moment
from userops.events.models import Product
from userops.workspace.models import User


class Kind(models.TextChoices):
    RELEASE = "release", _("Release")
    CAMPAIGN = "campaign", _("Campaign")
    INCIDENT = "incident", _("Incident")
    OTHER = "other", _("Other")


class Annotation(models.Model):
    """Days and times are those of the wall clock in the product's time zone, so that they stay what
    people wrote. Without `last` it is one moment; without a time, the whole day."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="annotations")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=500)
    link = models.CharField(max_length=1000, blank=True)
    first = models.DateField()
    first_time = models.TimeField(null=True, blank=True)
    last = models.DateField(null=True, blank=True)
    last_time = models.TimeField(null=True, blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-first", "-first_time", "-pk"]
        indexes = [models.Index(fields=["product", "first"], name="annotations_by_day")]

    def __str__(self) -> str:
        return self.text

    @property
    def begins(self) -> Moment:
        return Moment(self.first, self.first_time)

    @property
    def ends(self) -> Moment | None:
        return None if self.last is None else Moment(self.last, self.last_time)

    @property
    def span(self) -> str:
        """`2026-01-05 – 2026-01-09`, `2026-01-05 20:00 – 20:59`."""
        begins, ends = self.begins, self.ends
        if ends is None:
            return begins.text()
        same_day = begins.day == ends.day and begins.time and ends.time
        return f"{begins.text()} – {f'{ends.time:%H:%M}' if same_day else ends.text()}"
