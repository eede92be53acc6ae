"""Pain points, their append-only history, and the figures of each run, frozen."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.experience.pain_points.definition import Definition, parse
from userops.feedback.sorting.models import Category
from userops.feedback.topics.models import Topic
from userops.words import Words
from userops.workspace.history import Kept
from userops.workspace.models import User
from userops.workspace.runs import BackgroundRun

LONGEST_TITLE = 200


class Status(models.TextChoices):
    SUSPECTED = "suspected", pgettext_lazy("pain point", "Suspected")
    CONFIRMED = "confirmed", pgettext_lazy("pain point", "Confirmed")
    MENDING = "mending", pgettext_lazy("pain point", "Being mended")
    MENDED = "mended", pgettext_lazy("pain point", "Mended")
    DISMISSED = "dismissed", pgettext_lazy("pain point", "Dismissed")


STATUS_WORDS = {
    "suspected": Words("疑似", "Suspected"), "confirmed": Words("已确认", "Confirmed"),
    "mending": Words("修复中", "Being mended"), "mended": Words("已修复", "Mended"),
    "dismissed": Words("已排除", "Dismissed"),
}  # fmt: skip
OPEN = (Status.SUSPECTED, Status.CONFIRMED, Status.MENDING)
"""Those that still hurt, as far as is known: they are ranked and computed anew every day."""


class PainPoint(models.Model):
    """What users suffer from. Its tickets are those of the topic, of the category with its branches, and those
    linked by hand; `document` says whom it hits."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pain_points")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    """As it was written."""
    title_en = models.CharField(max_length=LONGEST_TITLE, blank=True)
    """For readers of English, where the title is not."""
    note = models.TextField(blank=True)
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    document = models.JSONField(default=dict)
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SUSPECTED)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="one_pain_point_of_a_number")
        ]

    def __str__(self) -> str:
        return f"P{self.number} {self.title}"

    @property
    def definition(self) -> Definition:
        return parse(self.document)

    @property
    def words(self) -> Words:
        return Words(self.title, self.title_en or self.title)


class Happening(Kept):
    """One thing that was done to a pain point: added to, never changed."""

    class Kind(models.TextChoices):
        CREATED = "created", pgettext_lazy("pain point", "created")
        CHANGED = "changed", pgettext_lazy("pain point", "changed")
        STATUS = "status", _("The status changed")
        LINKED = "linked", _("Evidence was linked")
        UNLINKED = "unlinked", _("A link was taken away")

    point = models.ForeignKey(PainPoint, on_delete=models.CASCADE, related_name="history")
    kind = models.CharField(max_length=10, choices=Kind.choices)


class Run(BackgroundRun):
    """The figures of a pain point as they stood at a moment, with the definition that they are of."""

    BROKEN = Words(
        "计算时发生内部错误，结果仍为上一次的；详情见服务器日志。",
        "Computing met an internal error; the figures stay those of the run before. The server's log says more.",
    )

    point = models.ForeignKey(PainPoint, on_delete=models.CASCADE, related_name="runs")
    share = models.FloatField(default=0.0)
    """How far the work is, from 0 to 1."""
    document = models.JSONField()
    """The definition, absolute: with its range, horizon, core event and property of value."""
    figures = models.JSONField(null=True)

    class Meta(BackgroundRun.Meta):
        indexes = [models.Index(fields=["point", "state", "-id"], name="pain_runs_newest")]

    def told(self) -> dict[str, Any]:
        """The figures; empty before they are there."""
        return self.figures or {}
