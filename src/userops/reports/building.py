"""Building an issue: ask every figure of the outline, freeze it, let the rules write.

A figure that cannot be computed says why and leaves the others standing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from django.db import transaction

from userops import __version__
from userops.analyses.answering import Source, answer
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.records.figure import NoRecords
from userops.reports.asking import Asked, asked_ahead
from userops.reports.book import Book, Finding, Frozen
from userops.reports.kinds import kind_of
from userops.reports.models import FigureSnapshot, Issue, Sentence, Status
from userops.reports.outline import Chapter, FigurePlan, NotComputable, ReportKind
from userops.reports.periods import Period, between
from userops.reports.subject import ANY, Subject, read_subject
from userops.reports.views import LANGUAGES, Catalogue, renamed, view_of_table, views_of
from userops.words import Words

log = logging.getLogger("userops.reports")
FOLLOWED, QUIET = 45, 7
"""Days after the period that are looked at, and how long nothing comes before the data are over."""
WHOLE = 0.1
"""A day with less than this share of the period's usual events is not one of whole data."""
Progress = Callable[[int, int, Words], None]


class BuildStopped(Exception):  # noqa: N818 - somebody asked for it
    """The build was cancelled, or the server stops."""


def quiet(_done: int, _of: int, _now: Words) -> None:
    pass


@dataclass
class _Building:
    issue: Issue
    source: Source
    subject: Subject
    catalogue: Catalogue
    book: Book
    rows: list[FigureSnapshot]
    asked: Callable[[FigurePlan], Asked]


def build(
    issue: Issue,
    source: Source,
    *,
    progress: Progress = quiet,
    cancelled: Callable[[], bool] = lambda: False,
) -> Issue:
    """Compute the figures of an issue that is not sealed and write its sentences, replacing what was
    computed before. Raises `BuildStopped`; `Refused` when it is sealed or its settings are wrong."""
    report, now = issue.report, datetime.now(UTC)
    kind = kind_of(report.kind)
    period = between(report.first, report.last)
    first, last = (kind.collected or collected)(report.product, period, source, now)
    facts = source.fact_versions(report.product.pk)
    subject = read_subject(
        report.product, period.known(last), report.settings, now, first, last, facts, kind
    )
    plans, catalogue = kind.figures, Catalogue.of(report.product)
    with asked_ahead(source, subject, [plan for _, plan in plans]) as asked:
        work = _Building(issue, source, subject, catalogue, Book(subject), [], asked)
        for done, position in enumerate(_asked_first(plans)):
            chapter, plan = plans[position]
            if cancelled():
                raise BuildStopped
            progress(done, len(plans), plan.title)
            work.rows.append(_snapshot(work, chapter, plan, position))
    findings = _findings(kind, work.book)
    _keep(work, kind, findings, now)
    progress(len(plans), len(plans), Words("完成", "done"))
    return issue


def _asked_first(plans: list[tuple[Chapter, FigurePlan]]) -> list[int]:
    """The order of work: a table is made of figures that may stand after it."""
    return sorted(range(len(plans)), key=lambda at: plans[at][1].ask is None)


def collected(
    product: Product, period: Period, source: Source, now: datetime
) -> tuple[date | None, date | None]:
    """From which day on the data are whole, and on which they end (None while they go on).

    Single events from long before, such as the sign-ups of old members, are no history.
    """
    earliest = source.first_time(product.pk)
    if earliest is None:
        return None, None
    zone = ZoneInfo(product.timezone)
    begin = max(earliest.astimezone(zone).date(), period.year_before.first - timedelta(days=31))
    end = min(now.astimezone(zone).date(), period.last + timedelta(days=FOLLOWED))
    if begin > min(period.last, end):
        return begin, None
    document = {
        "kind": "trend", "product": product.slug, "unit": "day", "series": [{"event": ANY}],
        "range": {"from": begin.isoformat(), "to": end.isoformat()},
    }  # fmt: skip
    points = answer(document, source, asker="reports").result["series"][0]["points"]
    counts = {date.fromisoformat(day): count or 0 for day, count in points}
    within = [count for day, count in counts.items() if period.first <= day <= period.last]
    usual = median(within or [0])
    first = next((day for day, n in counts.items() if n and n >= WHOLE * usual), begin)
    last = max((day for day, n in counts.items() if n), default=None)
    ended = last is not None and last < end - timedelta(days=QUIET)
    return first, last if ended else None


def _snapshot(work: _Building, chapter: Chapter, plan: FigurePlan, position: int) -> FigureSnapshot:
    row = FigureSnapshot(
        issue=work.issue,
        key=plan.key,
        position=position,
        chapter=chapter.key,
        shown=plan.shown,
        title=plan.title_of(work.subject).as_dict(),
        computed=datetime.now(UTC),
        definition_version=f"userops {__version__}",
    )
    begun = time.perf_counter()
    try:
        _compute(work, plan, row)
    except (NotComputable, NoRecords) as why:
        row.problem = why.words.as_dict()
    except UserOpsError as wrong:
        log.warning("report %s, figure %s: %s", work.issue.report_id, plan.key, wrong)
        row.problem = wrong.words.as_dict()
    row.took_ms = round(row.took_ms or (time.perf_counter() - begun) * 1000, 1)
    return row


def _compute(work: _Building, plan: FigurePlan, row: FigureSnapshot) -> None:
    if plan.ask is not None:
        _asked(work, plan, row)
    else:
        _composed(work, plan, row)


def _asked(work: _Building, plan: FigurePlan, row: FigureSnapshot) -> None:
    asked = work.asked(plan)
    row.took_ms = asked.seconds * 1000
    if asked.wrong is not None:
        raise asked.wrong
    found = asked.answer
    assert found is not None
    row.question = found.document.as_json()
    row.definition = found.definition.as_dict()
    row.data_time = found.data_time
    row.result = _json(found.result)
    frozen = Frozen(plan.key, row.result, found)
    views = views_of(found, work.catalogue, work.issue.report.product)
    _read_here(views, frozen, plan, work.subject)
    row.views = _json(views)
    row.row_count = len(row.views["zh"]["rows"])
    if plan.shown == "evidence":
        for view in row.views.values():
            view["chart"] = None
    elif not row.row_count:
        raise _nothing(row.result)
    work.book.figures[plan.key] = frozen


def _nothing(result: Any) -> NotComputable:
    """An empty table is no figure: why it is empty, where the analysis says so."""
    why = result.get("reason") if isinstance(result, Mapping) else None
    words = why if isinstance(why, Mapping) else {}
    return NotComputable(
        words.get("zh", "本期没有这类数据。"), words.get("en", "The period has no such data.")
    )


def _read_here(views: dict[str, Any], frozen: Frozen, plan: FigurePlan, subject: Subject) -> None:
    """The report's own table and chart of an answer, where it has them."""
    if plan.table is not None:
        frozen.table = plan.table(frozen, subject)
    for short, code in LANGUAGES.items():
        if frozen.table is not None:
            own = view_of_table(frozen.table, code)
            views[short] |= {name: own[name] for name in ("columns", "rows", "whole")}
        _ordered(views[short], plan.first)
        _with_currency(views[short], plan, subject, code)
        if plan.cards is not None:
            views[short]["cards"] = plan.cards(frozen, subject, code)
        if plan.draw is not None:
            views[short]["chart"] = plan.draw(frozen, subject, code)
        if plan.names:
            words = {name: each.text(code) for name, each in plan.names.items()}
            for part in ("chart", "columns"):
                views[short][part] = renamed(views[short][part], words)


def _ordered(view: dict[str, Any], first: tuple[str, ...]) -> None:
    """With the columns that are named before the others."""
    names = [column["name"] for column in view["columns"]]
    ahead = [names.index(name) for name in first if name in names]
    order = [*ahead, *(at for at in range(len(names)) if at not in ahead)]
    view["columns"] = [view["columns"][at] for at in order]
    view["rows"] = [[row[at] for at in order] for row in view["rows"]]


def _with_currency(view: dict[str, Any], plan: FigurePlan, subject: Subject, language: str) -> None:
    """The report says which numbers are money, whatever the property is called. Shares and counts stay."""
    for column in view["columns"] if plan.money else ():
        if column["type"] == "number" and column["name"].startswith(plan.money):
            column["type"] = subject.money
    chart = view["chart"] if plan.money else None
    if chart and (chart.get("userops") or {}).get("format") in (None, "number"):
        axis = chart["yAxis"]
        chart["yAxis"] = {**axis, "name": subject.in_currency(axis.get("name", ""), language)}


def _composed(work: _Building, plan: FigurePlan, row: FigureSnapshot) -> None:
    assert plan.compose is not None
    work.book.read.clear()
    table = plan.compose(work.book)
    row.made_of = sorted(work.book.read & set(work.book))
    row.definition = (plan.definition or Words("", "")).as_dict()
    row.views = _json(
        {
            short: {
                **view_of_table(table, code),
                "chart": plan.chart(work.book, code) if plan.chart else None,
                "definition": (plan.definition or Words("", "")).text(code),
            }
            for short, code in LANGUAGES.items()
        }
    )
    row.row_count = len(table.rows)
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, line, strict=True)) for line in table.plain()]
    row.result = _json({"rows": rows})
    work.book.figures[plan.key] = Frozen(plan.key, row.result, None, table)


def _json(value: Any) -> Any:
    """As it will be read back: keys are texts, days are ISO."""
    return orjson.loads(
        orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY)
    )


def _findings(kind: ReportKind, book: Book) -> list[Finding]:
    found: list[Finding] = []
    for rule in kind.rules:
        if all(key in book for key in rule.needs):
            for number, each in enumerate(rule.write(book)):
                found.append(_placed(each, rule.chapter, rule.name, each.key or str(number + 1)))
    first = [
        _placed(each, "conclusion", "conclusion", each.key) for each in kind.conclude(book, found)
    ]
    return [*first, *found]


def _placed(finding: Finding, chapter: str, rule: str, key: str) -> Finding:
    return replace(
        finding, chapter=finding.chapter or chapter, rule=finding.rule or rule, key=f"{rule}:{key}"
    )


@transaction.atomic
def _keep(work: _Building, kind: ReportKind, findings: list[Finding], now: datetime) -> None:
    issue = work.issue
    former = _written(issue)
    issue.sentences.all().delete()
    issue.figures.all().delete()
    for row in work.rows:
        frozen = work.book.figures.get(row.key)
        row.values = _json(frozen.values) if frozen else {}
        row.save()
    for position, finding in enumerate(findings):
        _sentence(issue, finding, position, former.get(finding.key)).save()
    issue.subject = work.subject.as_json()
    issue.data_time = max((row.data_time for row in work.rows if row.data_time), default=now)
    issue.built, issue.progress, issue.status = now, {}, Status.DRAFT
    issue.save()


def _written(issue: Issue) -> Mapping[str, Sentence]:
    """The sentences as they stood: in this version, else in the one that it corrects."""
    rows = list(issue.sentences.all())
    if not rows and issue.corrects is not None:
        rows = list(issue.corrects.sentences.all())
    return {row.key: row for row in rows}


def _sentence(issue: Issue, finding: Finding, position: int, former: Sentence | None) -> Sentence:
    """What people wrote stays: their own words, and who does an action by when."""
    row = Sentence(
        issue=issue, key=finding.key, chapter=finding.chapter, position=position,
        style=finding.style, tone=finding.tone, weight=finding.weight,
        zh=finding.words.zh, en=finding.words.en, evidence=finding.evidence,
        rule=finding.rule, claim=finding.claim,
    )  # fmt: skip
    if former is not None:
        kept: tuple[str, ...] = ("assignee", "due", "accepted_when", "task")
        kept += ("zh", "en", "claim", "edited_by", "edited") if former.edited else ()
        for name in kept:
            setattr(row, name, getattr(former, name))
    return row
