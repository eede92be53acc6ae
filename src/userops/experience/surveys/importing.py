"""Answers from a file: columns become questions, bad rows are told with their reason beside the good ones.

The file is read as imports of events are: encodings found out, also two in one file; “NA” and blanks are no answer.
A row that is there already (the same content of the same survey) is not taken twice.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import transaction

from userops.errors import Refused, UserOpsError
from userops.events.identity import Forest, chunks, stored_uids
from userops.events.importers.reading import detect_format, open_rows, read_chunks
from userops.experience.surveys.document import Document
from userops.experience.surveys.models import AnswerImport, Response, Survey
from userops.experience.surveys.repairing import MAY_BE_MIXED, repair
from userops.feedback.channels.importing.refused import BadRow, Quarantine
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

BLANK = frozenset({"", "na", "n/a", "null", "none", "-", "—", "无"})
MOST_TOLD = 50
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what. `answers`: question, or `question.row` of a matrix → column; `day`: of the answer, as
    a date, `yyyymmdd`, or a time; without one all are of today. `user`: an id that is known already."""

    answers: Mapping[str, str]
    user: str = ""
    day: str = ""
    carried: tuple[str, ...] = ()


@dataclass(slots=True)
class Imported:
    """`refused`: row number and why, the first of them; `unknown`: users that nobody has heard of."""

    rows: int = 0
    taken: int = 0
    empty: int = 0
    copies: int = 0
    refused_rows: int = 0
    unknown: int = 0
    encoding: str = ""
    repaired: int = 0
    refused: list[tuple[int, Words]] = field(default_factory=list)
    quarantine: Quarantine = field(default_factory=lambda: Quarantine(None))

    def as_dict(self) -> dict[str, Any]:
        return {
            "rows": self.rows, "taken": self.taken, "empty": self.empty, "copies": self.copies,
            "refused": self.refused_rows, "unknown_users": self.unknown, "encoding": self.encoding,
            "repaired": self.repaired,
            "reasons": [{"row": number, **words.as_dict()} for number, words in self.refused],
        }  # fmt: skip

    def refuse(self, number: int, code: str, why: Words, raw: str) -> None:
        """Count it, tell the first ones, keep all with their reasons."""
        self.refused_rows += 1
        self.quarantine.add([BadRow(number, code, why, raw[:10_000])])
        if len(self.refused) < MOST_TOLD:
            self.refused.append((number, why))


def import_answers(
    survey: Survey, path: Path, columns: Columns, *, acting_user: User, dry_run: bool = False,
    of: AnswerImport | None = None, quarantine: Path | None = None,
    progress: Callable[[Imported], None] = lambda found: None,
) -> Imported:  # fmt: skip
    """Take the answers of a file into the published version. `of`: the import they belong to, by which they can be
    taken back. Rows that are there already are not taken twice, so that one cut short can go on. Raises `Refused`."""
    check(acting_user, survey.product, Permission.RUN_SURVEYS)
    if survey.version is None:
        raise Refused(
            Words("请先发布问卷。", "Publish the survey first."), code="survey_not_published"
        )
    found = Imported(quarantine=Quarantine(quarantine))
    try:
        for part in chunks(_rows(survey, path, columns, found), CHUNK):
            with transaction.atomic():
                _take(survey, part, found, of=of, dry_run=dry_run)
            progress(found)
    finally:
        found.quarantine.close()
    if not dry_run:
        note(
            acting_user, "survey.imported", product=survey.product, target=survey.name,
            rows=found.rows, taken=found.taken,
        )  # fmt: skip
    return found


def preview(survey: Survey, sample: pa.Table, columns: Columns) -> list[Previewed]:
    """The first rows as they would be taken. Raises `Refused`."""
    document, found = survey.document, Imported()
    check_columns(document, columns, sample.column_names)
    shown = []
    for number, row in enumerate(sample.to_pylist(), start=2):
        repair(row)
        before = found.refused_rows
        read = _row(survey, document, columns, row, number, found)
        why = found.refused[-1][1] if found.refused_rows > before else None
        told = [str(row.get(name) or "")[:160] for name in columns.answers.values()]
        shown.append(Previewed(number, told, read is not None, why))
    return shown


@dataclass(frozen=True, slots=True)
class Previewed:
    """A row as it stands in the file; `taken` or not, and why it is refused."""

    number: int
    cells: list[str]
    taken: bool
    why: Words | None


_Read = tuple[int, str, datetime, dict[str, Any], dict[str, str], uuid.UUID]


def _rows(survey: Survey, path: Path, columns: Columns, found: Imported) -> Iterator[_Read]:
    document = survey.document
    reader = open_rows(path, detect_format(path))
    checked, mixed = False, False
    for chunk in read_chunks(reader, path, CHUNK):
        mixed = reader.notes.encoding.lower() in MAY_BE_MIXED
        for number, row in zip(chunk.rows.tolist(), chunk.table.to_pylist(), strict=True):
            if not checked:
                check_columns(document, columns, list(row))
                checked = True
            if mixed:
                found.repaired += repair(row)
            read = _row(survey, document, columns, row, number, found)
            if read is not None:
                yield read
        found.rows += chunk.read
        for refused in chunk.refused:
            found.refuse(
                refused.row, refused.code, Words(refused.detail, refused.detail), refused.raw
            )
    found.encoding = reader.notes.encoding


def check_columns(document: Document, columns: Columns, there: list[str]) -> None:
    named = [
        *columns.answers.values(),
        *filter(None, (columns.user, columns.day)),
        *columns.carried,
    ]
    missing = next((name for name in named if name not in there), None)
    if missing is not None:
        listed = ", ".join(there[:20])
        raise Refused(
            Words(
                f"文件没有列 {missing!r}；有：{listed}。",
                f"The file has no column {missing!r}; it has: {listed}.",
            ),
            code="import_column_missing",
        )
    for target in columns.answers:
        key, _dot, row = target.partition(".")
        question: Any = document.get(key)
        rows = {each.key for each in getattr(question, "rows", ())}
        if question is None or (row and row not in rows) or (not row and rows):
            raise Refused(
                Words(f"问卷没有问题 {target!r}。", f"The survey has no question {target!r}."),
                code="import_question_unknown",
            )


def _row(
    survey: Survey, document: Document, columns: Columns, row: dict[str, Any], number: int, found: Imported
) -> _Read | None:  # fmt: skip
    try:
        answers = _answers(document, columns, row)
        if not answers:
            found.empty += 1
            return None
        at = _day(survey, str(row.get(columns.day) or "")) if columns.day else _noon(survey)
    except UserOpsError as wrong:
        raw = json.dumps(row, ensure_ascii=False, default=str)
        found.refuse(number, wrong.code, wrong.words, raw)
        return None
    carried = {name: str(row[name])[:100] for name in columns.carried if _given(row.get(name))}
    user = str(row.get(columns.user) or "").strip() if columns.user else ""
    digest = hashlib.sha256(
        repr((survey.pk, sorted(row.items()), number if not user else 0)).encode()
    )
    return number, user, at, answers, carried, uuid.UUID(bytes=digest.digest()[:16])


def _answers(document: Document, columns: Columns, row: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for target, column in columns.answers.items():
        text = row.get(column)
        if not _given(text):
            continue
        key, _dot, part = target.partition(".")
        if part:
            given.setdefault(key, {})[part] = _plain(text)
        else:
            given[key] = _as_given(document[key], _plain(text))
    return {key: document[key].check(answer) for key, answer in given.items()}


def _as_given(question: Any, text: str) -> Any:
    """A cell as its question takes it: options by key or by their text, several separated by semicolons."""
    if question.kind not in ("single", "multiple"):
        return text
    known = {t.lower(): o.key for o in question.options for t in (o.key, *o.text.values())}
    cells = (
        [c.strip() for c in text.replace("；", ";").split(";")]
        if question.kind == "multiple"
        else [text]
    )
    unknown = [cell for cell in cells if cell.lower() not in known]
    chosen = [known[cell.lower()] for cell in cells if cell.lower() in known]
    return (
        {"chosen": chosen, "other": "; ".join(unknown) if question.other else ""}
        if chosen or (question.other)
        else {"chosen": cells}
    )


def _given(text: Any) -> bool:
    return text is not None and str(text).strip().lower() not in BLANK


def _plain(text: Any) -> str:
    """A whole number that a spreadsheet wrote with a point is whole again."""
    told = str(text).strip()
    head, dot, tail = told.partition(".")
    return head if dot and head.isdecimal() and set(tail) <= {"0"} else told


def _noon(survey: Survey) -> datetime:
    today = datetime.now(ZoneInfo(survey.product.timezone)).date()
    return datetime.combine(today, time(12), tzinfo=UTC)


def _day(survey: Survey, text: str) -> datetime:
    told = text.strip()[:10].replace("/", "-").replace(".", "-")
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            day: date = datetime.strptime(told, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        zone = UTC if survey.anonymous else ZoneInfo(survey.product.timezone)
        return datetime.combine(day, time(12), tzinfo=zone)
    raise Refused(
        Words(
            f"日期应如 2026-01-31；实际为 {text[:40]!r}。",
            f"A day is written 2026-01-31; got {text[:40]!r}.",
        ),
        code="import_day_invalid",
    )


def _take(
    survey: Survey, part: list[_Read], found: Imported, *, of: AnswerImport | None, dry_run: bool
) -> None:
    persons = _persons(survey, part, found)
    there = set(
        Response.objects.filter(pk__in=[each[5] for each in part]).values_list("pk", flat=True)
    )
    fresh: dict[uuid.UUID, Response] = {}
    for _number, user, at, answers, carried, key in part:
        if key in there or key in fresh:
            found.copies += 1
            continue
        fresh[key] = Response(
            pk=key, survey=survey, version=survey.version, anonymous=survey.anonymous,
            person=persons.get(user), way="import", language=survey.document.languages[0],
            state=Response.State.COMPLETED, started=at, completed=at, answers=answers, carried=carried,
            imported=of,
        )  # fmt: skip
    found.taken += len(fresh)
    if not dry_run:
        Response.objects.bulk_create(list(fresh.values()), batch_size=500)


def _persons(survey: Survey, part: list[_Read], found: Imported) -> dict[str, int]:
    """Known users by the id in the file; an anonymous survey looks nobody up."""
    users = sorted({user for _n, user, *_more in part if user})
    if survey.anonymous or not users:
        return {}
    uids = stored_uids(survey.product_id, users)
    found.unknown += len(users) - len(uids)
    forest = Forest(survey.product_id)
    forest.load(uids.values())
    return {user: forest.root(uid) for user, uid in uids.items()}
