"""What was read in each ticket, what members taught, and what was learned of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.models import User
from userops.workspace.runs import BackgroundRun


class Target(models.TextChoices):
    """What is learned."""

    CATEGORY = "category", _("Category")
    SENTIMENT = "sentiment", _("Sentiment")


class Method(models.TextChoices):
    """What a suggestion rests on."""

    NONE = "", "–"
    RULES = "rules", pgettext_lazy("suggestion", "Keywords")
    MODEL = "model", pgettext_lazy("suggestion", "Learned")


class Reading(models.Model):
    """What a machine reads in a ticket. Nothing here is personal: cues and keywords are taken from masked text."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="reading"
    )
    at = models.DateTimeField()
    score = models.FloatField()
    """Sentiment from −1 to 1."""
    feeling = models.CharField(max_length=10)
    feeling_by = models.CharField(max_length=10, choices=Method.choices, default=Method.RULES)
    severity = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    intent = models.CharField(max_length=10)
    cues = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    personal = models.JSONField(default=dict)
    """Kinds of personal data met → how often."""
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """The suggested one."""
    chance = models.FloatField(null=True, blank=True)
    """Of the suggestion to be right: calibrated where it was learned, unknown where keywords made it."""
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)
    others = models.JSONField(default=list)
    """The next likely categories: [key, chance]."""
    applied = models.JSONField(default=list)
    """Fields of the ticket that this reading set."""


class Lesson(models.Model):
    """What a member decided about a ticket, beside what the desk had suggested."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="lessons")
    target = models.CharField(max_length=10, choices=Target.choices)
    label = models.CharField(max_length=40)
    """The key of a category, or a sentiment."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    suggested = models.CharField(max_length=40, blank=True)
    chance = models.FloatField(null=True, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "target"], name="one_lesson_of_ticket")
        ]


class LearnedModel(models.Model):
    """A model as bytes (`text/storing.py`), with how right it is on tickets that it had not seen."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="learned_models")
    target = models.CharField(max_length=10, choices=Target.choices)
    at = models.DateTimeField()
    lessons = models.PositiveIntegerField()
    measured = models.JSONField()
    rules = models.JSONField(default=dict)
    """Keywords on the same tickets: `texts`, `said`, `right`."""
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "target"], name="one_model_of_target")
        ]


class UnderstandingState(models.Model):
    """Settings of one product."""

    product = models.OneToOneField(
        Product, on_delete=models.CASCADE, related_name="understanding_state"
    )
    auto_apply = models.BooleanField(default=True)
    """Whether a suggestion that is sure enough sorts a ticket by itself."""
    problem = models.JSONField(null=True, blank=True)
    """Why nothing was learned the last time, in both languages."""


class BatchRun(BackgroundRun):
    """Tickets of a product read anew: all of them, or those opened in a period."""

    BROKEN = Words(
        "出错停止，详情见服务器日志；已读取的保留，可以重新开始。",
        "An error ended it (see the server's log); what was read stays, and it can be started again.",
    )

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="batch_runs")
    last = models.PositiveBigIntegerField(default=0)
    """The key of the last ticket that was read: from there it goes on after a stop."""
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    """Opened in this period, its end excluded; null is no bound."""
    worker = models.CharField(max_length=40, blank=True)
    """Who works on it (`working.py`)."""

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0
