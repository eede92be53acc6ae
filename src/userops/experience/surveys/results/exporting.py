"""The answers as a table: one row for each response, one column for each question, option or row."""

from __future__ import annotations

from typing import Any

from userops.analyses.table import Column, Table
from userops.audience.segments.hooks import names_of
from userops.audience.segments.masking import masked
from userops.errors import Refused
from userops.events.identity import chunks
from userops.experience.surveys.models import Survey
from userops.experience.surveys.questions import said
from userops.experience.surveys.results.dataset import Dataset, Row, read
from userops.experience.surveys.results.hiding import LEAST
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission


def exported(survey: Survey, format_: str, *, acting_user: User) -> Table:
    """All answers. Of an anonymous survey without the properties that were carried, in an order that says
    nothing; ids masked for roles that may not take them out. Raises `Refused` for too few to be told."""
    check(acting_user, survey.product, Permission.RUN_SURVEYS)
    granted = permissions_in(acting_user, survey.product)
    data = read(survey)
    if data.too_few:
        raise Refused(
            Words(
                f"匿名问卷的答卷不足 {LEAST} 份，不能导出。",
                f"An anonymous survey is exported from {LEAST} responses on.",
            ),
            code="survey_too_few",
        )
    names = _names(survey, data, whole=Permission.EXPORT_PEOPLE in granted)
    columns = _columns(data)
    heads = [Column(name, words) for name, words, _get in columns]
    rows = [tuple(_cell(get(row, names)) for _name, _words, get in columns) for row in data.rows]
    if data.anonymous:
        rows.sort(key=str)
    note(
        acting_user, "survey.exported", product=survey.product, target=survey.name,
        rows=len(rows), format=format_, masked=Permission.EXPORT_PEOPLE not in granted,
    )  # fmt: skip
    return Table(tuple(heads), rows)


def _names(survey: Survey, data: Dataset, *, whole: bool) -> dict[int, str]:
    persons = sorted({row.person for row in data.rows if row.person is not None})
    found: dict[int, str] = {}
    for chunk in chunks(persons):
        told = names_of(survey.product_id, chunk)
        found |= {person: name if whole else masked(name) for person, name in told.items()}
    return found


def _columns(data: Dataset) -> list[tuple[str, Words, Any]]:
    found: list[tuple[str, Words, Any]] = [
        ("day", Words("日期", "Day"), lambda row, _names: row.day.isoformat()),
        ("complete", Words("是否完成", "Complete"), lambda row, _names: row.complete),
        ("way", Words("方式", "Way"), lambda row, _names: row.way),
        ("language", Words("语言", "Language"), lambda row, _names: row.language),
        ("version", Words("版本", "Version"), lambda row, _names: row.version),
    ]
    if not data.anonymous:
        found.insert(
            0, ("user", Words("用户 ID", "User id"), lambda row, names: names.get(row.person))
        )
        carried = sorted({name for row in data.rows for name in row.carried})
        found += [(f"of:{name}", Words(name, name), _carried(name)) for name in carried]
    for question in data.document.questions:
        found += _of_question(question)
    return found


def _of_question(question: Any) -> list[tuple[str, Words, Any]]:
    zh, en = said(question.title, "zh-hans"), said(question.title, "en")
    key = question.key
    if question.kind == "matrix":
        return [
            (f"{key}.{row.key}", Words(f"{zh} · {said(row.text, 'zh-hans')}", f"{en} · {said(row.text, 'en')}"),
             _part(key, row.key))
            for row in question.rows
        ]  # fmt: skip
    return [(key, Words(zh, en), _whole(question))]


def _carried(name: str) -> Any:
    return lambda row, _names: row.carried.get(name)


def _part(key: str, part: str) -> Any:
    return lambda row, _names: (row.answers.get(key) or {}).get(part)


def _whole(question: Any) -> Any:
    def get(row: Row, _names: dict[int, str]) -> Any:
        answer = row.answers.get(question.key)
        if isinstance(answer, dict):
            other = [answer["other"]] if answer.get("other") else []
            return "; ".join([*answer["chosen"], *other])
        return answer

    return get


def _cell(value: Any) -> Any:
    return "" if value is None else value
