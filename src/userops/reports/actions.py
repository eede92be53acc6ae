"""Writes: reports. Each checks the permission, validates, and leaves a log row.

being computed → draft ⇄ in review → issued → superseded by a corrected version
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.reports.kinds import kind_of
from userops.reports.linting import Message, lint_issue
from userops.reports.models import Comment, Evidence, Issue, Report, Sentence, Status
from userops.reports.periods import period_of
from userops.reports.sealing import sealed_refusal
from userops.reports.subject import read_subject
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

LONGEST_SENTENCE = 2_000
LONGEST_COMMENT = 4_000
OPEN = (Status.DRAFT, Status.REVIEW, Status.STOPPED)


@transaction.atomic
def create_report(
    product: Product,
    kind: str,
    period: str,
    *,
    settings: Mapping[str, Any] | None = None,
    acting_user: User,
) -> Issue:
    """Begin a report over a period (`2026-09`); its first issue waits to be built. Raises `Refused`."""
    check(acting_user, product, Permission.WRITE_REPORTS)
    found, days = kind_of(kind), period_of(period)
    wanted = dict(settings or {})
    read_subject(
        product, days, wanted, datetime.now(UTC), None, kind=found
    )  # refuses what is wrong
    report = Report.objects.create(
        product=product, kind=found.name, first=days.first, last=days.last, settings=wanted,
        owner=acting_user,
    )  # fmt: skip
    issue = _new_issue(report, 1, acting_user)
    _noted(acting_user, "report.created", issue)
    return issue


def _new_issue(report: Report, number: int, user: User, **fields: Any) -> Issue:
    return Issue.objects.create(
        report=report, number=number, timezone=report.product.timezone, written_by=user, **fields
    )


@transaction.atomic
def rebuild(issue: Issue, *, acting_user: User) -> Issue:
    """Have all figures of a draft computed anew. What people wrote stays."""
    _writable(issue, acting_user)
    issue.status, issue.cancel_asked, issue.progress = Status.BUILDING, False, {}
    issue.submitted = issue.reviewed = issue.reviewed_by = None
    issue.save()
    _noted(acting_user, "report.rebuilt", issue)
    return issue


def cancel(issue: Issue, *, acting_user: User) -> None:
    """Stop the computation at the next figure."""
    check(acting_user, issue.report.product, Permission.WRITE_REPORTS)
    if issue.status == Status.BUILDING:
        issue.cancel_asked = True
        issue.save(update_fields=["cancel_asked"])
        _noted(acting_user, "report.cancelled", issue)


@transaction.atomic
def edit_sentence(
    sentence: Sentence, *, zh: str, en: str, claim: str | None = None, acting_user: User
) -> Sentence:
    """Say it in other words; figures stay references. What the linter finds is told, not refused."""
    _writable(sentence.issue, acting_user)
    before = (sentence.zh, sentence.en, sentence.claim)
    sentence.zh, sentence.en = _text(zh), _text(en)
    if claim is not None:
        if claim not in Evidence.values:
            raise Refused(
                Words(
                    f"没有证据等级 {claim[:40]!r}。",
                    f"There is no level of evidence {claim[:40]!r}.",
                ),
                code="evidence_unknown",
            )
        sentence.claim = claim
    if (sentence.zh, sentence.en, sentence.claim) != before:
        sentence.edited_by, sentence.edited = acting_user, datetime.now(UTC)
        sentence.save()
        _noted(acting_user, "report.sentence_edited", sentence.issue, sentence=sentence.key)
    return sentence


@transaction.atomic
def assign(
    sentence: Sentence,
    *,
    assignee: str = "",
    due: date | None = None,
    accepted_when: str = "",
    task: str = "",
    acting_user: User,
) -> Sentence:
    """Who does an action by when, and how one sees that it is done."""
    _writable(sentence.issue, acting_user)
    sentence.assignee, sentence.due = " ".join(assignee.split())[:100], due
    sentence.accepted_when, sentence.task = accepted_when.strip()[:300], task.strip()[:300]
    sentence.save()
    _noted(acting_user, "report.action_assigned", sentence.issue, sentence=sentence.key)
    return sentence


@transaction.atomic
def remove_sentence(sentence: Sentence, *, acting_user: User) -> None:
    """Leave a sentence out of this version."""
    _writable(sentence.issue, acting_user)
    _noted(acting_user, "report.sentence_removed", sentence.issue, sentence=sentence.key)
    sentence.delete()


@transaction.atomic
def submit(issue: Issue, *, acting_user: User) -> Issue:
    """Hand a draft in for review."""
    check(acting_user, issue.report.product, Permission.WRITE_REPORTS)
    _expect(issue, Status.DRAFT)
    issue.status, issue.submitted, issue.written_by = Status.REVIEW, datetime.now(UTC), acting_user
    issue.save()
    _noted(acting_user, "report.submitted", issue)
    return issue


@transaction.atomic
def review(issue: Issue, *, acting_user: User) -> Issue:
    """Say that one has read and checked it."""
    check(acting_user, issue.report.product, Permission.WRITE_REPORTS)
    _expect(issue, Status.REVIEW)
    issue.reviewed_by, issue.reviewed = acting_user, datetime.now(UTC)
    issue.save()
    _noted(acting_user, "report.reviewed", issue)
    return issue


@transaction.atomic
def send_back(issue: Issue, *, acting_user: User) -> Issue:
    """Back to the writer."""
    check(acting_user, issue.report.product, Permission.WRITE_REPORTS)
    _expect(issue, Status.REVIEW)
    issue.status, issue.reviewed_by, issue.reviewed = Status.DRAFT, None, None
    issue.save()
    _noted(acting_user, "report.sent_back", issue)
    return issue


@transaction.atomic
def issue_report(issue: Issue, *, acting_user: User) -> Issue:
    """Sign it: from now on it is read-only, and a version that it corrects is superseded.

    Raises `Refused` with what the linter blocks.
    """
    check(acting_user, issue.report.product, Permission.ISSUE_REPORTS)
    _expect(issue, Status.REVIEW)
    blocking = [each for each in lint_issue(issue) if each.level == "block"]
    if blocking:
        raise _blocked(blocking)
    now = datetime.now(UTC)
    issue.issued_by, issue.issued = acting_user, now
    if issue.reviewed_by is None:
        issue.reviewed_by, issue.reviewed = acting_user, now
    issue.signatures = {
        "written": str(issue.written_by or ""),
        "reviewed": str(issue.reviewed_by),
        "approved": str(acting_user),
    }
    issue.seal = issue.content_digest()
    issue.status = Status.ISSUED
    issue.save()
    if issue.corrects is not None and issue.corrects.status == Status.ISSUED:
        issue.corrects.status = Status.SUPERSEDED
        issue.corrects.save(update_fields=["status"])
    _noted(acting_user, "report.issued", issue, seal=issue.seal)
    return issue


def _blocked(messages: list[Message]) -> Refused:
    times = Counter((each.words.zh, each.words.en) for each in messages).most_common(5)
    zh = "；".join(f"{zh.rstrip('。')}{f'（{n} 处）' if n > 1 else ''}" for (zh, _), n in times)
    en = "; ".join(f"{en.rstrip('.')}{f' ({n} times)' if n > 1 else ''}" for (_, en), n in times)
    things = "1 thing" if len(messages) == 1 else f"{len(messages)} things"
    return Refused(
        Words(f"还有 {len(messages)} 处须先改好：{zh}。", f"{things} to mend first: {en}."),
        code="report_lint",
        problems=[
            {"code": each.code, "sentence": each.sentence, **each.words.as_dict()}
            for each in messages
        ],
    )


@transaction.atomic
def correct(issue: Issue, reason: str, *, acting_user: User) -> Issue:
    """Begin a corrected version of an issued one: new figures, the same words where they still hold."""
    product = issue.report.product
    check(acting_user, product, Permission.WRITE_REPORTS)
    _expect(issue, Status.ISSUED)
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise Refused(
            Words("请写明更正原因。", "Say why it is corrected."), code="correction_without_reason"
        )
    newest = issue.report.newest
    if newest.pk != issue.pk:
        raise Refused(
            Words(
                f"已有更新的第 {newest.number} 版。", f"There is a newer version {newest.number}."
            ),
            code="report_has_newer",
        )
    made = _new_issue(issue.report, issue.number + 1, acting_user, corrects=issue, reason=reason)
    _noted(acting_user, "report.correction_begun", made, reason=reason)
    return made


@transaction.atomic
def delete_report(report: Report, *, acting_user: User) -> None:
    """Only a report of which nothing was ever issued can go."""
    check(acting_user, report.product, Permission.WRITE_REPORTS)
    if any(each.sealed for each in report.issues.all()):
        raise sealed_refusal()
    note(acting_user, "report.deleted", product=report.product, target=_name(report))
    report.delete()


@transaction.atomic
def comment(issue: Issue, text: str, *, on: str = "", acting_user: User) -> Comment:
    """A remark on a sentence or figure (by its key), or on the whole."""
    check(acting_user, issue.report.product, Permission.VIEW)
    text = text.strip()
    if not text or len(text) > LONGEST_COMMENT or "\x00" in text:
        raise Refused(
            Words(
                f"评论应为 1 到 {LONGEST_COMMENT} 个字符。",
                f"A comment has 1 to {LONGEST_COMMENT} characters.",
            ),
            code="comment_invalid",
        )
    known = {"", *issue.figures.values_list("key", flat=True)}
    if on not in known and not issue.sentences.filter(key=on).exists():
        raise NotFound(
            Words("没有这个句子或图表。", "There is no such sentence or figure."),
            code="comment_target_unknown",
        )
    made = Comment.objects.create(issue=issue, on=on, text=text, by=acting_user)
    _noted(acting_user, "report.commented", issue, on=on)
    return made


@transaction.atomic
def resolve(remark: Comment, *, acting_user: User) -> Comment:
    """Settle a comment: its author, or who writes reports."""
    if remark.by_id != acting_user.pk:
        check(acting_user, remark.issue.report.product, Permission.WRITE_REPORTS)
    remark.resolved = datetime.now(UTC)
    remark.save(update_fields=["resolved"])
    return remark


def _writable(issue: Issue, user: User) -> None:
    check(user, issue.report.product, Permission.WRITE_REPORTS)
    if issue.sealed:
        raise sealed_refusal()
    if issue.status not in OPEN:
        raise _wrong_status(issue)


def _expect(issue: Issue, status: Status) -> None:
    if issue.status != status:
        raise _wrong_status(issue)


def _wrong_status(issue: Issue) -> Refused:
    return Refused(
        Words(
            f"报告目前的状态是“{Status(issue.status).value}”，不能这样做。",
            f"The report is {Status(issue.status).value}: this cannot be done now.",
        ),
        code="report_status",
    )


def _text(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_SENTENCE or "\x00" in text:
        raise Refused(
            Words(
                f"句子应为 1 到 {LONGEST_SENTENCE} 个字符。",
                f"A sentence has 1 to {LONGEST_SENTENCE} characters.",
            ),
            code="sentence_invalid",
        )
    return text


def _name(report: Report) -> str:
    return f"{report.kind} {report.first}..{report.last}"


def _noted(user: User, action: str, issue: Issue, **details: Any) -> None:
    target = f"{_name(issue.report)} v{issue.number}"
    note(
        user, action, product=issue.report.product, target=target, report=issue.report_id, **details
    )
