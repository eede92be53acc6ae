"""Surveys, the versions of what they ask, whom they asked, and what was answered.

Answers of an anonymous survey name nobody: no person, no address, no time but the day, and nothing that leads
to the single-use link by which they came. The database itself refuses a person beside them.
"""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.audience.segments.models import Segment
from userops.collect.imports.models import FileImport
from userops.events.models import Product
from userops.experience.surveys.document import Document, parse
from userops.feedback.topics.models import Growing
from userops.workspace.models import User


def new_key() -> str:
    return secrets.token_urlsafe(12)


def new_seed() -> str:
    return secrets.token_hex(4)


class Way(models.TextChoices):
    """How a survey reaches people."""

    LINK = "link", _("Link and QR code")
    MAIL = "mail", pgettext_lazy("survey", "E-mail")
    IN_APP = "in_app", _("In the app")


class Survey(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("survey", "draft")
        RUNNING = "running", pgettext_lazy("survey", "running")
        PAUSED = "paused", pgettext_lazy("survey", "paused")
        CLOSED = "closed", pgettext_lazy("survey", "closed")

    class Again(models.TextChoices):
        ONCE = "once", _("Once, answered or not")
        UNTIL_ANSWERED = "until_answered", _("Again until they answer")
        ALWAYS = "always", _("Again, also after an answer")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="surveys")
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=32, unique=True, default=new_key)
    """In its public address: it cannot be guessed."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    anonymous = models.BooleanField(default=False)
    """Fixed by the first publication."""
    draft = models.JSONField()
    """What the next version would ask."""
    version = models.ForeignKey("Version", null=True, on_delete=models.SET_NULL, related_name="+")
    """The one that is asked now."""

    ways = models.JSONField(default=list)
    segment = models.ForeignKey(Segment, null=True, on_delete=models.PROTECT, related_name="+")
    sample_percent = models.FloatField(default=100)
    seed = models.CharField(max_length=40, default=new_seed)
    again = models.CharField(max_length=14, choices=Again.choices, default=Again.ONCE)
    again_days = models.PositiveSmallIntegerField(default=30)
    most_times = models.PositiveSmallIntegerField(default=3)
    """A person is asked so often at most, while they do not answer."""
    own_clock = models.BooleanField(default=False)
    """Neither waits for the budget of the product nor uses it up."""
    trigger_event = models.CharField(max_length=200, blank=True)
    opens = models.DateTimeField(null=True, blank=True)
    closes = models.DateTimeField(null=True, blank=True)
    most = models.PositiveIntegerField(null=True, blank=True)
    """Complete answers, then it is full."""
    carries = models.JSONField(default=list)
    """User properties that are kept with each answer as they were then."""
    to_tickets = models.BooleanField(default=False)
    """Open answers become tickets."""
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def document(self) -> Document:
        """What is asked now; the draft while nothing was published."""
        return parse(self.version.document if self.version else self.draft)

    @property
    def changed(self) -> bool:
        """Whether the draft differs from what is asked."""
        return self.version is not None and self.version.document != self.draft


class Version(models.Model):
    """What was asked from a moment on. Answers belong to the version that was asked."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    published = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="one_version_of_a_number")
        ]


class Quota(models.Model):
    """So many complete answers of an option, then whoever chooses it is thanked and let go."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="quotas")
    question = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    most = models.PositiveIntegerField()
    filled = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "question", "value"], name="one_quota")
        ]


class Step(models.TextChoices):
    """What happened between a survey and a person."""

    ELIGIBLE = "eligible", _("may be asked")
    NOT_SHOWN = "not_shown", pgettext_lazy("survey", "not asked")
    SENT = "sent", pgettext_lazy("survey", "sent")
    SHOWN = "shown", _("shown")
    DISMISSED = "dismissed", _("dismissed")
    STARTED = "started", _("started")
    COMPLETED = "completed", _("completed")


class Contact(models.Model):
    """The log of one person: one row for each step, reason and day. Of an anonymous survey it never says
    that somebody started, completed, or closed it without an answer."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="contacts")
    person = models.PositiveBigIntegerField()
    step = models.CharField(max_length=10, choices=Step.choices)
    reason = models.CharField(max_length=20, blank=True)
    way = models.CharField(max_length=6, choices=Way.choices)
    day = models.DateField()
    """In the product's time zone."""
    last = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-last", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "person", "step", "reason", "way", "day"], name="one_contact"
            )
        ]
        indexes = [models.Index(fields=["person", "step", "last"])]


class DayCount(models.Model):
    """How often each step happened on a day: what response rates are made of."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="counts")
    day = models.DateField()
    way = models.CharField(max_length=6, choices=Way.choices)
    step = models.CharField(max_length=10, choices=Step.choices)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "day", "way", "step"], name="one_count")
        ]


class Invitation(models.Model):
    """A single-use link of one person. Only its digest is kept; when it was used is not. Of an anonymous survey
    not even that it was: `SpentLink`."""

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", pgettext_lazy("survey", "sent")
        FAILED = "failed", _("failed")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    person = models.PositiveBigIntegerField()
    way = models.CharField(max_length=6, choices=Way.choices)
    round = models.PositiveSmallIntegerField(default=1)
    nonce = models.CharField(max_length=32, default=new_key)
    digest = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State.choices)
    due = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.JSONField(null=True, blank=True)
    made = models.DateField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "person", "way", "round"], name="one_invitation"
            )
        ]
        indexes = [models.Index(fields=["state", "due"])]


class SpentLink(models.Model):
    """A link of an anonymous survey that was used, by a mark that only the secret in it makes: the database
    does not say whose it was."""

    mark = models.CharField(max_length=64, primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="spent_links")


class AnswerImport(FileImport):
    """One file of answers."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="imports")
    columns = models.JSONField(default=dict)


class Response(models.Model):
    """What somebody answered, complete or not. Without a person where the survey is anonymous, and where
    somebody came by the open link."""

    class State(models.TextChoices):
        STARTED = "started", _("started")
        COMPLETED = "completed", _("completed")
        OVER_QUOTA = "over_quota", _("over a quota")

    # random: the order of answers says nothing
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="responses")
    anonymous = models.BooleanField()
    person = models.PositiveBigIntegerField(null=True)
    way = models.CharField(max_length=6)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    started = models.DateTimeField()
    """Of an anonymous survey: the day at noon."""
    completed = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    carried = models.JSONField(default=dict)
    imported = models.ForeignKey(
        AnswerImport, null=True, on_delete=models.CASCADE, related_name="responses"
    )
    """The file it came from."""

    class Meta:
        indexes = [models.Index(fields=["survey", "state", "started"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(anonymous=False) | models.Q(person=None),
                name="anonymous_answers_name_nobody",
            )
        ]


class AnswerGrowing(Growing):
    """The topics of the open answers of a survey, of some days and one way, as they were last grown."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="topics")
    wanted = models.CharField(max_length=40)
    """Which answers: `results/dataset.py`."""
    language = models.CharField(max_length=10)
    """Of the words that stand for what is masked."""
    found = models.JSONField(null=True)
    """As `results/subjects.py` keeps them."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "wanted", "language"], name="one_growing_of_answers"
            )
        ]


class Budget(models.Model):
    """How often all surveys of a product together may ask one person."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="survey_budget")
    most = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField(default=7)


class OptOut(models.Model):
    """Somebody who does not want to be asked any more."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    person = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "person"], name="one_opt_out")]
