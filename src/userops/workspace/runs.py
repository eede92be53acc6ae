"""Long work that a member asks for and that goes on in the background: watched, cancelled, and ended once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import pgettext_lazy

from userops.errors import UserOpsError
from userops.words import Words
from userops.workspace.models import User

log = logging.getLogger("userops.runs")


class Runs(models.QuerySet[Any]):
    def going_on(self) -> Self:
        return self.filter(state__in=BackgroundRun.GOING_ON)

    def end(self, state: str, **more: Any) -> int:
        """Answers how many were going on until now: those that have ended stay as they are."""
        return self.going_on().update(state=state, ended=datetime.now(UTC), **more)


class BackgroundRun(models.Model):
    """A slice adds what it is of, and how far it has come."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("run", "Waiting")
        RUNNING = "running", pgettext_lazy("run", "Running")
        DONE = "done", pgettext_lazy("run", "Done")
        FAILED = "failed", pgettext_lazy("run", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("run", "Cancelled")

    GOING_ON = (State.WAITING, State.RUNNING)
    BROKEN: ClassVar[Words]
    """What is said of an error that is not one of ours."""

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    problem = models.JSONField(null=True, blank=True)
    """Why it failed, in both languages."""
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started = models.DateTimeField(auto_now_add=True)
    ended = models.DateTimeField(null=True, blank=True)

    objects = Runs.as_manager()

    class Meta:
        abstract = True
        ordering = ["-pk"]

    @property
    def going_on(self) -> bool:
        return self.state in self.GOING_ON

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None

    def end(self, state: str, **more: Any) -> bool:
        """Answers whether it was going on until now."""
        return bool(type(self).objects.filter(pk=self.pk).end(state, **more))

    @contextmanager
    def guarded(self, **more: Any) -> Iterator[None]:
        """What goes wrong meanwhile ends it with its reason, and with `more`."""
        try:
            yield
        except UserOpsError as wrong:
            self.end(self.State.FAILED, problem=wrong.words.as_dict(), **more)
        except Exception:
            log.exception("%s %s", type(self).__name__, self.pk)
            self.end(self.State.FAILED, problem=self.BROKEN.as_dict(), **more)
