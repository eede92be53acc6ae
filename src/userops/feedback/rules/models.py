"""Rules, the versions they had, what waits for them, what fired and why, and dry runs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.feedback.rules.vocabulary import CAUSES
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.words import Words
from userops.workspace.models import User
from userops.workspace.runs import BackgroundRun


class Rule(models.Model):
    """When something happens to a ticket, if it is so, then this is done; in the order of `position`."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="ticket_rules")
    name = models.CharField(max_length=100)
    active = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    document = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    cause = models.CharField(max_length=12)
    """Of the document, to find rules by."""
    after_rules = models.BooleanField(default=False)
    checked = models.DateTimeField(null=True)
    """Of a rule that waits for time: up to when it has been looked for."""
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="one_rule_of_name")]
        indexes = [models.Index(fields=["product", "active", "cause"], name="rules_of_cause")]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """A rule as it once was: the log names versions."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_version_of_number")
        ]


class RuleCause(models.Model):
    """Something happened that rules wait for: written in its transaction, worked off once (`firing.py`)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=60)
    at = models.DateTimeField()
    event = models.ForeignKey(TicketEvent, null=True, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, null=True, on_delete=models.CASCADE, related_name="+")
    """Only this one: of causes that wait for time."""
    depth = models.PositiveSmallIntegerField(default=0)
    """How many rules stand between it and somebody's doing."""
    more = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]


class RuleFiring(models.Model):
    """A rule fired on a ticket: why, and what came of it. Only added to."""

    class State(models.TextChoices):
        FIRED = "fired", pgettext_lazy("rule", "fired")
        PARTLY = "partly", _("fired, not all of it worked")
        HELD = "held", pgettext_lazy("rule", "held back")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, null=True, on_delete=models.SET_NULL, related_name="firings")
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField()
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_firings")
    event = models.ForeignKey(TicketEvent, null=True, on_delete=models.SET_NULL, related_name="+")
    cause = models.CharField(max_length=12)
    key = models.CharField(max_length=60)
    happened = models.DateTimeField()
    at = models.DateTimeField()
    depth = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=6, choices=State.choices, default=State.FIRED)
    held = models.JSONField(null=True, blank=True)
    """Why it was held back, in both languages."""
    checks = models.JSONField(default=list)
    """The conditions with the values they met."""
    done = models.JSONField(default=list)
    """Each action: `do`, `result` (done, same, failed), the events it wrote, its problem."""

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "ticket", "key"], name="a_rule_fires_once_for_a_cause"
            )
        ]
        indexes = [
            models.Index(fields=["product", "-at", "-id"], name="firings_newest"),
            models.Index(fields=["rule", "-at"], name="firings_of_rule"),
            models.Index(fields=["ticket", "-at"], name="firings_of_ticket"),
        ]

    @property
    def held_words(self) -> Words | None:
        return Words(**self.held) if self.held else None

    @property
    def cause_words(self) -> Words:
        return CAUSES[self.cause].words


class DryRun(BackgroundRun):
    """A rule tried over past tickets: nothing is changed. `last`: the key of the last ticket looked at."""

    BROKEN = Words(
        "出错停止，详情见服务器日志；什么都没有改动。",
        "An error ended it (see the server's log); nothing was changed.",
    )

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="dry_runs")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    first = models.DateField()
    until = models.DateField()
    """Both included, in the product's time zone."""
    last = models.PositiveBigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    looked = models.PositiveIntegerField(default=0)
    causes = models.PositiveIntegerField(default=0)
    fired = models.PositiveIntegerField(default=0)
    tickets = models.PositiveIntegerField(default=0)
    failing = models.JSONField(default=list)
    """For each condition, how many causes it did not hold for."""
    found = models.JSONField(default=list)
    """The first firings: ticket, time, conditions with values."""
