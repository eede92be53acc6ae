"""Tickets, their messages and files, and their history."""

from __future__ import annotations

import re
import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.feedback.sorting.models import Category, Team
from userops.words import Words
from userops.workspace.models import User


class Status(models.TextChoices):
    NEW = "new", pgettext_lazy("ticket", "New")
    OPEN = "open", pgettext_lazy("ticket", "In progress")
    WAITING = "waiting", _("Waiting for the user")
    HANDED_OVER = "handed_over", _("With another team")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", pgettext_lazy("ticket", "Closed")
    SPAM = "spam", _("Spam")


ACTIVE = (Status.NEW, Status.OPEN, Status.WAITING, Status.HANDED_OVER)
"""Somebody still has to do something."""
PAUSED = (Status.WAITING,)
"""The user has to do something: clocks stand still."""


class Severity(models.TextChoices):
    URGENT = "urgent", _("Urgent")
    HIGH = "high", pgettext_lazy("severity", "High")
    NORMAL = "normal", pgettext_lazy("severity", "Normal")
    LOW = "low", pgettext_lazy("severity", "Low")


class Sentiment(models.TextChoices):
    UNKNOWN = "", "–"
    NEGATIVE = "negative", pgettext_lazy("sentiment", "Negative")
    NEUTRAL = "neutral", pgettext_lazy("sentiment", "Neutral")
    POSITIVE = "positive", pgettext_lazy("sentiment", "Positive")


class Source(models.TextChoices):
    """By which kind of channel it came, and by which the answer leaves."""

    FORM = "form", _("Web form")
    WIDGET = "widget", _("Widget")
    MAIL = "mail", pgettext_lazy("channel", "E-mail")
    API = "api", "API"
    IMPORT = "import", pgettext_lazy("ticket", "Import")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")
    MANUAL = "manual", _("Written by a member")
    SURVEY = "survey", _("Survey")


class Numbering(models.Model):
    """The last number that a product gave to a ticket."""

    product = models.OneToOneField(Product, on_delete=models.CASCADE, related_name="+")
    last = models.PositiveBigIntegerField(default=0)


_ELSEWHERE = re.compile(r'<img\b[^<]*?\ssrc="(?!cid:)')


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class Ticket(models.Model):
    """One matter of one user. Times are of the first answer, the last solution, the last closing."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="tickets")
    number = models.PositiveBigIntegerField()
    secret = models.CharField(max_length=40, unique=True, default=new_secret)
    """Names the user's own page of progress, which nobody can guess."""
    subject = models.CharField(max_length=300)
    text = models.TextField()
    """The first words of the user."""
    language = models.CharField(max_length=10, blank=True)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.NORMAL)
    sentiment = models.CharField(max_length=10, choices=Sentiment.choices, blank=True)
    complaint = models.BooleanField(default=False)
    tier = models.CharField(max_length=60, blank=True)
    """Which class of customer it was when the ticket came, for those who promise more to some."""

    # who speaks
    distinct_id = models.CharField(max_length=400, blank=True)
    """The id that the channel knows the user by."""
    person = models.PositiveBigIntegerField(null=True, blank=True)
    """A uid of the user among the events; null when nobody there is known by that id."""
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    device = models.CharField(max_length=400, blank=True)

    # whence and about what
    channel = models.CharField(max_length=20, choices=Source.choices)
    channel_key = models.CharField(max_length=100, blank=True)
    """Which channel of that kind."""
    area = models.CharField(max_length=100, blank=True)
    app_version = models.CharField(max_length=60, blank=True)

    # who handles it, and how far it is
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NEW)
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets"
    )
    root_cause = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    prevention = models.TextField(blank=True)
    """What keeps it from happening again."""
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    opened = models.DateTimeField()
    answered = models.DateTimeField(null=True, blank=True)
    heard = models.DateTimeField()
    """When the user last said something."""
    spoken = models.DateTimeField(null=True, blank=True)
    """When the user was last answered."""
    solved = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    updated = models.DateTimeField()
    due = models.DateTimeField(null=True, blank=True)
    """The next of its deadlines that has not been met yet; null when none runs."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="one_ticket_of_number")
        ]
        # lists are walked from one row to the next, by the column they are ordered by
        indexes = [
            models.Index(fields=["product", "status", "-updated", "-id"], name="tickets_status"),
            models.Index(fields=["product", "-updated", "-id"], name="tickets_updated"),
            models.Index(fields=["product", "-opened", "-id"], name="tickets_opened"),
            models.Index(fields=["product", "owner", "status", "-updated"], name="tickets_owner"),
            models.Index(fields=["product", "team", "status", "-updated"], name="tickets_team"),
            models.Index(fields=["product", "category", "-updated"], name="tickets_category"),
            models.Index(
                fields=["product", "due", "id"], name="tickets_due", condition=Q(due__isnull=False)
            ),
            models.Index(fields=["product", "distinct_id", "-opened"], name="tickets_speaker"),
            models.Index(fields=["product", "person", "-opened"], name="tickets_person"),
            models.Index(fields=["product", "email", "-opened"], name="tickets_email"),
            models.Index(fields=["product", "phone", "-opened"], name="tickets_phone"),
            # people write addresses in any case, and look for them in another
            models.Index("product", Lower("email"), name="tickets_lower_email"),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.subject}"

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def from_page(self) -> bool:
        """Whether `area` is the address of the page on which the user wrote, as the widget says it."""
        return self.area.startswith(("http://", "https://"))


class Watching(models.Model):
    """A member looks at a ticket now (`watching.py`)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    seen = models.DateTimeField()
    writing = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "user"], name="watching_once_each")
        ]


class TicketText(models.Model):
    """The words of a ticket as full-text search takes them (`searching.py`); the database indexes them."""

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="words"
    )
    tokens = models.TextField()


class Message(models.Model):
    """One utterance: of the user, to the user, or among members."""

    class Direction(models.TextChoices):
        IN = "in", _("From the user")
        OUT = "out", _("To the user")
        NOTE = "note", _("Internal note")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    direction = models.CharField(max_length=4, choices=Direction.choices)
    channel = models.CharField(max_length=20, choices=Source.choices)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    """The member who wrote it; nobody for words of the user and of the desk itself."""
    text = models.TextField()
    html = models.TextField(blank=True)
    """The same with its looks, already made safe (`looks.py`)."""
    external_id = models.CharField(max_length=300, blank=True, db_index=True)
    """The channel's name of it, such as the Message-ID of a mail: answers are threaded by it."""

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="messages_of_ticket")]

    @property
    def pictures_elsewhere(self) -> bool:
        """Whether its looks hold pictures that did not come with it."""
        return _ELSEWHERE.search(self.html) is not None


class Attachment(models.Model):
    """A file of a message. Its bytes lie in the data folder under `stored`."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    """What the bytes really are, whatever the sender said."""
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    stored = models.CharField(max_length=200)
    content_id = models.CharField(max_length=250, blank=True)
    """By which the words of a formatted mail show it (`cid:`)."""

    class Meta:
        ordering = ["pk"]


class TicketEvent(models.Model):
    """One thing that happened: the history, from which clocks, rules and reports are computed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        RECEIVED = "received", _("The user wrote")
        ANSWERED = "answered", _("The user was answered")
        NOTED = "noted", _("A note was written")
        STATUS = "status", _("The status changed")
        CHANGED = "changed", _("A field changed")
        HANDED_OVER = "handed_over", _("Handed over")
        MERGED = "merged", _("Merged")
        UNMERGED = "unmerged", _("A merge was undone")
        SPLIT = "split", _("Split")
        RELATED = "related", _("Related")
        ASKED = "asked", _("It asks for a requirement")
        SHIPPED = "shipped", _("The user was told that a requirement shipped")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    """Nobody: the user, a channel, or the desk itself."""
    message = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="+")
    data = models.JSONField(default=dict)
    """status: `from`, `to`; changed: `field`, `from`, `to` (keys of rows for owner, team, category)."""

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at", "id"], name="events_of_ticket")]


class Sending(models.Model):
    """An answer on its way out: written in the transaction of its message, sent once (`sending.py`)."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("given up")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="sending")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    due = models.DateTimeField()
    error = models.JSONField(null=True, blank=True)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due"], name="sendings_due")]

    @property
    def error_words(self) -> Words | None:
        return Words(**self.error) if self.error else None
