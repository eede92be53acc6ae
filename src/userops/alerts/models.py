"""Alerts on saved trends, and what each found in every period."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.events.models import Product
from userops.insights.models import SavedAnalysis
from userops.notices.models import Channel
from userops.words import Words
from userops.workspace.models import User


class Kind(models.TextChoices):
    THRESHOLD = "threshold", _("A limit")
    ANOMALY = "anomaly", _("Unusual for its season")


class Rule(models.TextChoices):
    ABOVE = "above", _("is above")
    BELOW = "below", _("is below")
    RISE = "rise", _("rises by more than")
    FALL = "fall", _("falls by more than")
    CHANGE = "change", _("rises or falls by more than")


class Base(models.TextChoices):
    PREVIOUS = "previous", _("the period before")
    SEASON = "season", _("the same weekday (or hour) a week before")


class Side(models.TextChoices):
    BOTH = "both", _("above and below")
    ABOVE = "above", _("above only")
    BELOW = "below", _("below only")


class Sensitivity(models.TextChoices):
    HIGH = "high", _("High: a false alarm about every 50 periods")
    NORMAL = "normal", _("Normal: about every 200")
    LOW = "low", _("Low: about every 1000")


FALSE_ALARMS = {Sensitivity.HIGH: 0.02, Sensitivity.NORMAL: 0.005, Sensitivity.LOW: 0.001}


class Alert(models.Model):
    """Watches one line of a saved trend. The trend may change: it is read anew each time."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="alerts")
    analysis = models.ForeignKey(SavedAnalysis, on_delete=models.CASCADE, related_name="alerts")
    name = models.CharField(max_length=200)
    series = models.PositiveSmallIntegerField(default=0)
    """Of the trend: its series first, then its formulas."""
    breakdown = models.JSONField(default=dict, blank=True)
    """Value of each breakdown; empty for the whole."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    rule = models.CharField(max_length=8, choices=Rule.choices, default=Rule.BELOW)
    limit = models.FloatField(default=0)
    """A value, or a share (0.2: 20%) for a change."""
    base = models.CharField(max_length=8, choices=Base.choices, default=Base.PREVIOUS)
    side = models.CharField(max_length=5, choices=Side.choices, default=Side.BOTH)
    sensitivity = models.CharField(
        max_length=6, choices=Sensitivity.choices, default=Sensitivity.NORMAL
    )
    wait_minutes = models.PositiveIntegerField(default=10)
    """After the end of a period, for events that come late."""
    members = models.ManyToManyField(User, blank=True, related_name="+")
    mail = models.BooleanField(default=False)
    channels = models.ManyToManyField(Channel, blank=True, related_name="alerts")
    active = models.BooleanField(default=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    # what the last checks found
    next_due = models.DateTimeField(db_index=True)
    judged_to = models.DateTimeField(null=True, blank=True)
    """End of the last period that was judged."""
    outside_since = models.CharField(max_length=40, blank=True)
    """First period outside; empty while all is well."""
    told = models.BooleanField(default=False)
    """Whether that was told, or a snooze kept it."""
    problem = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None

    def snoozed(self, now: datetime) -> bool:
        return self.snoozed_until is not None and self.snoozed_until > now


class Check(models.Model):
    """What an alert found in one period: judged once."""

    class Outcome(models.TextChoices):
        INSIDE = "inside", _("within bounds")
        OUTSIDE = "outside", _("outside")
        UNDEFINED = "undefined", _("no value to compare")

    class Event(models.TextChoices):
        NOTHING = "", ""
        FIRED = "fired", _("fired")
        RECOVERED = "recovered", _("back to normal")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="checks")
    period = models.CharField(max_length=40)
    ended = models.DateTimeField()
    value = models.FloatField(null=True)
    base = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    event = models.CharField(max_length=9, choices=Event.choices, blank=True)
    told = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)
    explained = ""
    """The page that says where the figure moved, once somebody has found it."""

    class Meta:
        ordering = ["-ended", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "period"], name="judged_once"),
        ]

    @property
    def label(self) -> str:
        """The period as an axis shows it: `2026-01-05`, `2026-01-05 13:00`."""
        return self.period[:16].replace("T", " ")
