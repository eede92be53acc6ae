"""Requirements, their append-only history, and who was told that they have shipped."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.feedback.telling.models import Told
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.history import Kept
from userops.workspace.models import User

LONGEST_TITLE = 200


class Status(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("requirement", "Planned")
    IN_PROGRESS = "in_progress", pgettext_lazy("requirement", "In progress")
    SHIPPED = "shipped", pgettext_lazy("requirement", "Shipped")
    DECLINED = "declined", pgettext_lazy("requirement", "Declined")


STATUS_WORDS = {
    "planned": Words("已规划", "Planned"), "in_progress": Words("开发中", "In progress"),
    "shipped": Words("已上线", "Shipped"), "declined": Words("不做", "Declined"),
}  # fmt: skip
OPEN = (Status.PLANNED, Status.IN_PROGRESS)


class Requirement(models.Model):
    """Something that users ask for. Its tickets are linked to it (`linking.py`)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="requirements")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    """As it was written; users read it when they are told."""
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)
    """For readers of English, where the title is not."""
    description = models.TextField(blank=True)
    reference = models.CharField(max_length=100, blank=True)
    """What it is called where it is worked on, such as `APP-1234`."""
    address = models.CharField(max_length=500, blank=True)
    """Where it stands there: a page of Jira, GitHub, TAPD."""
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLANNED)
    version = models.CharField(max_length=60, blank=True)
    """The version that it shipped in."""
    shipped = models.DateTimeField(null=True, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "number"], name="one_requirement_of_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"R{self.number} {self.title}"

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en or self.title)


class Happening(Kept):
    """One thing that was done to a requirement: added to, never changed."""

    class Kind(models.TextChoices):
        CREATED = "created", pgettext_lazy("requirement", "created")
        CHANGED = "changed", pgettext_lazy("requirement", "changed")
        STATUS = "status", _("The status changed")
        LINKED = "linked", _("Tickets were linked")
        UNLINKED = "unlinked", _("A link was taken away")
        TOLD = "told", _("Users were told")

    requirement = models.ForeignKey(Requirement, on_delete=models.CASCADE, related_name="history")
    kind = models.CharField(max_length=10, choices=Kind.choices)


class Announcement(models.Model):
    """Somebody said that those who asked are to be told: with which words, and how far that is."""

    requirement = models.ForeignKey(
        Requirement, on_delete=models.CASCADE, related_name="announcements"
    )
    texts = models.JSONField(default=dict)
    """Language → `subject`, `text`; a language that is not there has the words of the house."""
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")
    """Only the user of this ticket, who asked later."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["requirement"],
                condition=models.Q(finished=None),
                name="one_announcement_at_a_time",
            )
        ]


class Answer(models.Model):
    """The user of this ticket was told that the requirement shipped. All of his other tickets count as told."""

    requirement = models.ForeignKey(Requirement, on_delete=models.CASCADE, related_name="answers")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="answers")
    told = models.OneToOneField(Told, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requirement", "ticket"], name="answered_once")
        ]
