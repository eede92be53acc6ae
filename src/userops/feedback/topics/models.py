"""Topics of a product, the tickets in them, and how they were found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding.working import is_left
from userops.words import Words
from userops.workspace.models import User


class Growing(models.Model):
    """How far the growing of topics is, of whatever texts (`carrying.py`)."""

    class State(models.TextChoices):
        IDLE = "idle", pgettext_lazy("run", "Done")
        WAITING = "waiting", pgettext_lazy("run", "Waiting")
        RUNNING = "running", pgettext_lazy("run", "Running")

    state = models.CharField(max_length=10, choices=State.choices, default=State.IDLE)
    share = models.FloatField(default=0.0)
    """How far the work is, from 0 to 1."""
    worker = models.CharField(max_length=40, blank=True)
    """Who works on it (`understanding/working.py`); nobody after a cancel."""
    grown = models.DateTimeField(null=True, blank=True)
    problem = models.JSONField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def dead(self) -> bool:
        """A server was killed amid the work: the next start begins anew."""
        return self.state == self.State.RUNNING and is_left(self.worker)

    @property
    def going_on(self) -> bool:
        return self.state != self.State.IDLE and not self.dead

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None


class TopicState(Growing):
    """How a product's topics were last grown. `model` places new tickets."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="topic_state")
    days = models.PositiveSmallIntegerField(default=90)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many topics are wanted; null lets the texts decide."""
    tickets = models.PositiveIntegerField(default=0)
    unclear = models.PositiveIntegerField(default=0)
    stability = models.FloatField(null=True, blank=True)
    model = models.BinaryField(null=True, blank=True)


class Topic(models.Model):
    """One topic. It stays the same row as long as a later growing finds most of it again."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="topics")
    name = models.CharField(max_length=120)
    named_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who gave it its name; nobody: its own words did."""
    summary = models.TextField(blank=True)
    terms = models.JSONField(default=list)
    quotes = models.JSONField(default=list)
    """Keys of the tickets nearest to its middle."""
    place = models.PositiveSmallIntegerField(null=True)
    """Its row in the model; null when the last growing did not find it again."""
    stability = models.FloatField()
    coherence = models.FloatField(null=True, blank=True)
    found = models.DateTimeField()
    """When it was first found."""
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """What it was accepted as."""
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts"
    )
    """The topic that shows its tickets since a member merged them."""
    dismissed = models.DateTimeField(null=True, blank=True)
    """When a member said that it is no topic: it is neither listed nor alarmed any more."""

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


def shown_topics(product: Product | int) -> models.QuerySet[Topic]:
    """Those of the last growing that stand for themselves, without what members dismissed."""
    rows = Topic.objects.filter(product=product, place__isnull=False)
    return rows.filter(merged_into=None, dismissed=None)


class TopicTicket(models.Model):
    """A ticket in its topic; `near`: the cosine to the middle of `place`, the row of the model that took it."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="topic"
    )
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="members")
    near = models.FloatField()
    place = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["topic", "-near"], name="topic_nearest")]
