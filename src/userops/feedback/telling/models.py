"""What users are told and when, what was told, and how they liked it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.events.models import Product
from userops.feedback.tickets.models import Ticket, TicketEvent


class Moment(models.TextChoices):
    """What is worth telling. Answers of members leave by themselves (`tickets/sending.py`)."""

    RECEIVED = "received", _("The feedback has come in")
    WAITING = "waiting", _("Something is asked of the user")
    SOLVED = "solved", _("It is solved")
    CLOSED = "closed", _("It is closed without a solution")
    REOPENED = "reopened", _("A member has taken it up again")
    SHIPPED = "shipped", _("What the user asked for has shipped")


class Wording(models.Model):
    """What a product tells at a moment in a language, where it is not the standard text."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="wordings")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "moment", "language"], name="one_wording_of_a_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.language}"


class Told(models.Model):
    """The user was told of this event: once, whatever happens. Sent where he left an address (`sending.py`)."""

    class State(models.TextChoices):
        PAGE = "page", _("on the page of progress only")
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    event = models.OneToOneField(TicketEvent, on_delete=models.CASCADE, related_name="told")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="told")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField()
    error = models.JSONField(null=True, blank=True)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["state", "due"], name="told_due"),
            models.Index(fields=["ticket", "moment"], name="told_of_ticket"),
        ]

    def __str__(self) -> str:
        return self.subject


class OptOut(models.Model):
    """A user wants no news of what he did not ask about just now. Answers to his own words still reach him."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="news_opt_outs")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=400)
    """What he is known by, as `tickets/users.py` has it; of a person one of his uids."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "kind", "value"], name="one_news_opt_out")
        ]


class Rating(models.Model):
    """How the user liked it, from 1 (bad) to 5 (good): one for each time that the ticket ended."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="ratings")
    ending = models.OneToOneField(TicketEvent, on_delete=models.CASCADE, related_name="rating")
    """The change of status that ended it."""
    score = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    changed = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="score_from_1_to_5"
            )
        ]
        indexes = [models.Index(fields=["at"], name="ratings_at")]
