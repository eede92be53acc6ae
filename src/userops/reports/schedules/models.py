"""Schedules of reports, their runs, and what was sent to whom."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.calendars.reading import calendar_of
from userops.events.models import Product
from userops.notices.models import Channel
from userops.reports.models import Issue
from userops.reports.schedules.timing import Rule, in_words
from userops.words import Words
from userops.workspace.models import User


class Schedule(models.Model):
    """What is built when, and to whom it goes. Times are in the product's zone."""

    class Cadence(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")
        FIRST_WORKING_DAY = "first_working_day", _("first working day of the month")

    class About(models.TextChoices):
        WEEK = "week", _("last week")
        MONTH = "month", _("last month")
        QUARTER = "quarter", _("last quarter")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="report_schedules")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=8, choices=About.choices, default=About.MONTH)
    cadence = models.CharField(max_length=20, choices=Cadence.choices, default=Cadence.MONTHLY)
    weekday = models.PositiveSmallIntegerField(default=0)
    day = models.PositiveSmallIntegerField(default=1)
    at = models.TimeField()
    shift = models.BooleanField(default=True)
    """A day off gives way to the next working day."""
    formats = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    attach = models.BooleanField(default=True)
    """Files go with the mail; else only the link."""
    members = models.ManyToManyField(User, blank=True, related_name="+")
    addresses = models.JSONField(default=list)
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")
    active = models.BooleanField(default=True)
    next_due = models.DateTimeField()
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["active", "next_due"], name="report_schedules_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        return Rule(self.cadence, self.about, self.weekday, self.day, self.at, self.shift)  # type: ignore[arg-type]

    @property
    def when(self) -> Words:
        """When it is due, for people."""
        return in_words(self.rule)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.product.timezone)


class Run(models.Model):
    """One period of one schedule: made once, however often it is asked for."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        BUILDING = "building", _("being computed")
        SENDING = "sending", _("being sent")
        DONE = "done", pgettext_lazy("schedule", "done")
        FAILED = "failed", _("given up")

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="runs")
    period = models.CharField(max_length=30)
    planned = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    """Who had it run now; nobody when it was due."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due = models.DateTimeField()
    """When it is taken up, or, while someone works on it, until when that one has it."""
    tries = models.PositiveSmallIntegerField(default=0)
    issue = models.ForeignKey(Issue, null=True, on_delete=models.SET_NULL, related_name="+")
    files = models.JSONField(default=list)
    """By file: name, language, format, size, sha256."""
    error = models.JSONField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "period"], name="one_run_per_period")
        ]

    @property
    def error_words(self) -> Words | None:
        return Words(**self.error) if self.error else None


class Dispatch(models.Model):
    """One mail of a run, or one message that was handed to the notices: the outbox and its log."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        HANDED = "handed", _("handed to the channel")
        FAILED = "failed", _("given up")
        UNKNOWN = "unknown", _("perhaps sent")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="dispatches")
    to = models.CharField(max_length=254)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    channel = models.ForeignKey(Channel, null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    files = models.JSONField(default=list)
    """What went with it: name and sha256."""
    error = models.JSONField(null=True, blank=True)
    sent = models.DateTimeField(null=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "to"], name="sent_once_per_run")]

    @property
    def error_words(self) -> Words | None:
        return Words(**self.error) if self.error else None


def due_after(schedule: Schedule, after: datetime) -> datetime:
    """When it is due next."""
    from userops.reports.schedules.timing import next_due

    return next_due(schedule.rule, after, schedule.zone, calendar_of(schedule.product))
