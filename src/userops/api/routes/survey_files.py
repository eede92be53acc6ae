"""Files of answers: taken into a survey, looked at before, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Router, Schema, UploadedFile

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key, Page, Pages
from userops.collect.imports import draft
from userops.events.importers.mapping import parse_event_map
from userops.experience.surveys.files import actions
from userops.experience.surveys.importing import Columns, import_answers
from userops.experience.surveys.models import AnswerImport, Survey
from userops.workspace.roles import Permission

router = Router(tags=["surveys"])


class AnswersIn(RequestBody):
    """Which column is what."""

    answers: str = Field(
        "",
        max_length=10_000,
        description="Question, or `question.row` of a matrix, and its column: `nps=score,why=comment`",
    )
    user: str = Field("", description="Column of the user id; an anonymous survey looks nobody up")
    day: str = Field("", description="Column of the day; without one all answers are of today")
    carried: str = Field("", description="Columns to keep with each answer: `a,b`")
    dry_run: bool = Field(False, description="Only tell what would be taken")

    def columns(self) -> Columns:
        carried = tuple(name.strip() for name in self.carried.split(",") if name.strip())
        return Columns(parse_event_map(self.answers), self.user, self.day, carried)


class AnswerImportOut(Schema):
    """`id` is none of a dry run. `outcome`: rows, taken, empty, copies, refused, with the first reasons."""

    id: int | None
    file_name: str
    state: str
    outcome: dict[str, Any]
    error: dict[str, Any] | None
    started_by: str
    created: datetime | None
    finished: datetime | None


def _imports(request: HttpRequest, product: str, survey: int) -> QuerySet[AnswerImport]:
    found = product_for(request, product, Permission.RUN_SURVEYS)
    row = get_object_or_404(Survey, product=found, pk=survey)
    return AnswerImport.objects.filter(survey=row).select_related("survey__product")


@router.get("/{slug:product}/surveys/{survey}/imports", response=Page[AnswerImportOut])
def answer_imports(
    request: HttpRequest, product: str, survey: Key, paging: Pages
) -> dict[str, Any]:
    """Files that were taken, the newest first."""
    rows = _imports(request, product, survey)
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/surveys/{survey}/imports", response=AnswerImportOut)
def import_answer_file(
    request: HttpRequest, product: str, survey: Key, file: File[UploadedFile], options: Form[AnswersIn]
) -> Any:  # fmt: skip
    """Take the answers of a file in the background; a dry run tells at once what would be taken."""
    found = product_for(request, product, Permission.RUN_SURVEYS)
    row = get_object_or_404(
        Survey.objects.select_related("product", "version"), product=found, pk=survey
    )
    user, columns = caller(request).user, options.columns()
    kept = draft.keep(found, file)
    if not options.dry_run:
        return actions.start_import(row, kept.path, columns, acting_user=user)
    try:
        told = import_answers(row, kept.path, columns, acting_user=user, dry_run=True).as_dict()
    finally:
        kept.discard()
    return {
        "id": None, "file_name": kept.path.name, "state": "dry_run", "outcome": told, "error": None,
        "started_by": user.email, "created": None, "finished": None,
    }  # fmt: skip


@router.get("/{slug:product}/surveys/{survey}/imports/{run}", response=AnswerImportOut)
def answer_import(request: HttpRequest, product: str, survey: Key, run: Key) -> AnswerImport:
    """What came of a file."""
    return get_object_or_404(_imports(request, product, survey), pk=run)


@router.post("/{slug:product}/surveys/{survey}/imports/{run}/undo", response=AnswerImportOut)
def undo_answer_import(request: HttpRequest, product: str, survey: Key, run: Key) -> AnswerImport:
    """Take back the answers that came from a file."""
    row = get_object_or_404(_imports(request, product, survey), pk=run)
    actions.undo_import(row, acting_user=caller(request).user)
    row.refresh_from_db()
    return row
