"""Reports as JSON: what the API, the command line and Python are told."""

from __future__ import annotations

from typing import Any

from userops.reports.kinds import kind_of
from userops.reports.linting import Message, lint_issue
from userops.reports.models import FigureSnapshot, Issue, Report, Sentence
from userops.reports.quoting import Values, filled


def report_line(report: Report) -> dict[str, Any]:
    """One line of a list."""
    issue = report.newest
    return {
        "id": report.pk,
        "kind": report.kind,
        "title": kind_of(report.kind).words.as_dict(),
        "product": report.product.slug,
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "settings": report.settings,
        "version": issue.number,
        "versions": report.issues.count(),
        "status": issue.status,
        "progress": issue.progress,
        "snapshot": issue.snapshot,
        "issued": _time(issue.issued),
    }


def whole_issue(issue: Issue) -> dict[str, Any]:
    """An issue with its figures, sentences and what the linter says."""
    values = {row.key: row.values for row in issue.figures.all()}
    return {
        **report_line(issue.report),
        "version": issue.number,
        "status": issue.status,
        "progress": issue.progress,
        "snapshot": issue.snapshot,
        "seal": issue.seal,
        "corrects": issue.corrects.number if issue.corrects else None,
        "reason": issue.reason,
        "subject": issue.subject,
        "data_time": _time(issue.data_time),
        "built": _time(issue.built),
        "issued": _time(issue.issued),
        "timezone": issue.timezone,
        "signatures": issue.signatures,
        "figures": [_figure(row) for row in issue.figures.all()],
        "sentences": [_sentence(row, values) for row in issue.sentences.all()],
        "lint": [message_line(each) for each in lint_issue(issue)],
    }


def _figure(row: FigureSnapshot) -> dict[str, Any]:
    view = row.view("zh")
    return {
        "key": row.key,
        "chapter": row.chapter,
        "shown": row.shown,
        "title": row.title,
        "query": row.question,
        "made_of": row.made_of,
        "definition": row.definition,
        "definition_version": row.definition_version,
        "columns": [
            {"name": each["name"], "type": each["type"]} for each in view.get("columns", [])
        ],
        "rows": view.get("rows", []),
        "values": row.values,
        "problem": row.problem,
        "computed": _time(row.computed),
        "data_time": _time(row.data_time),
        "sha256": row.sha256,
        "intact": row.intact,
    }


def _sentence(row: Sentence, values: Values) -> dict[str, Any]:
    return {
        "key": row.key,
        "chapter": row.chapter,
        "style": row.style,
        "tone": row.tone,
        "zh": filled(row.zh, values, "zh"),
        "en": filled(row.en, values, "en"),
        "template": {"zh": row.zh, "en": row.en},
        "evidence": row.evidence,
        "claim": row.claim,
        "rule": row.rule,
        "assignee": row.assignee,
        "due": row.due.isoformat() if row.due else None,
        "accepted_when": row.accepted_when,
        "task": row.task,
        "edited_by": str(row.edited_by) if row.edited_by else None,
        "edited": _time(row.edited),
    }


def message_line(message: Message) -> dict[str, Any]:
    return {
        "code": message.code,
        "level": message.level,
        "on": message.sentence,
        "language": message.language,
        **message.words.as_dict(),
    }


def _time(at: Any) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
