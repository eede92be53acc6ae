"""Writes: answers of a file are taken, and taken back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from userops.errors import Refused
from userops.experience.surveys.importing import Columns
from userops.experience.surveys.models import AnswerImport, Survey
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission


@transaction.atomic
def start_import(
    survey: Survey, path: Path, columns: Columns, *, acting_user: User
) -> AnswerImport:
    """Take the answers of a file, in the background. Raises `Refused`."""
    from userops.experience.surveys.files.tasks import import_file

    made = begin(survey, path, columns, acting_user=acting_user)
    transaction.on_commit(lambda: import_file(made.pk) and None)
    return made


def begin(survey: Survey, path: Path, columns: Columns, *, acting_user: User) -> AnswerImport:
    """The import as a row that waits. Raises `Refused`."""
    check(acting_user, survey.product, Permission.RUN_SURVEYS)
    if survey.version is None:
        raise Refused(
            Words("请先发布问卷。", "Publish the survey first."), code="survey_not_published"
        )
    if not columns.answers:
        raise Refused(
            Words("没有指定任何题目的列。", "No column answers a question."),
            code="mapping_incomplete",
            hint=Words("请至少为一道题选择一列。", "Choose a column for one question at least."),
        )
    return AnswerImport.objects.create(
        survey=survey, file_name=path.name[:255], path=str(path), columns=asdict(columns),
        started_by=acting_user.email,
    )  # fmt: skip


@transaction.atomic
def undo_import(found: AnswerImport, *, acting_user: User) -> int:
    """Take back what came from the file; answers how many responses those were. Raises `Refused`."""
    check(acting_user, found.survey.product, Permission.RUN_SURVEYS)
    found.begin_undo()
    count: int = found.responses.count()
    found.responses.all().delete()
    note(
        acting_user, "survey.import_undone", product=found.survey.product, target=found.survey.name,
        file=found.file_name, responses=count,
    )  # fmt: skip
    return count
