"""Reports: begin, read, move on, edit, export."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.errors import NotFound
from userops.events.store import current
from userops.reports import actions, tasks
from userops.reports.comparing import against_now
from userops.reports.exporting import export
from userops.reports.models import Issue, Report, Sentence
from userops.reports.telling import report_line, whole_issue
from userops.words import Words
from userops.workspace.models import User
from userops.workspace.roles import Permission

router = Router(tags=["reports"])
Version = Annotated[int | None, Field(ge=1, le=32_000, description="Default: the newest")]


class ReportIn(RequestBody):
    kind: str = Field("user-analysis", max_length=40)
    period: str = Field(max_length=40, description="2026-09, 2026-W38, 2026-Q3 or two days with ..")
    settings: dict[str, str | list[str]] = Field(
        {}, description="purchase, amount, funnel: in place of what the catalogue suggests"
    )


class StatusIn(RequestBody):
    do: Literal["submit", "review", "send_back", "issue", "rebuild", "cancel", "correct"]
    reason: str = Field("", max_length=500, description="Of a correction")


class SentenceIn(Changes):
    """Any of them. Texts hold references such as `{{funnel.conversion|kn}}`."""

    zh: str | None = Field(None, max_length=2_000)
    en: str | None = Field(None, max_length=2_000)
    claim: Literal["correlation", "quasi", "experiment", "person"] | None = None
    assignee: str | None = Field(None, max_length=100)
    due: date | None = None
    accepted_when: str | None = Field(None, max_length=300)
    task: str | None = Field(None, max_length=300)


class RemarkIn(RequestBody):
    text: str = Field(max_length=4_000)
    on: str = Field("", max_length=130, description="Key of a sentence or figure")


class ReportOut(Schema):
    id: int
    kind: str
    title: dict[str, str]
    product: str
    from_: str = Field(alias="from")
    to: str
    settings: dict[str, Any]
    version: int
    versions: int
    status: str
    progress: dict[str, Any]
    snapshot: str
    issued: str | None


class IssueOut(ReportOut):
    seal: str
    corrects: int | None
    reason: str
    subject: dict[str, Any]
    data_time: str | None
    built: str | None
    timezone: str
    signatures: dict[str, str]
    figures: list[dict[str, Any]]
    sentences: list[dict[str, Any]]
    lint: list[dict[str, Any]]


def _issue(request: HttpRequest, product: str, key: int, permission: Permission) -> Issue:
    return _version(request, product, key, None, permission)


def _version(
    request: HttpRequest, product: str, key: int, version: int | None, permission: Permission
) -> Issue:
    found = product_for(request, product, permission)
    rows = Issue.objects.filter(report=key, report__product=found)
    rows = rows.filter(number=version) if version else rows
    issue = rows.select_related("report__product").order_by("-number").first()
    if issue is None:
        raise NotFound(Words("没有这个报告。", "There is no such report."), code="report_not_found")
    return issue


def _user(request: HttpRequest) -> User:
    return caller(request).user


@router.get("/{slug:product}/reports", response=Page[ReportOut], by_alias=True)
def reports(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Reports, the newest period first."""
    rows = Report.objects.filter(product=product_for(request, product, Permission.VIEW))
    shown = rows.select_related("product")[paging.slice]
    return {"total": rows.count(), "items": [report_line(row) for row in shown]}


@router.post("/{slug:product}/reports", response=ReportOut, by_alias=True)
def create_report(request: HttpRequest, product: str, body: ReportIn) -> dict[str, Any]:
    """Begin a report; it is built in the background: ask for it until its status is draft."""
    found = product_for(request, product, Permission.WRITE_REPORTS)
    issue = actions.create_report(
        found, body.kind, body.period, settings=body.settings, acting_user=_user(request)
    )
    tasks.build_issue(issue.pk)
    return report_line(issue.report)


@router.get("/{slug:product}/reports/{report}", response=IssueOut, by_alias=True)
def report(
    request: HttpRequest, product: str, report: Key, version: Version = None
) -> dict[str, Any]:
    """One version with its figures, their rows, its sentences, and what the linter says."""
    return whole_issue(_version(request, product, report, version, Permission.VIEW))


@router.delete("/{slug:product}/reports/{report}", response={204: None})
def delete_report(request: HttpRequest, product: str, report: Key) -> Status[None]:
    """Delete a report of which nothing was issued."""
    issue = _issue(request, product, report, Permission.WRITE_REPORTS)
    actions.delete_report(issue.report, acting_user=_user(request))
    return Status(204, None)


@router.post("/{slug:product}/reports/{report}/status", response=ReportOut, by_alias=True)
def move_report(request: HttpRequest, product: str, report: Key, body: StatusIn) -> dict[str, Any]:
    """Hand in, review, send back, issue (leads), compute again, cancel, or begin a correction."""
    issue, user = _issue(request, product, report, Permission.WRITE_REPORTS), _user(request)
    if body.do == "correct":
        tasks.build_issue(actions.correct(issue, body.reason, acting_user=user).pk)
    elif body.do == "rebuild":
        tasks.build_issue(actions.rebuild(issue, acting_user=user).pk)
    else:
        _MOVES[body.do](issue, acting_user=user)
    return report_line(issue.report)


_MOVES: dict[str, Any] = {
    "submit": actions.submit,
    "review": actions.review,
    "send_back": actions.send_back,
    "issue": actions.issue_report,
    "cancel": actions.cancel,
}


@router.patch("/{slug:product}/reports/{report}/sentences/{sentence}", response={204: None})
def change_sentence(
    request: HttpRequest, product: str, report: Key, sentence: str, body: SentenceIn
) -> Status[None]:
    """Say a sentence of the newest version in other words, or say who does an action by when."""
    issue, user = _issue(request, product, report, Permission.WRITE_REPORTS), _user(request)
    row = issue.sentences.filter(key=sentence[:120]).first()
    if row is None:
        raise NotFound(
            Words("没有这个句子。", "There is no such sentence."), code="sentence_not_found"
        )
    given = body.dict(exclude_unset=True)
    if {"zh", "en", "claim"} & set(given):
        actions.edit_sentence(
            row, zh=given.get("zh") or row.zh, en=given.get("en") or row.en,
            claim=given.get("claim"), acting_user=user,
        )  # fmt: skip
    if {"assignee", "due", "accepted_when", "task"} & set(given):
        actions.assign(row, **_assigned(row, given), acting_user=user)
    return Status(204, None)


def _assigned(row: Sentence, given: dict[str, Any]) -> dict[str, Any]:
    kept = {name: getattr(row, name) for name in ("assignee", "due", "accepted_when", "task")}
    return kept | {
        name: value for name, value in given.items() if name in kept and value is not None
    }


@router.post("/{slug:product}/reports/{report}/comments", response={204: None})
def comment(request: HttpRequest, product: str, report: Key, body: RemarkIn) -> Status[None]:
    """Remark on a sentence, a figure, or the whole of the newest version."""
    issue = _issue(request, product, report, Permission.VIEW)
    actions.comment(issue, body.text, on=body.on, acting_user=_user(request))
    return Status(204, None)


@router.get("/{slug:product}/reports/{report}/drift", response=list[dict[str, Any]])
def drift(
    request: HttpRequest, product: str, report: Key, version: Version = None
) -> list[dict[str, Any]]:
    """Ask every question of a version again: the cells that differ today, by figure."""
    issue = _version(request, product, report, version, Permission.VIEW)
    return [
        {
            "figure": each.key,
            "what": each.what,
            "count": each.count,
            "cells": [
                {"row": c.row, "column": c.column, "before": c.before, "now": c.after}
                for c in each.cells
            ],
        }
        for each in against_now(issue, current()).figures
    ]


@router.get("/{slug:product}/reports/{report}/file", response=None)
def file(
    request: HttpRequest, product: str, report: Key, format: str = "docx",  # noqa: A002
    language: Literal["zh", "en"] = "zh", version: Version = None,
) -> HttpResponse:  # fmt: skip
    """A version as a file: `docx`, `pptx`, `xlsx`, `pdf` or `html`."""
    made = export(_version(request, product, report, version, Permission.VIEW), format, language)
    response = HttpResponse(made.content, content_type=made.media_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
