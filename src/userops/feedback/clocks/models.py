"""Policies, terms of teams, the clocks of tickets, and whom they have told."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.calendars.models import WorkCalendar
from userops.events.models import Product
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Severity, Ticket
from userops.notices.models import Channel
from userops.workspace.models import User


class Policy(models.Model):
    """What is promised to which tickets. The first that fits holds, in the order of `position`."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="clock_policies")
    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)
    severities = models.JSONField(default=list, blank=True)
    categories = models.ManyToManyField(Category, blank=True, related_name="+")
    """Whole branches."""
    tiers = models.JSONField(default=list, blank=True)
    calendar = models.ForeignKey(
        WorkCalendar, null=True, blank=True, on_delete=models.PROTECT, related_name="policies"
    )
    """None: the standard one."""
    first = models.PositiveIntegerField(null=True, blank=True)
    """Working minutes to the first answer, to each further one, to the solution, and for a team to which
    it was handed; none: nothing is promised."""
    next = models.PositiveIntegerField(null=True, blank=True)
    resolution = models.PositiveIntegerField(null=True, blank=True)
    team = models.PositiveIntegerField(null=True, blank=True)
    steps = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_policy_of_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def severity_names(self) -> list[str]:
        return [str(Severity(each).label) for each in self.severities]


class TeamTerms(models.Model):
    """A team's own clock: its hours, and how long it may have a ticket that was handed to it."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="terms")
    calendar = models.ForeignKey(
        WorkCalendar, null=True, blank=True, on_delete=models.PROTECT, related_name="team_terms"
    )
    minutes = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)


class Clock(models.Model):
    """One clock of one ticket, as it was computed last. One that has ended stays as it was judged then."""

    class Kind(models.TextChoices):
        FIRST = "first", _("First response")
        NEXT = "next", _("Next response")
        RESOLUTION = "resolution", pgettext_lazy("clock", "Resolution")
        TEAM = "team", _("Handed over")

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("clock", "running")
        PAUSED = "paused", pgettext_lazy("clock", "paused")
        MET = "met", _("in time")
        LATE = "late", pgettext_lazy("clock", "late")
        CANCELLED = "cancelled", pgettext_lazy("clock", "left out")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField()
    """The how-manieth of its kind."""
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    started = models.DateTimeField()
    target = models.PositiveIntegerField(null=True)
    """Working minutes."""
    due = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    ended = models.DateTimeField(null=True)
    reopened = models.DateTimeField(null=True)
    """When the user needed more after all."""
    pauses = models.PositiveIntegerField(default=0)
    paused_since = models.DateTimeField(null=True)
    paused_seconds = models.PositiveBigIntegerField(default=0)
    """Of ended pauses, by the wall clock."""
    policy = models.ForeignKey(Policy, null=True, on_delete=models.SET_NULL, related_name="+")
    policy_version = models.PositiveIntegerField(default=0)
    calendar = models.ForeignKey(
        WorkCalendar, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    calendar_version = models.PositiveIntegerField(default=0)
    next_step = models.DateTimeField(null=True)
    """When somebody is to be told next; within working time."""

    class Meta:
        ordering = ["started", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "kind", "number"], name="one_clock_of_kind_and_number"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "due"], name="clocks_due"),
            models.Index(
                fields=["next_step"], name="clocks_step", condition=Q(next_step__isnull=False)
            ),
        ]

    def overdue(self, now: datetime) -> bool:
        """Whether it runs on beyond its time."""
        return self.ended is None and self.due is not None and self.due < now

    @property
    def paused_time(self) -> timedelta:
        return timedelta(seconds=self.paused_seconds)


class Alarm(models.Model):
    """Somebody was told that a clock had used so much of its time: once."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="alarms")
    percent = models.PositiveIntegerField()
    target = models.PositiveIntegerField()
    """Of another target it is told again."""
    at = models.DateTimeField()
    told = models.ManyToManyField(User, blank=True, related_name="+")
    channels = models.ManyToManyField(Channel, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "percent", "target"], name="told_of_a_step_once"
            )
        ]


class Recomputing(models.Model):
    """A policy or a calendar changed: the running clocks of a product are to be computed anew. What a stop or a kill
    cut short goes on; what changes meanwhile asks anew."""

    product = models.OneToOneField(
        Product, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    asked = models.DateTimeField()
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    """Tickets."""
    ended = models.DateTimeField(null=True, blank=True)
    """None while it is to be done or goes on."""
