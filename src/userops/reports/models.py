"""Reports, their issues (versions), frozen figures, sentences, and comments."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.errors import Refused
from userops.events.models import Product
from userops.reports.sealing import Sealed, SealedRows, digest, frozen_refusal, sealed_refusal
from userops.words import Words
from userops.workspace.models import User


class Status(models.TextChoices):
    BUILDING = "building", _("being computed")
    STOPPED = "stopped", _("stopped")
    DRAFT = "draft", _("draft")
    REVIEW = "review", pgettext_lazy("report", "in review")
    ISSUED = "issued", pgettext_lazy("report", "issued")
    SUPERSEDED = "superseded", _("superseded")


SEALED = (Status.ISSUED, Status.SUPERSEDED)


class Report(models.Model):
    """One report over one period; its issues are its versions."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=40)
    first = models.DateField()
    last = models.DateField()
    settings = models.JSONField(default=dict, blank=True)
    """What a person chose in place of what was read off the catalogue: `{"purchase": "order_paid"}`."""
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-last", "-pk"]

    @property
    def range(self) -> dict[str, str]:
        return {"from": self.first.isoformat(), "to": self.last.isoformat()}

    @property
    def newest(self) -> Issue:
        return self.issues.order_by("-number")[0]


class IssueRows(SealedRows["Issue"]):
    path = "status__in"


class Issue(models.Model):
    """One version of a report. Issued, it never changes; a correction is the next version."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="issues")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BUILDING)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    """Why it was corrected."""
    progress = models.JSONField(default=dict)
    cancel_asked = models.BooleanField(default=False)
    timezone = models.CharField(max_length=64)
    subject = models.JSONField(default=dict)
    """What the report is about: the events that stand for a visit, a purchase, the steps of the funnel."""
    data_time = models.DateTimeField(null=True)
    built = models.DateTimeField(null=True)
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    submitted = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewed = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    issued = models.DateTimeField(null=True)
    signatures = models.JSONField(default=dict)
    """The names of who wrote, reviewed and approved, as they were when it was issued."""
    seal = models.CharField(max_length=64, blank=True)
    """Of everything that an issued version holds."""
    created = models.DateTimeField(auto_now_add=True)

    objects = IssueRows.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_issue_per_number")
        ]

    @property
    def sealed(self) -> bool:
        return self.status in SEALED

    @property
    def snapshot(self) -> str:
        """What every page quotes: `R12-2-9f2c4d1b`."""
        return f"R{self.report_id}-{self.number}-{(self.seal or self.content_digest())[:8]}"

    def content(self) -> dict[str, Any]:
        """All that a reader is told, as it is hashed."""
        figures = self.figures.order_by("position").values_list("key", "sha256")
        sentences = self.sentences.order_by("position", "pk")
        return {
            "figures": [list(each) for each in figures],
            "sentences": [each.content() for each in sentences],
            "subject": self.subject,
            "reason": self.reason,
            "signatures": self.signatures,
        }

    def content_digest(self) -> str:
        return digest(self.content())

    def save(self, *args: Any, **fields: Any) -> None:
        """Refuses any change of an issued version but that a newer one takes its place."""
        if self.pk:
            held = Issue.objects.filter(pk=self.pk).values("status", "seal").first()
            if (
                held
                and held["status"] in SEALED
                and not self._only_superseded(held["status"], fields)
            ):
                raise sealed_refusal()
        super().save(*args, **fields)

    def _only_superseded(self, held: str, fields: dict[str, Any]) -> bool:
        alone = set(fields.get("update_fields") or ()) == {"status"}
        return alone and held == Status.ISSUED and self.status == Status.SUPERSEDED

    def delete(self, *args: Any, **fields: Any) -> tuple[int, dict[str, int]]:
        if self.sealed:
            raise sealed_refusal()
        return super().delete(*args, **fields)


class FigureRows(SealedRows["FigureSnapshot"]):
    def update(self, **fields: Any) -> int:
        raise frozen_refusal()

    bulk_update = update  # type: ignore[assignment]


class FigureSnapshot(Sealed):
    """The answer to one question, as it stood: never changed, only computed anew in a draft."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    chapter = models.CharField(max_length=40)
    shown = models.CharField(max_length=10, default="figure")
    """`figure`, `table`, or `evidence`: quoted by sentences but not drawn."""
    title = models.JSONField()
    question = models.JSONField(default=dict)
    """The resolved query document; empty for a table made of other figures."""
    made_of = models.JSONField(default=list)
    """The figures whose cells a table is made of."""
    definition = models.JSONField(default=dict)
    definition_version = models.CharField(max_length=40, blank=True)
    result = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    """What sentences quote: name → value, type, and the place in `result` where it stands."""
    views = models.JSONField(default=dict)
    """By language: columns, rows and the chart, as they are read."""
    row_count = models.PositiveIntegerField(default=0)
    computed = models.DateTimeField()
    data_time = models.DateTimeField(null=True)
    took_ms = models.FloatField(default=0)
    problem = models.JSONField(null=True)
    """Why it could not be computed, in both languages."""
    sha256 = models.CharField(max_length=64)

    objects = FigureRows.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["issue", "key"], name="one_figure_per_key")]

    def __str__(self) -> str:
        return self.key

    def save(self, *args: Any, **fields: Any) -> None:
        if self.pk:
            raise frozen_refusal()
        self.sha256 = self.content_digest()
        super().save(*args, **fields)

    def content_digest(self) -> str:
        return digest(
            {
                "key": self.key,
                "title": self.title,
                "question": self.question,
                "made_of": self.made_of,
                "definition": self.definition,
                "result": self.result,
                "values": self.values,
                "views": self.views,
                "problem": self.problem,
            }
        )

    @property
    def intact(self) -> bool:
        return self.sha256 == self.content_digest()

    def title_in(self, language: str) -> str:
        return Words(**self.title).text(language)

    def view(self, language: str) -> dict[str, Any]:
        found: dict[str, Any] = self.views.get("zh" if language.startswith("zh") else "en", {})
        return found


class Style(models.TextChoices):
    LEAD = "lead", _("verdict")
    FACT = "fact", _("key figure")
    FINDING = "finding", _("finding")
    BODY = "body", _("text")
    NOTE = "note", _("note")
    ACTION = "action", _("action")


class Evidence(models.TextChoices):
    """How much a sentence may claim about causes."""

    CORRELATION = "correlation", _("goes along with")
    QUASI = "quasi", _("quasi-experiment")
    EXPERIMENT = "experiment", pgettext_lazy("evidence", "experiment")
    PERSON = "person", _("confirmed by a person")


class Sentence(Sealed):
    """A text in both languages whose figures are references: `{{figure.value}}`, `{{figure.value|kn}}`."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="sentences")
    key = models.CharField(max_length=120)
    """`rule:name`, the same from version to version."""
    chapter = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    style = models.CharField(max_length=8, choices=Style.choices, default=Style.FINDING)
    tone = models.CharField(max_length=5, blank=True)
    weight = models.FloatField(default=0)
    """How much it matters: the first findings stand on the first page."""
    zh = models.TextField()
    en = models.TextField()
    evidence = models.JSONField(default=list)
    rule = models.CharField(max_length=60, blank=True)
    claim = models.CharField(max_length=12, choices=Evidence.choices, default=Evidence.CORRELATION)
    # of an action: who does it by when, and how one sees that it is done
    assignee = models.CharField(max_length=100, blank=True)
    due = models.DateField(null=True, blank=True)
    accepted_when = models.CharField(max_length=300, blank=True)
    task = models.CharField(max_length=300, blank=True)
    edited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    edited = models.DateTimeField(null=True)

    objects = SealedRows["Sentence"].as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "key"], name="one_sentence_per_key")
        ]

    def __str__(self) -> str:
        return self.en

    @property
    def words(self) -> Words:
        return Words(self.zh, self.en)

    def content(self) -> list[Any]:
        due = self.due.isoformat() if isinstance(self.due, date) else self.due
        return [
            self.key, self.chapter, self.style, self.tone, self.zh, self.en, self.evidence,
            self.assignee, due, self.accepted_when, self.task,
        ]  # fmt: skip


class Comment(models.Model):
    """On a sentence or a figure (by its key), or on the whole issue. People may talk about what is
    issued, too: a comment is no part of it."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="comments")
    on = models.CharField(max_length=130, blank=True)
    text = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    resolved = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]


__all__ = [
    "SEALED", "Comment", "Evidence", "FigureSnapshot", "Issue", "Refused", "Report", "Sentence",
    "Status", "Style",
]  # fmt: skip
