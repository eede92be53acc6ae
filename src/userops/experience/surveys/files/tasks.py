"""Background work: files of answers are read; one that was cut short goes on where it was."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from userops.collect.imports import draft as drafts
from userops.collect.imports.failing import failing
from userops.config import current
from userops.errors import Refused
from userops.events.tasks import queue
from userops.experience.surveys.importing import Columns, Imported, import_answers
from userops.experience.surveys.models import AnswerImport
from userops.words import Words
from userops.workspace.models import User

State = AnswerImport.State


def quarantine_path(found: AnswerImport) -> Path:
    return current().data / "quarantine" / f"answers-{found.pk}.csv"


def columns_of(given: dict[str, Any]) -> Columns:
    """Columns as they were kept."""
    return Columns(**{**given, "carried": tuple(given.get("carried", ()))})


@queue.task()
def import_file(key: int) -> None:
    """Run an import that waits or was cut short; rows that are there already count as copies."""
    run_import(key)


def run_import(key: int) -> None:
    """Read the file to its end; what is wrong with it is kept beside the import."""
    rows = AnswerImport.objects.filter(pk=key, state__in=AnswerImport.GOING_ON)
    if not rows.update(state=State.RUNNING):
        return
    found = AnswerImport.objects.select_related("survey__product", "survey__version").get(pk=key)

    def note(so_far: Imported) -> None:
        rows.update(outcome=so_far.as_dict())

    with failing(rows, State.FAILED):
        outcome = import_answers(
            found.survey,
            Path(found.path),
            columns_of(found.columns),
            acting_user=_user(found),
            of=found,
            quarantine=quarantine_path(found),
            progress=note,
        )
        drafts.discard_upload(Path(found.path))
        rows.update(state=State.DONE, outcome=outcome.as_dict(), finished=datetime.now(UTC))


def _user(found: AnswerImport) -> User:
    user = User.objects.filter(email=found.started_by).first()
    if user is None:
        raise Refused(
            Words("发起导入的成员已不存在。", "The member who began the import is gone."),
            code="member_gone",
        )
    return user


def resume() -> None:
    """Go on with what a stop of the server left."""
    going = AnswerImport.objects.filter(state__in=AnswerImport.GOING_ON)
    for key in going.values_list("pk", flat=True):
        import_file(key)
