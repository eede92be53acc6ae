"""What imports of files have in common, whatever their rows become; slices bring what is theirs."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.utils.translation import pgettext_lazy

from userops.errors import Refused
from userops.words import Words


class FileImport(models.Model):
    """One file, from its mapping to what came of it; it can be taken back."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("file import", "waiting")
        RUNNING = "running", pgettext_lazy("file import", "running")
        DONE = "done", pgettext_lazy("file import", "done")
        CANCELLED = "cancelled", pgettext_lazy("file import", "cancelled")
        FAILED = "failed", pgettext_lazy("file import", "failed")
        UNDONE = "undone", pgettext_lazy("file import", "undone")

    GOING_ON = (State.WAITING, State.RUNNING)

    file_name = models.CharField(max_length=255)
    path = models.CharField(max_length=1024)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    outcome = models.JSONField(default=dict)
    error = models.JSONField(null=True, blank=True)
    started_by = models.CharField(max_length=254, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def error_words(self) -> Words | None:
        return Words(**self.error) if self.error else None

    @property
    def going_on(self) -> bool:
        return self.state in self.GOING_ON

    @property
    def undoable(self) -> bool:
        return not self.going_on and self.state != self.State.UNDONE

    def begin_undo(self) -> None:
        """From now on it counts as taken back. Within a transaction. Raises `Refused`."""
        self.refresh_from_db(from_queryset=type(self)._default_manager.select_for_update())
        if not self.undoable:
            raise Refused(
                Words("导入还在进行，或已经撤销。", "The import goes on still, or was undone."),
                code="import_not_undoable",
                hint=Words(
                    "还在进行的，请等它结束或先取消；已撤销的，可重新导入文件。",
                    "Wait for one that goes on, or cancel it; of one that was undone, import the file again.",
                ),
            )
        self.state, self.finished = self.State.UNDONE, datetime.now(UTC)
        self.save(update_fields=["state", "finished"])
